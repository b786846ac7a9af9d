import { expect, it } from 'vitest';
import { runDoor } from '../../scripts/ci/door.ts';

it('release-notes ends with 1 where the tag is not the version of this commit, and prints no notes', async () => {
  const { exitCode, output } = await runDoor('release-notes', {}, ['999.0.0', 'sirt/watchkeeper', '7']);
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^watchkeeper release-notes: nothing is released: package\.json has the version [\d.]+, and the tag 999\.0\.0\. CHANGELOG\.md has no section ## 999\.0\.0\.\n$/);
});
