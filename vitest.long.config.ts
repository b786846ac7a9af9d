import { defineConfig } from 'vitest/config';
import type {} from './test/support/provided.ts';

/** What takes a quarter of an hour: a whole week on duty, days of alerts, the duty interrupted at every call. */
export default defineConfig({
  test: {
    include: ['test/duty/{week,notifications}.test.ts', 'test/apply/duty-interrupted.test.ts'],
    globalSetup: './test/support/around-all.ts',
    maxWorkers: '100%',
    testTimeout: 900_000,
    hookTimeout: 60_000,
    provide: { inputs: 10_000 },
  },
});
