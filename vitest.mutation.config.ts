import { defineConfig } from 'vitest/config';
import type { TestSequencer, TestSpecification } from 'vitest/node';

/** Quick tests first: they find most changes, and the first test that fails ends a run. */
const ORDER = ['/decide/', '/read/record', '/cases.test', '/read/', '/apply/'];
const rank = ({ moduleId }: TestSpecification): number => ORDER.findIndex((part) => moduleId.includes(part));

class QuickFirst implements TestSequencer {
  sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve([...files].sort((a, b) => rank(a) - rank(b)));
  }

  shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files);
  }
}

/** The tests that call what Stryker changes in their own process; doors are other processes, which no change reaches. */
export default defineConfig({
  test: {
    include: ['test/{apply,decide,read}/*.test.ts', 'test/cases.test.ts'],
    exclude: ['test/read/hostile.test.ts', 'test/apply/{duty-interrupted,faults,meanwhile,order,races}.test.ts'],
    setupFiles: './test/support/around-each.ts',
    isolate: false,
    sequence: { sequencer: QuickFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
