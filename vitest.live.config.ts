import { defineConfig } from 'vitest/config';

const { GITLAB_URL: url, GITLAB_TOKEN: token, GITLAB_PROJECT: project } = process.env;

/** What we believe of GitLab, asked of a real one that the environment names (CONTRIBUTING.md). */
export default defineConfig({
  test: {
    include: ['test/live/*.test.ts'],
    setupFiles: './test/support/around-each.ts',
    reporters: ['verbose'],
    testTimeout: 60_000,
    fileParallelism: false,
    provide: {
      target: { live: url && token && project ? { url: url.replace(/\/+$/, ''), token, project } : undefined },
    },
  },
});
