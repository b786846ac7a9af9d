import { SetupError } from './errors.ts';
import { parseFlags } from './flags.ts';

/** How the demo is to run: on which port (0 is a free one), and what to do when its story is told. */
export type DemoJob = {
  port: number;
  /** Resolves at once, or under `--serve` when somebody ends the demo by Ctrl-C or SIGTERM; shows `lines` until then. */
  linger: (lines: string[]) => Promise<void>;
};

const HELP = `npm run demo -- [flags]

Tells the whole story of Watchkeeper on an embedded GitLab; nothing leaves this machine.

  --serve     then keep the embedded GitLab up, with pages to look at, until Ctrl-C
  --port N    its port on 127.0.0.1; a free one by default
  --help      show this

Exit codes: 0 done, 2 setup error.`;

/** Runs the demo. The operator's mistakes end it with exit 2 and one line that names the cure; our own crash with a stack. */
export async function runDemo(main: (job: DemoJob) => Promise<void>): Promise<void> {
  try {
    const flags = readDemoFlags(process.argv.slice(2));
    if (flags.help) console.log(HELP);
    else await main({ port: flags.port, linger: flags.serve ? lingerUntilStopped : () => Promise.resolve() });
  } catch (error) {
    const mistake = error instanceof SetupError ? error.message : explainPort(error);
    if (mistake === undefined) throw error;
    console.log(`watchkeeper demo: setup error: ${mistake}`);
    process.exitCode = 2;
  }
}

/** Reads the demo's flags. Throws a SetupError that names the flag. */
export function readDemoFlags(words: string[]): { serve: boolean; help: boolean; port: number } {
  const options = { serve: { type: 'boolean' }, help: { type: 'boolean' }, port: { type: 'string' } } as const;
  const { values } = parseFlags('the demo', words, { options, allowPositionals: false });
  const { serve, help, port = '0' } = values as { serve?: boolean; help?: boolean; port?: string };
  if ('port' in values && (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535)) {
    throw new SetupError(`--port must be a number from 1 to 65535, and is ${JSON.stringify(port)}.`);
  }
  return { serve: serve === true, help: help === true, port: Number(port) };
}

/** What to do when the port cannot be had; nothing when the error is about something else. */
function explainPort(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const cure = 'choose another by --port, or leave it out for a free one.';
  // Some ports are other protocols' own, and neither fetch nor a browser speaks to them. Source: Fetch standard, port blocking.
  if (error.cause instanceof Error && error.cause.message === 'bad port') return `browsers refuse this port: ${cure}`;
  const { syscall, code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (syscall !== 'listen') return undefined;
  return `port ${String(port)} ${code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${String(code)})`}: ${cure}`;
}

function lingerUntilStopped(lines: string[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
    for (const line of lines) console.log(line);
  });
}
