/** What may be done within a minute; `undefined` is without a limit. */
export type LimitsPerMinute = {
  /** Calls of the API per user. They alone show in headers. */
  calls: number | undefined;
  notes: number | undefined;
  issues: number | undefined;
  /** Webhook deliveries per top-level group; what is more is dropped. */
  deliveries: number | undefined;
  /** Pipelines per project, user and commit. */
  pipelines: number | undefined;
};

/** Source: GitLab docs, administration/settings/rate_limit_on_notes_creation and its siblings; calls are not limited by default. */
export const SELF_MANAGED: LimitsPerMinute = {
  ...{ calls: undefined, notes: 300, issues: 300, deliveries: undefined, pipelines: undefined },
};

/** Source: GitLab docs, user/gitlab_com, rate limits; deliveries as on the Free tier. */
export const GITLAB_COM: LimitsPerMinute = { calls: 2000, notes: 60, issues: 200, deliveries: 500, pipelines: 25 };

/** How a limit stands; times in seconds since 1970. */
export type Standing = { limit: number; observed: number; resetAt: number; isOver: boolean };

const MINUTE_MS = 60_000;

/** Counts what is done in each minute of the clock. */
export class Limits {
  perMinute: LimitsPerMinute;
  private readonly clock: () => Date;
  private readonly counts = new Map<string, { minute: number; count: number }>();

  constructor(clock: () => Date, perMinute: LimitsPerMinute) {
    this.clock = clock;
    this.perMinute = perMinute;
  }

  /** Counts one more for `who`, and says how the limit stands then; nothing where there is no limit. */
  count(kind: keyof LimitsPerMinute, who: number | string): Standing | undefined {
    const limit = this.perMinute[kind];
    if (limit === undefined) return undefined;
    const minute = Math.floor(this.clock().getTime() / MINUTE_MS);
    const key = `${kind} ${who}`;
    const before = this.counts.get(key);
    const observed = (before?.minute === minute ? before.count : 0) + 1;
    this.counts.set(key, { minute, count: observed });
    return { limit, observed, resetAt: (minute + 1) * 60, isOver: observed > limit };
  }
}
