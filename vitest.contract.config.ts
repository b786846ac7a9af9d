import { defineConfig } from 'vitest/config';

/** Checks that need more than Node: GitLab's own data beside the project, the pipeline runner, git, rsync. */
export default defineConfig({
  test: {
    include: ['test/contract/*.test.ts'],
    globalSetup: './test/support/around-all.ts',
    setupFiles: './test/support/around-each.ts',
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
