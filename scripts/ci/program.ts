import { readFile } from 'node:fs/promises';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

/** The program as one file: that which runs, or the one that was built beside the sources; none where there is none. */
export async function readProgram(): Promise<Uint8Array | undefined> {
  const [, running = ''] = process.argv;
  const file = path.basename(running) === 'watchkeeper.cjs' ? running : 'dist/watchkeeper.cjs';
  try {
    return await readFile(file);
  } catch {
    return undefined;
  }
}

/** The version of the program. */
export const VERSION: string = manifest.version;
