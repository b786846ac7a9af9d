/* Generated from schemas/ by `npm run generate`. */

export type User = {
  id?: number | string;
} | null;
export type Project = {
  id: number | string;
} | null;
/**
 * @minItems 1
 */
export type ImprovementNotes = {
  kind?: 'process' | 'tooling' | 'knowledge base' | 'automation' | 'risk' | 'question';
  text: string;
  done?: boolean;
}[];

/**
 * Each schema by its name.
 */
export interface Shapes {
  closure: Closure;
  config: Config;
  'event-emoji': EmojiEvent;
  'event-ids': IdsEvent;
  'event-issue': IssueEvent;
  'event-merge-request': MergeRequestEvent;
  'event-note': NoteEvent;
  'event-pagerduty': PagerDutyEvent;
  'facts-ack': AckFacts;
  'facts-call': CallFacts;
  'facts-gate': GateFacts;
  'facts-handoff': HandoffFacts;
  'facts-log': LogFacts;
  handoff: HandOff;
  incident: Incident;
  'shift-log': ShiftLog;
}
/**
 * What closing an incident demands, by outcome and by severity. It is held against the record after the native fields and recorded facts have filled in what they can. `urn:watchkeeper:incident:in-force` is the incident schema of the project: ours, or its own.
 */
export interface Closure {
  outcome: Outcome;
}
export interface Outcome {
  kind: 'resolved' | 'false positive' | 'duplicate' | 'tracked in' | 'transferred';
  reason?: string;
  duplicate_of?: string;
  tracked_in?: string;
  transferred_to?: string;
}
/**
 * oncall.yml: what Watchkeeper watches and how strict it is.
 */
