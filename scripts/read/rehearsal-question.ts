import { SetupError } from '../ci/errors.ts';
import { checkConfig, defaultInstallation, readConfig, type Installation } from './config.ts';
import type { Recorded } from './recorded-files.ts';
import { readMoment } from './time.ts';

/** The options of a rehearsal, and the configuration that the environment names. */
type Asked = { given: (option: string) => string | undefined; configPath: string | undefined };

/** What is to be recorded by which configuration, into which folder, and whether also where the record gives something else. */
export type RecordingQuestion = { reference: string; config: Installation; now: Date; folder: string; keep: boolean };

/** What is to be recorded; nothing where a recording is to be rehearsed. Throws a SetupError where it is neither, or both. */
export async function readRecordingQuestion(
  call: Asked & { has: (option: string) => boolean; now: Date },
): Promise<RecordingQuestion | undefined> {
  const [reference, from] = [call.given('record'), call.given('from')];
  if ((reference === undefined) === (from === undefined))
    throw new SetupError('rehearse wants --from FILE or --record REFERENCE, one of them. --help tells more.');
  if (reference === undefined) return undefined;
  const config = await readConfig(call.given('config') ?? call.configPath ?? 'oncall.yml');
  const folder = call.given('into') ?? 'recorded-incident';
  return { reference, config, now: call.now, folder, keep: call.has('keep') };
}

/**
 * By which configuration and at which moment a recorded incident is looked at: what was asked for, else what it brings along,
 * else the environment's configuration, or the defaults. Throws a SetupError for a configuration with mistakes or a moment
 * that is none.
 */
export async function readRehearsalQuestion(
  { given, configPath }: Asked,
  { recording, configPath: own, configPart }: Recorded,
): Promise<{ config: Installation; now: Date }> {
  const named = given('config') ?? own ?? (configPart ? undefined : configPath);
  const config = named === undefined ? await partly(configPart) : await readConfig(named);
  const at = given('at') ?? recording.at;
  const now = readMoment(at, config.time_zone);
  if (!now) throw new SetupError(`--at is no time such as 2026-11-20T10:00:00Z, and is ${JSON.stringify(at)}.`);
  return { config, now };
}

/** The smallest configuration, with what a case wants different. */
async function partly(part: object | undefined): Promise<Installation> {
  if (!part) return defaultInstallation();
  const checked = await checkConfig('issue.yml', JSON.stringify({ sources: [{ project: 42 }], ...part }));
  if (checked.ok) return checked.installation;
  const [mistake] = checked.mistakes;
  throw new SetupError(`The config of the case has a mistake: ${mistake?.message ?? ''}. See docs/configuration.md.`);
}
