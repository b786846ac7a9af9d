import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/contract/**', 'test/hard/**', 'test/security/regex.test.ts'],
    globalSetup: './test/support/around-all.ts',
    setupFiles: './test/support/around-each.ts',
    // Nothing here changes what others see: no file replaces a module or the environment. So libraries are loaded, and schemas compiled, once per process.
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