export interface Config {
  /**
   * The projects and groups whose incidents are watched.
   *
   * @minItems 1
   */
  sources: {
    /**
     * A project, by id or full path.
     */
    project?: number | string;
    /**
     * A group with its subgroups, by id or full path.
     */
    group?: number | string;
  }[];
  /**
   * The IANA zone in which times without a zone are read, and in which day and night are told apart.
   */
  time_zone: string;
  /**
   * The on-call managers: they are told of disputes and may override. When empty, nobody is mentioned.
   */
  managers: string[];
  /**
   * Who is who elsewhere: the PagerDuty and Slack accounts of people, and their time zones. The roster may name people who are not listed here.
   */
  people: {
    /**
     * The GitLab user name.
     */
    gitlab: string;
    /**
     * The e-mail address of the PagerDuty account.
     */
    pagerduty_email?: string;
    /**
     * The id of the PagerDuty account, which its address ends in.
     */
    pagerduty_id?: string;
    /**
     * The member id of the Slack account.
     */
    slack_id?: string;
    /**
     * Where the person lives.
     */
    time_zone?: string;
  }[];
  /**
   * Who is on call when. Without it nobody is known to be. docs/on-call.md tells how to write it.
   */
  roster?: {
    engineers?: Duty;
    managers?: Duty1;
    /**
     * In the place of engineers and managers: the roster is kept in PagerDuty, and read from there.
     */
    pagerduty?: {
      /**
       * An escalation policy by its id: its level 1 are the engineers, its level 2 the managers.
       */
      escalation_policy?: string;
      /**
       * A schedule by its id, in the place of an escalation policy.
       */
      schedule?: string;
      /**
       * Who stands in when PagerDuty names nobody, or several.
       */
      fallback?: string;
    };
  };
  /**
   * The hours in which a manager may be told of what can wait.
   */
  day: {
    /**
     * When the day begins, HH:MM in `time_zone`.
     */
    from: string;
    /**
     * When the day ends, HH:MM in `time_zone`.
     */
    to: string;
  };
  /**
   * What is an incident.
   */
  incident: {
    /**
     * Labels that make an issue an incident; GitLab's type incident always does.
     */
    labels: string[];
  };
  /**
   * The account that Watchkeeper writes as.
   */
  bot: {
    /**
     * User ids that the bot had before its token was recreated; their comments are read, never edited.
     */
    former_ids: number[];
  };
  /**
   * User names under which recovered alerts close incidents.
   */
  alert_bots: string[];
  /**
   * Pages that come from PagerDuty. docs/pagerduty.md tells how it is set up.
   */
  pagerduty: {
    /**
     * When the incident in PagerDuty is resolved: once somebody has acknowledged it, once the closed incident is verified, or never by us.
     */
    resolve: 'on_ack' | 'on_close' | 'never';
    /**
     * Whether what is acknowledged in GitLab is acknowledged in PagerDuty too, as the same person.
     */
    acknowledge: boolean;
    /**
     * The events that are believed without `PAGERDUTY_TOKEN`, when PagerDuty cannot be asked: by default those that can only call for more attention. One that is not named here is ignored then.
     */
    unverified: (
      | 'triggered'
      | 'acknowledged'
      | 'unacknowledged'
      | 'reassigned'
      | 'escalated'
      | 'delegated'
      | 'resolved'
      | 'reopened'
      | 'annotated'
      | 'priority_updated'
    )[];
    /**
     * Where a page becomes an incident, by id or full path; without it, the first project under `sources`.
     */
    project?: number | string;
    /**
     * The labels of an incident that a page made.
     */
    labels: string[];
    /**
     * The severity of a page, by the name of its priority, or else by its urgency, `high` or `low`. A table of your own takes the place of the whole default.
     */
    severity: {
      [k: string]: 1 | 2 | 3 | 4;
    };
  };
  /**
   * Messages to a Slack channel. docs/slack.md tells how it is set up.
   */
  slack: {
    /**
     * Whether titles and texts of confidential incidents may go to the channel; else only their reference, labels and codes do.
     */
    confidential: boolean;
  };
  /**
   * The closure gate.
   */
  gate: {
    /**
     * observe: label and comment, but leave the incident closed.
     */
    mode: 'enforce' | 'observe';
    /**
     * Incidents closed before this time are never touched; without it, those closed more than 7 days ago.
     */
    since?: string;
    /**
     * How long a closed incident may be incomplete before it is reopened (by the next sweep).
     */
    grace_minutes: number;
    /**
     * After so many reopens within 24 hours the incident is left closed and disputed.
     */
    max_reopens: number;
  };
  /**
   * The role that a command asks for; on-call managers may always.
   */
  commands: {
    /**
     * The role for `/override <reason>`.
     */
    override: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * Whether the incident's owner, or whoever closed it, may override.
     */
    override_own: boolean;
    /**
     * The role for `/severity-confirmed`.
     */
    severity_confirmed: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * The role for `/active`.
     */
    active: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * The role for `/ack`, by which somebody takes a page.
     */
    ack: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * The role for `/transfer @user`; the owner may always.
     */
    transfer: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * The role for `/reviewed`.
     */
    reviewed: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * The role for `/update <text>`.
     */
    update: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * The role for `/major`.
     */
    major: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * The role for `/resolved`, `/false-positive` and `/tracked-in`, which close for whoever gives them.
     */
    close: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * The role for `/handoff [@user]`, by which somebody else becomes responsible.
     */
    handoff: 'reporter' | 'developer' | 'maintainer' | 'owner';
  };
  /**
   * False positives that are known and being worked on: an incident with the label needs no outcome of its own.
   */
  known_noise: {
    label: string;
    reason: string;
    reference?: string;
    /**
     * The last day on which it counts.
     */
    until: string;
  }[];
  /**
   * Who is told when nobody acknowledges a page, and when. Without it and without a roster nothing escalates.
   */
  escalation?: {
    /**
     * observe: label and comment, but mention and alert nobody.
     */
    mode: 'enforce' | 'observe';
    /**
     * The ladder: each step once, counted from the page, until somebody acknowledges.
     *
     * @minItems 1
     */
    steps: Step[];
    /**
     * Other ladders, by severity.
     */
    by_severity: {
      /**
       * The ladder at severity 1.
       *
       * @minItems 1
       */
      '1'?: Step[];
      /**
       * The ladder at severity 2.
       *
       * @minItems 1
       */
      '2'?: Step[];
      /**
       * The ladder at severity 3.
       *
       * @minItems 1
       */
      '3'?: Step[];
      /**
       * The ladder at severity 4.
       *
       * @minItems 1
       */
      '4'?: Step[];
    };
  };
  /**
   * Stakeholder updates: how long an incident may go without `/update`.
   */
  updates: {
    /**
     * observe: label, but remind nobody.
     */
    mode: 'enforce' | 'observe';
    /**
     * Minutes between updates at severity 1; 0 asks for none.
     */
    severity_1: number;
    /**
     * Minutes between updates at severity 2; 0 asks for none.
     */
    severity_2: number;
    /**
     * Minutes between updates at severity 3; 0 asks for none.
     */
    severity_3: number;
    /**
     * Minutes between updates at severity 4; 0 asks for none.
     */
    severity_4: number;
  };
  /**
   * The review of issues on call, in each window of a shift.
   */
  review: {
    /**
     * observe: label, but list and call nobody.
     */
    mode: 'enforce' | 'observe' | 'off';
    /**
     * The label of issues that the engineer on call reviews.
     */
    label: string;
  };
  /**
   * Handing over at the change of shift, and by `/handoff`. docs/hand-off.md tells how it goes.
   */
  handoff: {
    /**
     * observe: label and record, but mention, assign and tell nobody.
     */
    mode: 'enforce' | 'observe' | 'off';
    /**
     * How many minutes before the end of a shift the hand-off fields are asked for; 0 asks for none.
     */
    before_minutes: number;
    /**
     * How many minutes a hand-off may stay without `/accept` before the on-call manager is told; 0 tells nobody.
     */
    accept_minutes: number;
    /**
     * Who is assigned after a hand-off: `add` puts the responsible engineer before the others (GitLab Free keeps one assignee alone), `replace` nobody else.
     */
    assign: 'add' | 'replace' | 'none';
  };
  /**
   * The log of each shift: an issue in which pages, reviews, the hand-off and what could be better are written down.
   */
  shift_log: {
    /**
     * observe: keep the logs, but let them be closed without improvement notes. off: keep none, and call nobody there.
     */
    mode: 'enforce' | 'observe' | 'off';
    /**
     * The project of the shift logs, by id or full path; by default the first of `sources`.
     */
    project?: number | string;
    /**
     * Their label.
     */
    label: string;
  };
  /**
   * Major incidents: severity 1, or `/major`.
   */
  major: {
    /**
     * observe: comment, but mention nobody.
     */
    mode: 'enforce' | 'observe';
    /**
     * A Handlebars template of your own for the comment, by its path from this file. docs/on-call.md tells what it is given.
     */
    template?: string;
    /**
     * When bridge and channel are asked for, if the description names none.
     */
    check_after_minutes: number;
  };
  /**
   * Schemas of your own in the place of ours: JSON or YAML files of this repository, by their path from this file. docs/own-schemas.md tells how.
   */
  schemas: {
    /**
     * Which fields an incident has.
     */
    incident?: string;
    /**
     * What closing demands, by outcome and severity.
     */
    closure?: string;
    /**
     * Which fields a hand-off has, and which it demands.
     */
    handoff?: string;
  };
  /**
   * The scheduled sweep.
   */
  sweep: {
    /**
     * How often the sweep is scheduled; comments are read of incidents updated within two intervals.
     */
    interval_minutes: number;
  };
  /**
   * Writes per minute; by default 60 notes and 15 other writes on gitlab.com, 300 each elsewhere.
   */
  limits: {
    /**
     * Comments that are written or edited.
     */
    notes_per_minute?: number;
    /**
     * Changes of issues, which fire webhooks.
     */
    issue_writes_per_minute?: number;
  };
}
/**
 * The on-call engineers: layers of shifts, overrides, and who stands in.
 */
