import type { FileText } from '../gitlab/installation-port.ts';
import type { Standing } from '../read/standing.ts';
import type { Installation } from '../read/config.ts';
import { accountFindings } from './doctor-accounts.ts';
import { hookFindings } from './doctor-hooks.ts';
import { homeFindings } from './doctor-home.ts';
import { peopleFindings } from './doctor-people.ts';
import type { Step } from './setup-deeds.ts';
import type { Finding } from './findings.ts';
import { isBefore, OLDEST_GITLAB } from './gitlab-versions.ts';
import { rosterFlaws } from './roster-flaws.ts';

/** What the comment tells of an installation: what is wrong with it, in words; nothing where all is in order again. */
export type DoctorView = {
  words: 'doctor';
  rows: { code: string; where: string; cause: string; cure: string }[];
};

/** What an installation is judged by, beside how it stands. */
export type Judged = {
  config: Installation;
  now: Date;
  /** What setup would do: each step is something that differs. */
  steps: readonly Step[];
  /** The configuration and what it names, by their paths in the project that Watchkeeper runs in, as they are here. */
  configFiles: readonly FileText[];
  templates: readonly FileText[];
  /** The names of the variables that whoever checks has set. */
  secrets: readonly string[];
};

/** All that is wrong with an installation, or may be before long; the worst first. */
export function diagnose(standing: Standing, judged: Judged): Finding[] {
  const { config, steps, now } = judged;
  const drift = steps.map(({ verb, what, where }): Finding => ({
    code: `DRIFT_${verb.toUpperCase()}` as Finding['code'],
    where,
    about: { what },
  }));
  const unseen = standing.unseen.map(({ what, where, why }): Finding => ({
    code: 'UNSEEN',
    where,
    about: { what, why },
  }));
  const gaps = rosterFlaws(config, now)
    .filter(({ level }) => level === 'error')
    .map(({ flaw }): Finding => ({
      code: 'ROSTER_FLAWED',
      where: flaw.duty,
      about: { kind: flaw.kind, from: flaw.from ?? 'always' },
    }));
  return [
    ...versionFindings(standing),
    ...accountFindings(standing, config, now),
    ...homeFindings(standing, judged),
    ...hookFindings(standing, now),
    ...drift,
    ...gaps,
    ...peopleFindings(standing, config),
    ...templateFindings(standing, judged),
    ...modeFindings(config),
    ...unseen,
  ];
}

function templateFindings({ places }: Standing, { templates: wanted }: Judged): Finding[] {
  return places.flatMap(({ place, templates, mergeRequest }): Finding[] => {
    const where = String(place.id);
    const changed = wanted.filter(({ path, text }) => ![undefined, text].includes(templates.get(path)));
    return [
      ...changed.map(({ path }): Finding => ({ code: 'TEMPLATE_DIFFERS', where, about: { path } })),
      ...(mergeRequest === undefined
        ? []
        : [{ code: 'WAITS_IN_MERGE_REQUEST' as const, where, about: { url: mergeRequest } }]),
    ];
  });
}

function versionFindings({ version, places }: Standing): Finding[] {
  const groups = places.filter(({ place, hooks, isSource }) => isSource && place.kind === 'group' && !hooks);
  return [
    ...(version && isBefore(version.version, OLDEST_GITLAB)
      ? [
          {
            code: 'GITLAB_TOO_OLD' as const,
            where: 'GitLab',
            about: { version: version.version, oldest: OLDEST_GITLAB },
          },
        ]
      : []),
    ...groups.map(({ place }): Finding => ({ code: 'GROUP_HOOKS_MISSING', where: String(place.id), about: {} })),
    ...(version?.isEnterprise === false ? [{ code: 'COMMUNITY_EDITION' as const, where: 'GitLab', about: {} }] : []),
  ];
}

/** Rules that only watch are told, so that nobody takes them for on. */
function modeFindings(config: Installation): Finding[] {
  const modes = Object.entries(config).flatMap(([name, options]) => {
    const { mode } = options as { mode?: unknown };
    return mode === 'observe' ? [name] : [];
  });
  return modes.map((rule): Finding => ({ code: 'RULE_OBSERVES', where: rule, about: { rule } }));
}
