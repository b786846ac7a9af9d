import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readProgram } from '../ci/program.ts';
import type { FileText } from '../gitlab/installation-port.ts';
import { readConfig, type Installation } from './config.ts';

/** What setup goes by: the configuration and its text, the files that it names, and the program as one file. */
export type SetupFiles = {
  config: Installation;
  configText: string;
  named: FileText[];
  program: Uint8Array | undefined;
};

/** Reads what setup goes by. Throws a SetupError where the configuration is wrong. */
export async function readSetup({ configPath }: { configPath: string }): Promise<SetupFiles> {
  const config = await readConfig(configPath);
  const names = [...Object.values(config.schemas), config.major.template].filter((name) => name !== undefined);
  const named = await Promise.all(
    names.map(async (name) => ({
      path: path.posix.join(path.posix.dirname(configPath.replace(/^(?:\/|\.\.).*$/, '')), name),
      text: await readFile(path.join(path.dirname(configPath), name), 'utf8'),
    })),
  );
  return { config, configText: await readFile(configPath, 'utf8'), named, program: await readProgram() };
}
