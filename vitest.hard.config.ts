import { defineConfig } from 'vitest/config';
import type {} from './test/support/provided.ts';

/** What takes minutes: runs that are killed at every call, thousands of interleavings and faults, thousands of hostile inputs. */
export default defineConfig({
  test: {
    include: [
      'test/hard/*.test.ts',
      'test/apply/{meanwhile,races,order,faults}.test.ts',
      'test/security/fuzz.test.ts',
      'test/security/regex.test.ts',
    ],
    globalSetup: './test/support/around-all.ts',
    setupFiles: './test/support/around-each.ts',
    // Nothing here changes what others see: no file replaces a module or the environment. So libraries are loaded, and schemas compiled, once per process.
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 600_000,
    hookTimeout: 60_000,
    provide: { inputs: 5_000 },
  },
});
