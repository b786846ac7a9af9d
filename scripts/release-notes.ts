import { readFile } from 'node:fs/promises';
import { runTool } from './ci/tool.ts';
import { SetupError } from './ci/errors.ts';
import { readRelease } from './read/release.ts';
import { renderReleaseNotes } from './render/release.ts';

const help = `Prints the notes of the release that a TAG makes, for the package of the project with this path and id: its section of
CHANGELOG.md, and what to write to include it. Ends with 1 where the tag, package.json and CHANGELOG.md do not agree.`;

runTool(
  { name: 'release-notes', usage: 'TAG PROJECT-PATH PROJECT-ID', help, options: {} },
  async ({ files: [tag = '', project, projectId], print }) => {
    if (project === undefined || projectId === undefined)
      throw new SetupError('release-notes wants a TAG, PROJECT-PATH and PROJECT-ID.');
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    const read = readRelease(tag, version, await readFile('CHANGELOG.md', 'utf8'));
    if (!read.ok) {
      const summary = `watchkeeper release-notes: nothing is released: ${read.problems.join(' ')}`;
      return { summary, exitCode: 1, artifacts: {} };
    }
    const sums = await readFile('dist/watchkeeper.cjs.sha256', 'utf8').catch((cause: unknown) => {
      throw new SetupError('dist/watchkeeper.cjs.sha256 is not there: build the bundle first.', { cause });
    });
    const [sha256 = ''] = sums.split(' ');
    print(renderReleaseNotes({ changes: read.release.changes, tag, project, projectId, sha256 }).trimEnd());
    return { summary: `watchkeeper release-notes: ${read.release.version}`, exitCode: 0, artifacts: {} };
  },
);
