import { SetupError } from '../ci/errors.ts';
import type { Job } from '../ci/job.ts';
import { VERSION } from '../ci/program.ts';
import { diagnose } from '../decide/doctor.ts';
import type { Finding } from '../decide/findings.ts';
import { planSetup } from '../decide/setup.ts';
import type { Step } from '../decide/setup-deeds.ts';
import { SETUP_BRANCH } from '../decide/setup-home.ts';
import { createInstaller } from '../gitlab/installation.ts';
import type { FileText, Installer } from '../gitlab/installation-port.ts';
import type { CallCount } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { readInstallation } from '../read/installation.ts';
import { sinceOf, withSince } from '../read/since.ts';
import type { Standing } from '../read/standing.ts';
import {
  CI_FILE,
  digestOf,
  HOME_FILES,
  isOurCiFile,
  packageVersion,
  renderHomeFiles,
  renderTemplateFiles,
  type Program,
} from '../render/home-files.ts';

/** An installation as it stands, what setup would do to it, and what is wrong with it. */
export type Inspected = {
  standing: Standing;
  steps: Step[];
  findings: Finding[];
  /** The findings that no step mends. */
  others: Finding[];
  program: Uint8Array | undefined;
  asOwn: Installer;
  asBot: Installer;
  secrets: ReadonlyMap<string, string>;
  count: CallCount;
};

/** What setup is run with: its job, the configuration with its text, the files that it names, and the program that jobs are to run. */
export type Setup = {
  job: Job;
  config: Installation;
  configText: string;
  /** The schemas and templates that the configuration names, by their paths beside it. */
  named: readonly FileText[];
  /** The program as one file, where it was built. */
  program: Uint8Array | undefined;
};

/** GitLab as the bot, and as whoever sets up, with a count of all their calls. */
export type Installers = { asBot: Installer; asOwn: Installer; count: CallCount };

/** Opens GitLab as both. */
export function openInstallers(job: Job): Installers {
  const count: CallCount = { reads: 0, writes: 0 };
  const connect = (token: string): Installer => createInstaller({ ...job, token, count });
  return { asBot: connect(job.token), asOwn: connect(job.setupToken ?? job.token), count };
}

/** Looks at an installation, plans what it lacks, and says what is wrong with it. Changes nothing. */
export async function inspectInstallation(
  { job, config, configText, named, program }: Setup,
  { asBot, asOwn, count }: Installers,
): Promise<Inspected> {
  const home = config.installation.project ?? job.ownProjectId;
  if (home === undefined)
    throw new SetupError(
      'It is not known where Watchkeeper is to run: set installation.project in the configuration to the project of its pipelines.',
    );
  const templates = renderTemplateFiles(config);
  const configPath = pathThere(job.configPath);
  const paths = [configPath, ...named.map(({ path }) => path), ...HOME_FILES];
  const standing = await readInstallation({
    ...{ address: job.address, asBot, asOwn, config, home, homeFiles: paths, branch: SETUP_BRANCH },
    templates: templates.map(({ path }) => path),
  });
  const ours = filesOfOurs(standing, configPath, config, program);
  const secrets = secretsOf(job);
  const since = sinceOf(standing.home.files.get(configPath) ?? '') ?? job.now.toISOString();
  const dated = withSince(configText, since);
  const steps = planSetup(standing, {
    ...(ours.version === undefined ? {} : { program: ours.version }),
    ...{ config, templates, secrets: [...secrets].map(([key, value]) => ({ key, value })) },
    homeFiles: filesThere(standing, { configPath, dated, since, named, ours: ours.files }),
    ...(dated === configText ? {} : { here: { path: job.configPath, text: dated } }),
  });
  const configFiles = [{ path: configPath, text: configText }, ...named];
  const findings = diagnose(standing, {
    config,
    now: job.now,
    steps,
    configFiles,
    templates,
    secrets: [...secrets.keys()],
  });
  const others = findings.filter(({ code }) => !code.startsWith('DRIFT_'));
  return { standing, steps, findings, others, program, asOwn, asBot, secrets, count };
}

/** A path within this folder is the same there; of others the name is. */
function pathThere(path: string): string {
  const plain = path.replace(/^\.\//, '');
  return plain.startsWith('/') || plain.startsWith('..') ? (plain.split('/').at(-1) ?? plain) : plain;
}

/** What jobs are given as variables, as far as it is set here. */
function secretsOf({ token, pagerduty, slackUrl }: Job): Map<string, string> {
  const named = {
    ...{ WATCHKEEPER_TOKEN: token, PAGERDUTY_TOKEN: pagerduty.token, PAGERDUTY_ROUTING_KEY: pagerduty.routingKey },
    SLACK_WEBHOOK_URL: slackUrl,
  };
  return new Map(Object.entries(named).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}

/** What setup writes there, unless people wrote a CI file of their own; and the version of the program that it brings along. */
function filesOfOurs(
  { home }: Standing,
  configPath: string,
  config: Installation,
  bytes: Uint8Array | undefined,
): { files: FileText[]; version?: string } {
  const ciFile = home.files.get(CI_FILE);
  if (ciFile !== undefined && !isOurCiFile(ciFile)) return { files: [] };
  const isFetched = config.installation.bundle_url !== undefined;
  if (!bytes && !isFetched)
    throw new SetupError(
      'There is no watchkeeper.cjs to bring along: run npm run bundle first, or name installation.bundle_url and bundle_sha256 in the configuration.',
    );
  const known: Program = { version: VERSION, sha256: bytes ? digestOf(bytes) : '' };
  return {
    files: renderHomeFiles(config, known, { homeId: home.project.id, configPath }),
    ...(isFetched ? {} : { version: packageVersion(known) }),
  };
}

type Files = {
  configPath: string;
  dated: string;
  since: string;
  named: readonly FileText[];
  ours: readonly FileText[];
};

/**
 * The files of the project that are to be written: what people keep is brought where it is not there, and gets `gate.since`
 * where it has none; what setup wrote is kept as it is to be.
 */
function filesThere({ home }: Standing, { configPath, dated, since, named, ours }: Files): FileText[] {
  const committed = home.files.get(configPath);
  const config = { path: configPath, text: committed === undefined ? dated : withSince(committed, since) };
  return [...ours, config, ...named.filter(({ path }) => home.files.get(path) === undefined)];
}