export interface Duty {
  /**
   * The shifts, in as many layers as there are rotations of people.
   *
   * @minItems 1
   * @maxItems 50
   */
  layers: Layer[];
  /**
   * Swaps and leave, in which somebody else is on call. Where several fit, the last one counts.
   *
   * @maxItems 1000
   */
  overrides: Override[];
  /**
   * Who stands in when nobody is on call, or several are.
   */
  fallback: string;
}
/**
 * People who take turns on the same shifts.
 */
export interface Layer {
  /**
   * What the team calls it.
   */
  name: string;
  /**
   * The IANA zone of its days and times; by default that of the configuration.
   */
  time_zone?: string;
  /**
   * The day on which the first of the rotation begins.
   */
  start: string;
  /**
   * The last day on which a shift of it begins.
   */
  until?: string;
  /**
   * The people, in the order of their turns.
   *
   * @minItems 1
   * @maxItems 200
   */
  rotation: string[];
  /**
   * After what the next person comes: each shift, each day that has one, or each seven days from the start.
   */
  rotate: 'shift' | 'day' | 'week';
  /**
   * When they are on call.
   *
   * @minItems 1
   * @maxItems 21
   */
  shifts: ShiftRule[];
}
/**
 * Shifts by the clock on the wall.
 */
export interface ShiftRule {
  /**
   * The days on which they begin.
   */
  days: string;
  /**
   * When they begin, HH:MM.
   */
  from: string;
  /**
   * When they end: the next such time, on the next such day. Without it, when the next shift of any layer begins, and after a week at the latest.
   */
  to?: string;
}
/**
 * A time in which somebody else is on call.
 */
