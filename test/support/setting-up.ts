import { applySetup } from '../../scripts/apply/setup.ts';
import { inspectInstallation, openInstallers, type Inspected, type Installers } from '../../scripts/apply/installation.ts';
import type { Job } from '../../scripts/ci/job.ts';
import { checkConfig } from '../../scripts/read/config.ts';
import { DUTY, type EmptySite } from './site.ts';

/** What setup is run with at a site, in this process: the configuration is a text that it may write again. */
export type Setting = EmptySite & { text: string };

function jobAt({ gitlab, bot, lea, clock, bounds }: EmptySite): Job {
  return {
    ...{ address: gitlab.address, token: bot.token, setupToken: lea.token, configPath: 'oncall.yml', payload: undefined, outFolder: '.' },
    ...{ shard: { index: 1, total: 1 }, dryRun: false, rehearsal: undefined, commit: undefined, jobEndsMs: Infinity, pagerduty: {} },
    ...{ door: 'setup', flags: new Set<string>(), given: new Map<string, string>(), now: clock.now, bounds, log: () => undefined },
  };
}

/** Sets up at a site from the start, or from a configuration. */
export function setting(site: EmptySite, text = DUTY): Setting {
  return { ...site, text };
}

/** The installation of a site, looked at by these connections or by new ones. */
async function inspect(at: Setting, by: (installers: Installers) => Installers = (same) => same, more: Partial<Job> = {}): Promise<Inspected> {
  const job = { ...jobAt(at), ...more };
  const checked = await checkConfig('oncall.yml', at.text);
  if (!checked.ok) throw new Error(checked.mistakes.map(({ message }) => message).join('; '));
  const program = new TextEncoder().encode('// the program');
  return inspectInstallation({ job, config: checked.installation, configText: at.text, named: [], program }, by(openInstallers(job)));
}

/** Sets up; gives what could not be done. */
export async function apply(at: Setting, by?: (installers: Installers) => Installers): Promise<string[]> {
  const found = await inspect(at, by);
  const writeHere = (_path: string, text: string): Promise<void> => {
    at.text = text;
    return Promise.resolve();
  };
  const undone = await applySetup(found, { writeHere, log: () => undefined });
  return undone.map(({ what }) => what);
}

/** The codes of what a check finds, each with what it speaks of. */
export async function findings(at: Setting, more: Partial<Job> = {}): Promise<string[]> {
  const found = await inspect(at, undefined, more);
  return found.findings.map(({ code, where, about }) => [code, where, ...Object.values(about)].join(' | '));
}
