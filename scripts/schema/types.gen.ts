/* Generated from schemas/ by `npm run generate`. */

export type User = {
  id?: number | string;
} | null;
export type Project = {
  id: number | string;
} | null;
export type Timeline = {
  at?: string;
  text: string;
}[];
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
  'facts-learning': LearningFacts;
  'facts-log': LogFacts;
  handoff: HandOff;
  history: History;
  incident: Incident;
  metrics: Metrics;
  rca: Analysis;
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
    project?: number | string;
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
    /**
     * The user name of the bot, where it is an ordinary account that was made for it and that GitLab marks as nobody's; `setup --check` then takes it for no person's.
     */
    username?: string;
  };
  /**
   * Where Watchkeeper runs. `setup` reads it; docs/install.md tells how.
   */
  installation: {
    project?: number | string;
    /**
     * The branch that the pipelines run on; without it, the default branch of the project.
     */
    ref?: string;
    /**
     * The CI/CD component that the `.gitlab-ci.yml` of setup includes, with its version; without it, setup brings a copy along. docs/components.md tells of both.
     */
    component?: string;
    /**
     * Where jobs fetch `watchkeeper.cjs` from; without it, setup puts its own into the package registry of the project.
     */
    bundle_url?: string;
    /**
     * The SHA-256 digest of what `bundle_url` gives; jobs run nothing else.
     */
    bundle_sha256?: string;
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
    override: 'reporter' | 'developer' | 'maintainer' | 'owner';
    /**
     * Whether the incident's owner, or whoever closed it, may override.
     */
    override_own: boolean;
    severity_confirmed: 'reporter' | 'developer' | 'maintainer' | 'owner';
    active: 'reporter' | 'developer' | 'maintainer' | 'owner';
    ack: 'reporter' | 'developer' | 'maintainer' | 'owner';
    transfer: 'reporter' | 'developer' | 'maintainer' | 'owner';
    reviewed: 'reporter' | 'developer' | 'maintainer' | 'owner';
    update: 'reporter' | 'developer' | 'maintainer' | 'owner';
    major: 'reporter' | 'developer' | 'maintainer' | 'owner';
    close: 'reporter' | 'developer' | 'maintainer' | 'owner';
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
    project?: number | string;
    /**
     * Their label.
     */
    label: string;
  };
  /**
   * Follow-up issues: what becomes of the improvement notes of a verified incident. docs/learning.md tells how.
   */
  follow_ups: {
    /**
     * observe: say in the incident what would be created, and create nothing. off: neither.
     */
    mode: 'enforce' | 'observe' | 'off';
    /**
     * The severities of incidents each note of which becomes a follow-up; of others only notes that are written as tasks, `- [ ] tooling: ...`, do.
     */
    severities: (1 | 2 | 3 | 4)[];
    /**
     * Whether notes that are written as tasks become follow-ups at any severity.
     */
    tasks: boolean;
    /**
     * The label of follow-ups, also of those that people open by hand; it starts their clock.
     */
    label: string;
    project?: number | string;
    /**
     * Other projects, by the kind of the note.
     */
    projects: {
      [k: string]: number | string;
    };
    /**
     * The time for a follow-up, in days from when it was labelled, by severity.
     */
    due_days: {
      /**
       * Days for a follow-up of an incident of severity 1.
       */
      '1': number;
      /**
       * Days for a follow-up of an incident of severity 2.
       */
      '2': number;
      /**
       * Days for a follow-up of an incident of severity 3.
       */
      '3': number;
      /**
       * Days for a follow-up of an incident of severity 4.
       */
      '4': number;
    };
    /**
     * Whether the follow-up of a confidential incident, itself confidential, repeats the text of the note; else it has a link alone.
     */
    confidential_text: boolean;
    /**
     * How often whoever is assigned to a follow-up past its time is reminded, in days; 0 reminds nobody.
     */
    nudge_days: number;
  };
  /**
   * Root cause analyses: when a decision on one is asked for, and the issue in which it is written. docs/learning.md tells how.
   */
  rca: {
    /**
     * observe: open the issue, but let it be closed incomplete. off: open none.
     */
    mode: 'enforce' | 'observe' | 'off';
    /**
     * Labels of incidents that ask for a decision on an analysis at any severity, such as for exposed data.
     */
    labels: string[];
    /**
     * From how many hours between page and resolution on a decision is asked for at any severity; 0 asks for none.
     */
    after_hours: number;
    /**
     * The label of analysis issues.
     */
    label: string;
    project?: number | string;
    /**
     * Who is assigned: the owner of the incident, the on-call manager at its verification, or somebody by name.
     */
    owner: ('owner' | 'manager') | string;
    /**
     * The time for an analysis, in working days (Monday to Friday) from the verification.
     */
    due_working_days: number;
  };
  /**
   * The weekly review: an issue per week with last week's incidents and all that is open. docs/learning.md tells how.
   */
  weekly_review: {
    /**
     * off: open none.
     */
    mode: 'enforce' | 'off';
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
 * A duty: who has it when.
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
 * A duty: who has it when.
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
   * Reason codes of what closings lacked, whenever the gate reopened it; each once.
   */
  missing?: string[];
  /**
   * The highest severity ever seen.
   */
  severity?: number;
  /**
   * When it was seen.
   */
  severity_at?: string;
  record?: string;
  schema?: string;
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
  /**
   * How many fields of the hand-off were missing then.
   */
  missing?: number;
  /**
   * On a shift log: how many incidents were handed over.
   */
  incidents?: number;
  /**
   * On a shift log: how many of them lacked no field of the hand-off.
   */
  complete?: number;
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
 * What the marker of the comment on what follows from an incident remembers: its follow-up issues and its root cause analysis. Ids, numbers, hashes and times alone.
 */
export interface LearningFacts {
  /**
   * The follow-ups, in the order in which they came about. A number is never given twice.
   */
  items: FollowUpFacts[];
  rca?: AnalysisFacts;
  /**
   * Hash of what the comment says.
   */
  said?: string;
}
export interface FollowUpFacts {
  /**
   * Which of the incident's follow-ups it is: part of the key of an issue that was created.
   */
  n: number;
  /**
   * Hash of the improvement note as it was last told there.
   */
  note: string;
  /**
   * Kind of the note.
   */
  kind?: string;
  /**
   * Id of the issue's project. Without it and its number, the issue is still to be opened.
   */
  project?: number;
  iid?: number;
  /**
   * Whether the note named an issue, so that none was created.
   */
  linked?: boolean;
  /**
   * Whether the note was taken away since.
   */
  gone?: boolean;
}
/**
 * The root cause analysis issue.
 */
export interface AnalysisFacts {
  project: number;
  iid: number;
  /**
   * The last day of its time.
   */
  due_on?: string;
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
 * What reports are made of: incidents, shifts and follow-ups as GitLab's own record and Watchkeeper's comments have them. It is kept between runs, so that only what changed is read again.
 */
export interface History {
  version: 1;
  /**
   * Hash of the configuration's sources and labels: another configuration has another history.
   */
  of: string;
  /**
   * When the reading began.
   */
  taken_at: string;
  /**
   * What was closed and is untouched since before then is not in it.
   */
  since?: string;
  /**
   * User id of the bot.
   */
  bot: number;
  /**
   * All whose ids occur, as far as they are known.
   */
  people: {
    id: number;
    username: string;
  }[];
  /**
   * By project and number.
   */
  incidents: Life[];
  /**
   * Oldest first.
   */
  shifts: ShiftOnRecord[];
  /**
   * By project and number.
   */
  follow_ups: FollowUpOnRecord[];
  /**
   * By project and number.
   */
  analyses: AnalysisOnRecord[];
}
/**
 * An incident as it went. Ids, codes and times; the title alone is people's text.
 */
export interface Life {
  /**
   * Id of the project.
   */
  project: number;
  /**
   * Number of the issue.
   */
  iid: number;
  /**
   * `group/project#12`.
   */
  reference: string;
  url: string;
  /**
   * People's text; absent where the incident is confidential.
   */
  title?: string;
  confidential: boolean;
  state: 'opened' | 'closed';
  created_at: string;
  updated_at: string;
  /**
   * As GitLab has it; absent while it is open.
   */
  closed_at?: string;
  /**
   * Those that Watchkeeper keeps, and that of issues on call.
   */
  labels: string[];
  /**
   * The severity that counts: the highest on record.
   */
  severity?: 1 | 2 | 3 | 4;
  outcome?: 'resolved' | 'false positive' | 'duplicate' | 'tracked in' | 'transferred';
  /**
   * What the gate last decided, by its comment; absent where it never judged.
   */
  gate?: 'open' | 'active' | 'blocked' | 'observed' | 'disputed' | 'verified' | 'exempt';
  /**
   * Why it is exempt.
   */
  exemption?: 'DUPLICATE' | 'MOVED' | 'ALERT_RECOVERED' | 'OVERRIDDEN';
  override?: Act;
  /**
   * The verification record.
   */
  verified?: {
    /**
     * When it was verified.
     */
    at: string;
    /**
     * Id of the gate's comment.
     */
    source: number;
    /**
     * Hash of the closure schema in force.
     */
    schema?: string;
    /**
     * Commit of the configuration in force.
     */
    config?: string;
    /**
     * Ids of the comments it rests on.
     */
    notes?: number[];
  };
  /**
   * When the page came: the start of all clocks; else when the incident was opened.
   */
  paged_at: string;
  /**
   * Id of the comment that records the page; absent where its opening stands for it.
   */
  page_source?: number;
  /**
   * As the description has it.
   */
  detected_at?: string;
  /**
   * As the description has it.
   */
  mitigated_at?: string;
  /**
   * As the description has it.
   */
  resolved_at?: string;
  /**
   * The first acknowledgement on record.
   */
  acknowledged?: {
    /**
     * When the first acknowledgement came.
     */
    at: string;
    /**
     * User id.
     */
    by?: number;
    how?: string;
    /**
     * Id of the comment or record that shows it.
     */
    source?: number;
  };
  owned?: Act;
  /**
   * User id of the owner on record.
   */
  owner?: number;
  /**
   * Each time that it was escalated, by our ladder (the label `ack::escalated`) or by PagerDuty.
   */
  escalations: Act[];
  /**
   * Each closing, oldest first. `by` is who closed.
   */
  closes: Act[];
  /**
   * Each reopening, oldest first.
   */
  reopens: {
    at: string;
    /**
     * User id.
     */
    by?: number;
    /**
     * Id of the state event.
     */
    source: number;
    /**
     * Whether the bot did it.
     */
    by_gate: boolean;
  }[];
  /**
   * Reason codes of what a closing lacked when the gate reopened it, each once.
   */
  missing: string[];
  /**
   * Hand-offs on record, oldest first.
   */
  handoffs: {
    /**
     * When the duty changed, or the command was given.
     */
    at: string;
    /**
     * User id.
     */
    from?: number;
    /**
     * User id.
     */
    to?: number;
    /**
     * How many fields of the hand-off were missing.
     */
    missing?: number;
    accepted_at?: string;
    /**
     * User id.
     */
    accepted_by?: number;
    /**
     * Id of the comment that hands over.
     */
    source: number;
  }[];
  /**
   * The decision on a root cause analysis.
   */
  rca?: {
    decision: 'reference' | 'requested' | 'not needed';
    /**
     * Of the analysis.
     */
    project?: number;
    /**
     * Of the analysis.
     */
    iid?: number;
    due_on?: string;
    /**
     * When the analysis was closed and verified.
     */
    closed_at?: string;
  };
  /**
   * The follow-up issues of its improvement notes.
   */
  follow_ups: {
    /**
     * Id of the project.
     */
    project: number;
    /**
     * Number of the issue.
     */
    iid: number;
    /**
     * Kind of the note.
     */
    kind?: string;
  }[];
}
export interface Act {
  /**
   * When.
   */
  at: string;
  /**
   * User id of who did it.
   */
  by?: number;
  /**
   * Id of the note or event that shows it; 0 where GitLab keeps none, as of issues that were imported.
   */
  source: number;
}
/**
 * A shift, as its log remembers it.
 */
export interface ShiftOnRecord {
  /**
   * Id of the project.
   */
  project: number;
  /**
   * Number of the issue.
   */
  iid: number;
  reference: string;
  url: string;
  updated_at: string;
  start: string;
  end: string;
  /**
   * User id of who was on call.
   */
  engineer?: number;
  /**
   * The pages of the shift.
   */
  pages: {
    /**
     * Id of the project.
     */
    project: number;
    /**
     * Number of the issue.
     */
    iid: number;
    /**
     * When the page came.
     */
    at: string;
    acknowledged_at?: string;
  }[];
  /**
   * The review windows that were told: how many issues were looked at, and how many were not.
   */
  windows: {
    end: string;
    seen: number;
    missed: number;
  }[];
  handoff?: Takeover;
}
/**
 * How the shift took over.
 */
export interface Takeover {
  at: string;
  /**
   * User id.
   */
  from?: number;
  /**
   * User id.
   */
  to?: number;
  accepted_at?: string;
  /**
   * User id.
   */
  accepted_by?: number;
  /**
   * Id of the comment.
   */
  source: number;
  /**
   * How many incidents were handed over.
   */
  incidents?: number;
  /**
   * How many of them lacked no field of the hand-off.
   */
  complete?: number;
}
/**
 * A follow-up issue.
 */
export interface FollowUpOnRecord {
  /**
   * Id of the project.
   */
  project: number;
  /**
   * Number of the issue.
   */
  iid: number;
  reference: string;
  url: string;
  /**
   * People's text; absent where it is confidential.
   */
  title?: string;
  confidential: boolean;
  state: 'opened' | 'closed';
  created_at: string;
  updated_at: string;
  closed_at?: string;
  /**
   * When it became a follow-up, which starts its clock.
   */
  labelled_at: string;
  severity: 1 | 2 | 3 | 4;
  /**
   * The last day of its time, by severity.
   */
  due_on: string;
  /**
   * User ids.
   */
  assignees?: number[];
  /**
   * The kind of the improvement note.
   */
  kind?: string;
  /**
   * The incident that it follows from.
   */
  incident?: {
    /**
     * Id of the project.
     */
    project: number;
    /**
     * Number of the issue.
     */
    iid: number;
  };
}
/**
 * A root cause analysis issue.
 */
export interface AnalysisOnRecord {
  /**
   * Id of the project.
   */
  project: number;
  /**
   * Number of the issue.
   */
  iid: number;
  reference: string;
  url: string;
  state: 'opened' | 'closed';
  created_at: string;
  updated_at: string;
  closed_at?: string;
  due_on: string;
  verified_at?: string;
  /**
   * User ids.
   */
  assignees?: number[];
  /**
   * The incident that it explains.
   */
  incident?: {
    /**
     * Id of the project.
     */
    project: number;
    /**
     * Number of the issue.
     */
    iid: number;
  };
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
  timeline?: Timeline;
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
 * metrics.json: the numbers of a period and of each of its weeks. docs/metrics.md has the formulae.
 */
export interface Metrics {
  version: 1;
  /**
   * When the report was made: what was open or late is as of then, at the latest.
   */
  made_at: string;
  whole: Numbers;
  /**
   * Weeks from Monday 00:00 in `time_zone`, oldest first; the first and the last are cut at the ends of the period.
   */
  weeks: Numbers[];
}
/**
 * The numbers of a period.
 */
export interface Numbers {
  /**
   * Included.
   */
  from: string;
  /**
   * Not included.
   */
  to: string;
  incidents: IncidentCounts;
  time_to_acknowledge: Spread;
  time_to_own: Spread;
  time_to_mitigate: Spread;
  time_to_resolve: Spread;
  escalation: EscalationNumbers;
  gate: GateNumbers;
  reviews: ReviewNumbers;
  handoffs: HandoffNumbers;
  follow_ups: FollowUpNumbers;
  analyses: AnalysisNumbers;
  pages: PageNumbers;
}
/**
 * How many.
 */
export interface IncidentCounts {
  /**
   * Incidents whose page, or else creation, lies in the period.
   */
  opened: number;
  /**
   * Incidents whose first closing lies in it. Duplicates that the bot closed by itself are not counted.
   */
  closed: number;
  /**
   * Incidents that were open at its end, also for their paperwork alone.
   */
  open: number;
  /**
   * Opened, by the severity that counts; null for those without.
   */
  by_severity: SeverityCount[];
}
/**
 * One severity.
 */
export interface SeverityCount {
  /**
   * 1 to 4, or null.
   */
  severity: number | null;
  /**
   * So many.
   */
  count: number;
}
/**
 * A clock over the incidents of the period, in minutes.
 */
export interface Spread {
  /**
   * How many incidents have both times, in order.
   */
  count: number;
  /**
   * Half of them took as long or less. Null where there is none.
   */
  median_minutes: number | null;
  /**
   * Nine in ten of them took as long or less. Null where there is none.
   */
  p90_minutes: number | null;
}
/**
 * Escalation.
 */
export interface EscalationNumbers {
  /**
   * Incidents opened in the period that somebody was to acknowledge.
   */
  paged: number;
  /**
   * Those of them that were escalated at least once.
   */
  escalated: number;
  /**
   * escalated / paged. Null where there is nothing to divide by.
   */
  rate: number | null;
}
/**
 * The closure gate.
 */
export interface GateNumbers {
  /**
   * Incidents whose first closing lies in the period.
   */
  closed: number;
  /**
   * Those of them that the gate reopened at least once.
   */
  reopened: number;
  /**
   * reopened / closed. Null where there is nothing to divide by.
   */
  reopen_rate: number | null;
  /**
   * Those of them that are verified.
   */
  verified: number;
  /**
   * Those exempt by what GitLab shows: duplicates, moves, recovered alerts.
   */
  exempt: number;
  /**
   * Those exempt by an override.
   */
  overridden: number;
  /**
   * Those in dispute.
   */
  disputed: number;
  /**
   * What they lacked when the gate reopened them: the most frequent code first.
   */
  missing: MissingCode[];
}
/**
 * One reason code.
 */
export interface MissingCode {
  /**
   * The reason code.
   */
  code: string;
  /**
   * Incidents.
   */
  count: number;
}
/**
 * Reviews on call.
 */
export interface ReviewNumbers {
  /**
   * Review windows that ended in the period and had an issue to look at.
   */
  windows: number;
  /**
   * Issues looked at in a window.
   */
  seen: number;
  /**
   * Issues that nobody looked at in one.
   */
  missed: number;
  /**
   * seen / (seen + missed). Null where there is nothing to divide by.
   */
  rate: number | null;
}
/**
 * Hand-offs at changes of shift.
 */
export interface HandoffNumbers {
  /**
   * Changes of shift in the period with something to accept.
   */
  changes: number;
  /**
   * Those that were accepted at all.
   */
  accepted: number;
  /**
   * Accepted within `handoff.accept_minutes`; where that is 0, accepted at all.
   */
  on_time: number;
  /**
   * on_time / changes. Null where there is nothing to divide by.
   */
  acceptance_rate: number | null;
  /**
   * Incidents handed over at changes.
   */
  incidents: number;
  /**
   * Those that lacked no field.
   */
  complete: number;
  /**
   * complete / incidents. Null where there is nothing to divide by.
   */
  completeness_rate: number | null;
}
/**
 * Follow-ups of improvement notes.
 */
export interface FollowUpNumbers {
  /**
   * Follow-ups whose last day lies in the period and is over.
   */
  due: number;
  /**
   * Those closed by the end of it.
   */
  on_time: number;
  /**
   * on_time / due. Null where there is nothing to divide by.
   */
  rate: number | null;
  /**
   * Open at its end.
   */
  open: number;
  /**
   * Open at its end, past their last day.
   */
  overdue: number;
}
/**
 * Root cause analyses.
 */
export interface AnalysisNumbers {
  /**
   * Root cause analyses whose last day lies in the period and is over.
   */
  due: number;
  /**
   * Those closed by the end of it.
   */
  on_time: number;
  /**
   * on_time / due. Null where there is nothing to divide by.
   */
  rate: number | null;
  /**
   * Open at its end.
   */
  open: number;
  /**
   * Open at its end, past their last day.
   */
  overdue: number;
}
/**
 * Pages.
 */
export interface PageNumbers {
  /**
   * Pages of the shift logs in the period.
   */
  count: number;
  /**
   * Those outside of `day`, or at a weekend, in the time zone of whoever was on call.
   */
  out_of_hours: number;
  /**
   * Shifts that began in the period.
   */
  shifts: number;
  /**
   * count / shifts. Null where there is nothing to divide by.
   */
  per_shift: number | null;
  /**
   * By who was on call, most pages first.
   */
  per_person: PersonPages[];
}
/**
 * One person.
 */
export interface PersonPages {
  /**
   * User name.
   */
  user: string;
  /**
   * Shifts.
   */
  shifts: number;
  /**
   * Pages.
   */
  pages: number;
  /**
   * Out of hours.
   */
  out_of_hours: number;
}
/**
 * What a root cause analysis says, once read, and what closing its issue demands. The summary, the impact and the timeline are for the reader, and are asked of nobody. The words that begin with x- are those of incident.schema.json.
 */
export interface Analysis {
  summary?: string;
  impact?: string;
  timeline?: Timeline;
  root_cause: string;
  /**
   * @minItems 1
   */
  contributing_factors: string[];
  /**
   * @minItems 1
   */
  went_well: string[];
  /**
   * @minItems 1
   */
  went_wrong: string[];
  /**
   * @minItems 1
   */
  got_lucky: string[];
  /**
   * @minItems 1
   */
  corrective_actions: {
    text?: string;
    owner?: string;
    due_on?: string;
    reference?: string;
    none?: string;
    done?: boolean;
  }[];
}
/**
 * What the log of a shift says, and what closing it demands: after a shift with pages, what could be better. `pages` is counted, not written.
 */
export interface ShiftLog {
  notes?: string;
  improvement_notes?: ImprovementNotes;
  pages?: number;
}