export interface Override {
  /**
   * When it begins.
   */
  from: string;
  /**
   * When it ends.
   */
  to: string;
  /**
   * Who is on call.
   */
  user: string;
  /**
   * Only the time that the rotation gives to this person.
   */
  instead_of?: string;
}
/**
 * The on-call managers, in the same way.
 */
export interface Duty1 {
  /**
   * The shifts, in as many layers as there are rotations of people.
   *
   * @minItems 1
   * @maxItems 50
   */
  layers: Layer[];
  /**
   * Swaps and leave, in which somebody else is on call. Where several fit, the last one counts.
   *
   * @maxItems 1000
   */
  overrides: Override[];
  /**
   * Who stands in when nobody is on call, or several are.
   */
  fallback: string;
}
export interface Step {
  /**
   * Minutes after the page.
   */
  after_minutes: number;
  /**
   * Who is told: by duty, or by name.
   *
   * @minItems 1
   */
  notify: (('engineer' | 'manager' | 'second manager' | 'all managers') | string)[];
  /**
   * How: a mention in a comment, PagerDuty's events API, GitLab's `/page` (paid tiers), Slack.
   *
   * @minItems 1
   */
  via: ('mention' | 'pagerduty' | 'gitlab' | 'slack')[];
  /**
   * The escalation policy that `gitlab` pages.
   */
  policy?: string;
}
/**
 * The little we read of GitLab's emoji hook. Source: GitLab docs, user/project/integrations/webhook_events, emoji events.
 */
export interface EmojiEvent {
  object_kind: 'emoji';
  user?: User;
  project_id: number | string;
  issue?: {
    iid: number | string;
  };
}
/**
 * What the hook's custom template sends, and the job `timer` of .gitlab-ci.yml: ids only, so that no incident text enters a job variable. An id that the event does not have is an empty string. Source: GitLab docs, user/project/integrations/webhooks, custom webhook template.
 */
export interface IdsEvent {
  object_kind: string;
  action?: string | null;
  type?: string | null;
  project_id: (number | string) | '' | null;
  iid?: (number | string) | '' | null;
  issue_iid?: (number | string) | '' | null;
  note_id?: (number | string) | '' | null;
  user_id?: (number | string) | '' | null;
}
/**
 * The little we read of GitLab's issue and work item hooks. Without an action it is the test button's. Source: GitLab docs, user/project/integrations/webhook_events, work item events.
 */
export interface IssueEvent {
  object_kind: 'issue' | 'work_item';
  user?: User;
  project: Project;
  object_attributes: {
    iid: number | string;
    action?: string | null;
  };
}
/**
 * The little we read of GitLab's merge request hooks. Without an action it is the test button's. Source: GitLab docs, user/project/integrations/webhook_events, merge request events.
 */
export interface MergeRequestEvent {
  object_kind: 'merge_request';
  project: Project;
  object_attributes: {
    iid: number | string;
    action?: string | null;
  };
}
/**
 * The little we read of GitLab's comment hook. Source: GitLab docs, user/project/integrations/webhook_events, comment events.
 */
export interface NoteEvent {
  object_kind: 'note';
  user?: User;
  project_id: number | string;
  issue?: {
    iid: number | string;
  };
}
/**
 * The little we read of PagerDuty's V3 webhook where it is about an incident. Its signature is in a header, which no job ever sees: what it says is a hint. Source: PagerDuty developer-docs, docs/webhooks/01-Overview.
 */
