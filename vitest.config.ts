import { defineConfig } from 'vitest/config';

const OTHERS = ['test/contract/**', 'test/hard/**', 'test/security/regex.test.ts'];
/** Counts the steps of what is loaded after it, so that it needs a process of its own. */
const ALONE = ['test/security/growth.test.ts'];
const common = { setupFiles: './test/support/around-each.ts', testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    globalSetup: './test/support/around-all.ts',
    maxWorkers: '100%',
    projects: [
      // No file here replaces a module or the environment. So libraries are loaded, and schemas compiled, once per process.
      {
        test: {
          ...common,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...OTHERS, ...ALONE],
          isolate: false,
        },
      },
      { test: { ...common, name: 'alone', include: ALONE } },
    ],
  },
});
