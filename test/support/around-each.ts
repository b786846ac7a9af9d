import { afterAll, afterEach } from 'vitest';
import { endFile, endTest, promiseEndings } from './endings.ts';

/** Runs before every file, also where files share a process, in which all other support is loaded once. */
promiseEndings();
afterEach(endTest);
afterAll(endFile);
