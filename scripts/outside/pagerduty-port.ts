/** Somebody in PagerDuty; the address is there where PagerDuty tells it. */
export type PagerDutyUser = { id: string; email?: string };

/**
 * A PagerDuty incident as it stands. `priority` is the name that the account gave it, such as `P1`; `key` that of the alert
 * that raised it. Acknowledgements are those of people that are in force: PagerDuty drops them when the incident is resolved
 * or no longer acknowledged. Times are ISO UTC; `title`, `key` and the names are people's text.
 */
export type PagerDutyIncident = {
  id: string;
  number?: number;
  key?: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  title: string;
  urgency: 'high' | 'low';
  priority?: string;
  service: { id: string; name: string };
  htmlUrl: string;
  createdAt: string;
  acknowledgements: { at: string; by: PagerDutyUser }[];
  assignees: PagerDutyUser[];
};

/** A note that somebody wrote on an incident; `by` is absent where PagerDuty does not say who. `text` is people's text. */
export type PagerDutyNote = { id: string; at: string; by?: PagerDutyUser; text: string };

/** Who is on call from `start` to `end` (ISO UTC; absent: always), on which level of an escalation policy (from 1), by which schedule. */
export type OnCall = {
  user: PagerDutyUser;
  level: number;
  escalationPolicy: string;
  schedule?: string;
  start?: string;
  end?: string;
};

/** An alert to raise. The same `dedupKey` (at most 255 characters) raises no second one while the first is open. */
export type PagerDutyAlert = {
  dedupKey: string;
  summary: string;
  source: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  link?: string;
};

/**
 * All that Watchkeeper asks of PagerDuty. `trigger` and `end` need the routing key, all else the token: without it a call is a
 * `SetupError`, so ask whether it is set first. Else calls throw `Unreached` or `Declined`, both left over, or a `SetupError`
 * where the token or the key is not taken.
 */
export type PagerDuty = {
  /** Undefined where there is none of that id, or the token may not see it. */
  incident(id: string): Promise<PagerDutyIncident | undefined>;
  /** Acknowledges as the person with that address; nothing changes where it is acknowledged or resolved already. */
  acknowledge(id: string, asEmail: string): Promise<void>;
  /** Resolves as the person with that address; nothing changes where it is resolved already. */
  resolve(id: string, asEmail: string): Promise<void>;
  /** The notes of an incident; none where there is no such incident. */
  notes(id: string): Promise<PagerDutyNote[]>;
  user(id: string): Promise<PagerDutyUser | undefined>;
  /** Who is on call between two ISO times, of one policy or schedule, by their ids. */
  onCalls(of: { escalationPolicy?: string; schedule?: string }, since: string, until: string): Promise<OnCall[]>;
  trigger(alert: PagerDutyAlert): Promise<void>;
  /** Resolves the alert of a key that `trigger` was given; nothing changes where none is open. */
  end(dedupKey: string): Promise<void>;
};
