import path from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError } from './errors.ts';

/** What a person gave on the command line: options by name, and the words that are none. */
export type Given = { values: Record<string, unknown>; words: string[] };

/** Which options there are: with a value or without; and whether other words may stand beside them. */
type Known = { options: Record<string, { type: 'string' | 'boolean' }>; allowPositionals: boolean };

/** Reads the words of a command line. Throws a SetupError that names the word that is wrong. */
export function parseFlags(who: string, args: string[], known: Known): Given {
  try {
    const { values, positionals } = parseArgs({ args, ...known });
    return { values, words: positionals };
  } catch (cause) {
    const [reason = ''] = cause instanceof TypeError ? cause.message.split(/\.?\s*(?:\n|\. )/) : [];
    if (reason === '') throw cause;
    throw new SetupError(`${reason}; --help shows what ${who} knows.`, { cause });
  }
}

/** How a door is started: by its name where it is in the bundle, else as the source of `usual`. */
export function startOf(name: string, usual: string): string {
  const file = path.basename(process.argv[1] ?? '');
  return file.endsWith('.cjs') ? `node ${file} ${name}` : usual;
}
