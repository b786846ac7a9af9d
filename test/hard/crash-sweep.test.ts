import { killEverywhere } from '../support/crash.ts';

killEverywhere('sweep');
