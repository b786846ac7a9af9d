import path from 'node:path';
import { makeRelease } from './build/bundle.ts';
import { describeSize } from './build/size.ts';
import { SetupError } from './ci/errors.ts';
import { runTool, writeInto } from './ci/tool.ts';

const help = `Writes the one file in which all doors are, its digest and what it is made of into FOLDER, else into dist.
The same commit gives the same bytes.`;

runTool(
  { name: 'bundle', usage: '[FOLDER]', help, options: {} },
  async ({ files: [folder = 'dist', ...more], print }) => {
    if (more.length > 0) throw new SetupError('bundle writes into one FOLDER.');
    const { bundle, files } = await makeRelease();
    for (const [name, text] of Object.entries(files)) {
      await writeInto(path.join(folder, name), text);
      print(`wrote ${path.join(folder, name)}`);
    }
    print(describeSize(bundle));
    return { summary: `watchkeeper bundle: ${bundle.version} written`, exitCode: 0, artifacts: {} };
  },
);
