import { killEverywhere } from '../support/crash.ts';

killEverywhere('on-event');