export interface PagerDutyEvent {
  event: {
    event_type: string;
    resource_type: 'incident';
    occurred_at: string;
    agent?: PagerReference | null;
    data: PagerIncident | PagerNote;
  };
}
export interface PagerReference {
  id: string;
  type?: string;
  summary?: string | null;
}
export interface PagerIncident {
  id: string;
  type: 'incident';
  title?: string | null;
  number?: number | null;
  incident_key?: string | null;
  html_url?: string | null;
  urgency?: string | null;
  priority?: {
    summary?: string | null;
  } | null;
  service?: PagerReference | null;
  escalation_policy?: PagerReference | null;
  assignees?: PagerReference[] | null;
}
export interface PagerNote {
  type: 'incident_note';
  id?: string;
  content?: string | null;
  incident: {
    id: string;
    summary?: string | null;
    html_url?: string | null;
  };
}
/**
 * What the marker of the duty's comment remembers: the page, its acknowledgement, its owner, and what was sent on its account. Ids, numbers and times alone.
 */
export interface AckFacts {
  /**
   * User id of the first who acknowledged.
   */
  by?: number;
  /**
   * When the first acknowledgement came.
   */
  at?: string;
  /**
   * By which route: command, assignment, status or pagerduty.
   */
  how?: string;
  /**
   * Id of the comment or record that shows it.
   */
  note?: number;
  /**
   * User id of the owner, once it is another.
   */
  owner?: number;
  /**
   * User ids of those who acknowledged later.
   */
  engaged?: number[];
  /**
   * User id of the owner whose un-assignment was asked about.
   */
  asked?: number;
  /**
   * The acknowledgement that GitLab's escalation status and timeline were told of.
   */
  native?: string;
  /**
   * When the page came, where that is not when the issue was opened.
   */
  paged_at?: string;
  /**
   * The PagerDuty incident.
   */
  pagerduty?: string;
  /**
   * When PagerDuty escalated it.
   */
  escalated?: string[];
  alarm_resolved_at?: string;
  /**
   * The latest stakeholder update.
   */
  update_at?: string;
  /**
   * When it became a major incident.
   */
  major_at?: string;
  /**
   * Ids of comments whose commands were done.
   */
  answered?: number[];
  /**
   * Keys of what was sent to Slack and PagerDuty.
   */
  sent?: string[];
  /**
   * Keys of what is being sent to Slack, each with the run that sends it: KEY.RUN. Where a run was killed meanwhile, they stay.
   */
  sending?: string[];
  /**
   * Hash of what the comment says.
   */
  said?: string;
}
/**
 * What the marker of a call or a reply remembers.
 */
export interface CallFacts {
  /**
   * The moment on whose account it was posted.
   */
  at?: string;
  /**
   * How many steps of the escalation ladder were taken.
   */
  step?: number;
  /**
   * How many had been taken before this comment.
   */
  from?: number;
  /**
   * Id of the comment that is answered.
   */
  note?: number;
  said?: string;
  /**
   * Keys of what was sent to Slack and PagerDuty on its account.
   */
  sent?: string[];
  /**
   * While something is being sent: id of the comment that this one replaced, or 0. Of two that replaced the same one, the older stands.
   */
  after?: number;
  /**
   * Keys of what is being sent to Slack on its account, each with the run that sends it: KEY.RUN. Where a run was killed meanwhile, they stay.
   */
  sending?: string[];
}
/**
 * What the marker of the gate comment remembers: ids, numbers, hashes and times, never a person's text.
 */
export interface GateFacts {
  /**
   * What the gate last decided. observed: it would have been reopened.
   */
  state: 'open' | 'active' | 'blocked' | 'observed' | 'disputed' | 'verified' | 'exempt';
  /**
   * The closing that was last judged.
   */
  closed_at?: string;
  /**
   * User id of who closed.
   */
  closed_by?: number;
  first_closed_at?: string;
  /**
   * When it was reopened by the gate; only the last 24 hours count.
   */
  reopens?: string[];
  /**
   * The highest severity ever seen.
   */
  severity?: number;
  /**
   * When it was seen.
   */
  severity_at?: string;
  /**
   * Hash of the required fields at verification.
   */
  record?: string;
  /**
   * Hash of the closure schema in force.
   */
  schema?: string;
  /**
   * Hash of what the comment says, so that nothing is said twice.
   */
  said?: string;
  /**
   * Commit of the configuration.
   */
  config?: string;
  verified_at?: string;
  /**
   * When the managers were told of a dispute.
   */
  told_at?: string;
  /**
   * Ids of the comments it rests on.
   */
  notes?: number[];
  /**
   * Ids of comments whose commands were done.
   */
  answered?: number[];
  /**
   * Id of the comment that commands to close, and was told what is missing.
   */
  closing?: number;
}
/**
 * What the marker of a hand-off remembers: from whom to whom, when, and who accepted it. Ids and times alone.
 */
