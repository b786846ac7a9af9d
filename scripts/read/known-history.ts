import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { History } from '../schema/types.gen.ts';
import { validate } from '../schema/validate.ts';

/** The file in which a history is kept between runs. */
export const HISTORY_FILE = 'history.json';

/** The history that an earlier run has left in a folder, if it has. What is none, as of another version, counts for nothing. */
export async function readKnownHistory(folder: string): Promise<{ known?: History; warning?: string }> {
  const text = await readFile(path.join(folder, HISTORY_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return {};
  const checked = validate('history', parse(text));
  if (checked.ok) return { known: checked.value };
  return { warning: 'history.json is no history that this version reads: it is ignored, and all is read anew' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
