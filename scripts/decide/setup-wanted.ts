import type { WantedHook, WantedSchedule } from '../gitlab/installation-port.ts';
import type { Config } from '../schema/types.gen.ts';
import { hasRoster } from './roster.ts';

/** What of an installation bears our name, and is ours to change and to remove. */
export const OUR_NAME = 'Watchkeeper';

/** Ids and nothing else go into a job. Source: docs/install-by-hand.md, "The webhook"; GitLab docs, user/project/integrations/webhooks, custom webhook template. */
const HOOK_TEMPLATE = JSON.stringify({
  ...{ object_kind: '{{object_kind}}', action: '{{object_attributes.action}}', type: '{{object_attributes.type}}' },
  ...{ project_id: '{{project.id}}', iid: '{{object_attributes.iid}}', issue_iid: '{{issue.iid}}' },
  ...{ note_id: '{{object_attributes.id}}', user_id: '{{user.id}}' },
});

/** Confidential issues and internal comments have classes of their own, and so has the end of a token. Source: platform sheet, section 1.6. */
const HOOK_EVENTS = [
  ...['issues', 'confidential_issues', 'merge_requests', 'note', 'confidential_note', 'emoji'],
  'resource_access_token',
];

/** The webhook of a project or group, which starts a pipeline on a branch of the project that Watchkeeper runs in. */
export function wantedHook(address: string, homeId: number, ref: string): WantedHook {
  const trigger = `/api/v4/projects/${homeId}/ref/${encodeURIComponent(ref)}/trigger/pipeline?token={trigger_token}`;
  return { name: OUR_NAME, url: address + trigger, events: HOOK_EVENTS, template: HOOK_TEMPLATE };
}

/** Whether an address starts pipelines of a project, by its id or its path, written plainly or encoded. */
export function isToHome(
  url: string,
  { address, home }: { address: string; home: { id: number; path: string } },
): boolean {
  return refIn(url, address, home) !== undefined;
}

/** The same, of one branch; an address without one says it in its query. */
export function isToBranch(
  url: string,
  { address, home, ref }: { address: string; home: { id: number; path: string }; ref: string },
): boolean {
  return refIn(url, address, home) === ref;
}

function refIn(url: string, address: string, { id, path }: { id: number; path: string }): string | undefined {
  const [place = '', query = ''] = url.split('?', 2);
  for (const name of [String(id), path, encodeURIComponent(path)]) {
    const base = `${address}/api/v4/projects/${name}/`;
    if (!place.startsWith(base) || !place.endsWith('/trigger/pipeline')) continue;
    const [kind, ref = ''] = place.slice(base.length).split('/');
    return kind === 'ref' ? decodeURIComponent(ref) : (new URLSearchParams(query).get('ref') ?? '');
  }
  return undefined;
}

/**
 * The schedules of an installation, as few as it takes: minutes are spread, so that not all fall on the full hour, when
 * everybody's do. GitLab.com runs a schedule every five minutes at most, on Free 24 times a day. Source: GitLab docs,
 * user/gitlab_com, CI/CD settings; platform sheet, section 5, schedules.
 */
export function wantedSchedules(config: Config, ref: string): WantedSchedule[] {
  const named = (what: string, cron: string, inputs: Record<string, string>): WantedSchedule => ({
    ...{ description: `${OUR_NAME}: ${what}`, ref, cron, inputs },
  });
  return [
    named('sweep', cronEvery(config.sweep.interval_minutes, 17), {}),
    named('daily sweep', '37 3 * * *', { sweep_flags: '--deep' }),
    ...(hasRoster(config) ? [named('shift', '4 * * * *', { task: 'shift' })] : []),
    ...(isReporting(config) ? [named('report', '52 4 * * *', { task: 'report' })] : []),
  ];
}

/** Every so many minutes, from a minute of the hour on: what divides neither hour nor day is rounded down to what does. */
function cronEvery(minutes: number, from: number): string {
  const within = (whole: number, most: number): number =>
    Array.from({ length: whole }, (_, index) => whole - index).find((each) => whole % each === 0 && each <= most) ?? 1;
  if (minutes >= 24 * 60) return `${from} 3 * * *`;
  if (minutes >= 120) return `${from} */${within(24, Math.floor(minutes / 60))} * * *`;
  if (minutes >= 60) return `${from} * * * *`;
  const every = within(60, Math.max(5, minutes));
  return `${from % every}-59/${every} * * * *`;
}

function isReporting({ follow_ups, rca, weekly_review }: Config): boolean {
  return [follow_ups.mode, rca.mode, weekly_review.mode].some((mode) => mode !== 'off');
}