export interface HandoffFacts {
  /**
   * When the duty changed, or the command was given.
   */
  at: string;
  /**
   * User id of who hands over.
   */
  from?: number;
  /**
   * User id of who is responsible from then on.
   */
  to?: number;
  /**
   * User id of who owned the incident then.
   */
  owner?: number;
  /**
   * Id of the comment that asked for it; absent at a change of shift.
   */
  note?: number;
  accepted_at?: string;
  /**
   * User id of who accepted.
   */
  accepted_by?: number;
  /**
   * Keys of what was sent to Slack on its account.
   */
  sent?: string[];
  /**
   * Keys of what is being sent to Slack on its account, each with the run that sends it: KEY.RUN. Where a run was killed meanwhile, they stay.
   */
  sending?: string[];
  /**
   * While something is being sent: id of the comment that this one replaced, or 0. Of two that replaced the same one, the older stands.
   */
  after?: number;
}
/**
 * What the marker of a shift log remembers: the shift, its pages, and what was done. Ids, numbers, hashes and times alone.
 */
export interface LogFacts {
  /**
   * When the shift began.
   */
  start: string;
  /**
   * When it ends.
   */
  end: string;
  /**
   * When the comment was last written.
   */
  at: string;
  /**
   * The pages of the shift: the incident, when the page came, and when somebody acknowledged it.
   */
  pages: {
    project: number;
    iid: number;
    at: string;
    acknowledged_at?: string;
  }[];
  /**
   * The review windows that were told: how many issues were looked at, and how many nobody looked at.
   */
  windows: {
    end: string;
    seen: number;
    missed: number;
  }[];
  /**
   * Ids of comments whose commands were done.
   */
  answered?: number[];
  /**
   * When it was closed because nothing had happened.
   */
  closed_at?: string;
  /**
   * Hash of what the comment says.
   */
  said?: string;
}
/**
 * What the next person needs to know. All of it is asked for when an incident is handed over; closing asks for none of it. Placeholders do not count, and none must be said.
 */
export interface HandOff {
  issue_summary: string;
  related_issues: string;
  engaged: string;
  bridge: string;
  slack: string;
  next_steps: string;
}
/**
 * What an incident's description says, once read. Every field is optional here: what closing demands is closure.schema.json. It is open, so that a project's own schema can add fields by `allOf`. `x-section` and `title` say where people write a field, `x-also` what else they call it, `x-reads` how its text is read, `x-code` the stem of its reason codes, `x-help` what to write, `x-hint` the text to replace.
 */
export interface Incident {
  summary?: string;
  owner?: string;
  acknowledged_at?: string;
  responsible?: string;
  stakeholders?: string[];
  severity?: 1 | 2 | 3 | 4;
  detected_at?: string;
  mitigated_at?: string;
  resolved_at?: string;
  affected_systems?: string;
  affected_users?: string;
  timeline?: {
    at?: string;
    text: string;
  }[];
  /**
   * @minItems 1
   */
  evidence?: string[];
  correspondence?: {
    at: string;
    audience: 'internal' | 'external';
    text: string;
  }[];
  related_issues?: string[];
  handoff?: {
    issue_summary?: string;
    related_issues?: string;
    engaged?: string;
    bridge?: string;
    slack?: string;
    next_steps?: string;
  };
  outcome?: Outcome;
  root_cause_analysis?: RootCauseAnalysis;
  improvement_notes?: ImprovementNotes;
}
export interface RootCauseAnalysis {
  decision: 'reference' | 'requested' | 'not needed';
  reference?: string;
  reason?: string;
}
/**
 * What the log of a shift says, and what closing it demands: after a shift with pages, what could be better. `pages` is counted, not written.
 */
export interface ShiftLog {
  notes?: string;
  improvement_notes?: ImprovementNotes;
  pages?: number;
}
