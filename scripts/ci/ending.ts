import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { LeftOver, SetupError } from './errors.ts';

/** How a run ended: its summary line, its exit code, and the files it leaves, by name. */
export type Ending = { summary: string; exitCode: 0 | 1 | 2 | 3; artifacts: Record<string, string> };

const REPORT = 'watchkeeper-report.json';

/**
 * Runs what a door does and ends the process as the doors' contract says: the summary line, the artifacts in
 * WATCHKEEPER_OUT, the exit code. The operator's mistakes end with exit 2 and one line that names the cure, unreachable
 * GitLab with exit 3; our own mistakes crash with a stack. Nobody waits for it, and a run that never settles is no success.
 */
export function conclude(door: string, say: (line: string) => void, run: () => Promise<Ending>): void {
  process.exitCode = UNSETTLED;
  void end(door, say, run);
}

/** What a process ends with whose run never came to an end, as Node ends one whose module never does. */
const UNSETTLED = 13;

async function end(door: string, say: (line: string) => void, run: () => Promise<Ending>): Promise<void> {
  const outFolder = process.env['WATCHKEEPER_OUT'] || '.';
  try {
    const { summary, exitCode, artifacts } = await run();
    await leave(outFolder, artifacts, say);
    say(summary);
    process.exitCode = exitCode;
  } catch (error) {
    if (!(error instanceof SetupError) && !(error instanceof LeftOver)) {
      say(crashOf(error));
      process.exitCode = 1;
      return;
    }
    const exitCode = error instanceof SetupError ? 2 : 3;
    say(`watchkeeper ${door}: ${exitCode === 2 ? 'setup error' : 'left over'}: ${error.message}`);
    process.exitCode = exitCode;
    const report = JSON.stringify({ door, exit_code: exitCode, error: error.message }, null, 2);
    const suite = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="watchkeeper ${door}"/>\n`;
    await leave(outFolder, { [REPORT]: `${report}\n`, 'junit.xml': suite }, say);
  }
}

/** Our own mistake, with its stack and those of what caused it. */
function crashOf(error: unknown): string {
  return inspect(error, { depth: 4 });
}

const SECRETS = [
  ...['WATCHKEEPER_TOKEN', 'WATCHKEEPER_SETUP_TOKEN', 'CI_JOB_TOKEN'],
  ...['PAGERDUTY_TOKEN', 'PAGERDUTY_ROUTING_KEY', 'SLACK_WEBHOOK_URL'],
];

/** Takes the secrets of the environment out of a text, as they are set and as they are sent. */
export function mask(text: string): string {
  return SECRETS.flatMap((name) => formsOf(process.env[name] ?? '')).reduce(
    (masked, part) => masked.replaceAll(part, '[masked]'),
    text,
  );
}

/** A secret as it stands, its words, and of an address the path, which is what is secret in it. */
function formsOf(secret: string): string[] {
  const whole = secret.trim();
  const path = URL.canParse(whole) ? new URL(whole).pathname.replace(/\/+$/, '') : '';
  return [secret, whole, ...whole.split(/\s+/), path].filter((part) => part !== '');
}

async function leave(folder: string, artifacts: Record<string, string>, say: (line: string) => void): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(artifacts)) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, mask(text));
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    say(`warning: the report could not be written to WATCHKEEPER_OUT: ${reason}`);
  }
}
