import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupError } from '../ci/errors.ts';
import { withHashes } from '../decide/kept-hashes.ts';
import type { GitLab } from '../gitlab/port.ts';
import { checkConfig, readConfig, type Installation } from '../read/config.ts';
import { recordLive } from '../read/live-recording.ts';
import { readRecorded } from '../read/recorded-files.ts';
import type { Recording } from '../read/recording.ts';
import type { RecordingQuestion } from '../read/rehearsal-question.ts';
import { redactConfig } from '../read/redact-config.ts';
import { redactText } from '../read/redact-text.ts';
import { redact } from '../read/redaction.ts';
import { renderRecording } from '../render/recording.ts';
import { rehearse, type Rehearsed } from './rehearse.ts';

/** The files of a redacted recording, and what the original came to. */
export type Redacted = { files: Record<string, string>; original: Rehearsed };

/** What came of a recording: what it is judged as, and what the record gives otherwise than the original, line by line. */
export type Recorded = { original: Rehearsed; folder: string; differences: string[] };

/**
 * Records an incident, redacted, into a new folder, and puts the record before the rules, as it was written, to see whether
 * it gives the same. Where it does not, the folder is taken away again, unless it is to be kept.
 */
export async function recordIncident(
  gitlab: GitLab,
  { reference, config, now, folder, keep }: RecordingQuestion,
): Promise<Recorded> {
  if (await stat(folder).catch(() => undefined))
    throw new SetupError(`${folder} is there already. Name a new folder with --into.`);
  const recording = await recordLive(reference, gitlab, now, (bare, questions) =>
    rehearse(bare, config, now, questions),
  );
  const { files, original } = await redactRecording(recording, config, now);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const again = await readRecorded(folder);
  const own = again.configPath === undefined ? config : await readConfig(again.configPath);
  const differences = differencesOf(original, await rehearse(again.recording, own, now));
  if (differences.length > 0 && !keep) await rm(folder, { recursive: true });
  return { original, folder, differences };
}

/** The files of a recording with nothing of anybody's in them. */
export async function redactRecording(recording: Recording, config: Installation, now: Date): Promise<Redacted> {
  const original = await rehearse(recording, config, now);
  const { recording: redacted, names } = redact(recording, config);
  const words = (text: string): string => redactText(text, names, config.form);
  const ownConfig = redactConfig(config, recording.issue.projectId, names, words);
  const checked = await checkConfig('oncall.yml', JSON.stringify(ownConfig));
  if (!checked.ok) throw new Error(`the redacted configuration is none: ${JSON.stringify(checked.mistakes)}`);
  const judged = await rehearse(redacted, { ...checked.installation, form: config.form }, now);
  const files = renderRecording(withHashes(redacted, [original, judged], now), ownConfig);
  return { files, original };
}

/** What two rehearsals give otherwise, but for names and numbers, which a redaction changes. */
export function differencesOf(original: Rehearsed, redacted: Rehearsed): string[] {
  const [before, after] = [linesOf(original), linesOf(redacted)];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `original: ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `record: ${line}`),
  ];
}

function linesOf({ finding, steps }: Rehearsed): string[] {
  return [
    [finding.state, ...finding.codes].join(' '),
    ...steps.map(({ does, why }) => unnamed(`${does.join(', ')}: ${why}`)),
  ];
}

function unnamed(text: string): string {
  return text
    .split(' ')
    .map((word) => (word.includes('#') ? '#' : word.startsWith('@') ? '@' : word.replace(/\d+/g, '0')))
    .join(' ');
}
