import { defineConfig } from 'vitest/config';
import type {} from './test/support/provided.ts';

/** What takes a quarter of an hour and more: a whole week on duty, days of alerts, interruptions at every call, races in every order. */
export default defineConfig({
  test: {
    include: [
      'test/duty/{week,fortnight,notifications}.test.ts',
      'test/doors/shards.test.ts',
      'test/apply/{duty-interrupted,shift-interrupted,follow-ups-interrupted,analyses-interrupted,setup-interrupted,weekly-review,telling,races}.test.ts',
    ],
    globalSetup: './test/support/around-all.ts',
    setupFiles: './test/support/around-each.ts',
    // Nothing here changes what others see: no file replaces a module or the environment. So libraries are loaded, and schemas compiled, once per process.
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 900_000,
    hookTimeout: 60_000,
    provide: { inputs: 10_000 },
  },
});
