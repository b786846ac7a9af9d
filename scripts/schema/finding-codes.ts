/** How bad a finding is: an error fails the check; a warning is a risk, or will be an error; a note is good to know. */
export type FindingLevel = 'error' | 'warning' | 'note';

/** What a check of an installation may find. In its words `{name}` stands for what the finding speaks of. */
export type FindingWords = { level: FindingLevel; cause: string; cure: string };

const words = (level: FindingLevel, cause: string, cure: string): FindingWords => ({ level, cause, cure });
const APPLY = '`npm run setup -- --apply` does it.';

/** The findings of `setup --check`, the worst first. */
export const FINDINGS = {
  GITLAB_TOO_OLD: words(
    'error',
    'GitLab {version} has no inputs of schedules: `shift` and `report` would sweep instead.',
    'Upgrade GitLab to {oldest} or newer.',
  ),
  TOKEN_SCOPE: words(
    'error',
    "The bot's token has the scopes {scopes}, and not `api`: it may read, and write nothing.",
    'Create a token with the scope `api`, and run setup with it.',
  ),
  TOKEN_ENDS: words(
    'error',
    "The bot's token ends on {day}, in {days} days. Nothing works after that.",
    'Rotate it now, run `setup --apply` with the new one as WATCHKEEPER_TOKEN, and put the old user id into `bot.former_ids` if the account is another.',
  ),
  TOKEN_EXPIRES: words(
    'warning',
    "The bot's token ends on {day}, in {days} days.",
    'Rotate it in time, and run `setup --apply` with the new one as WATCHKEEPER_TOKEN.',
  ),
  BOT_IS_PERSON: words(
    'error',
    "@{user} is a person's account, as far as GitLab tells: what that person does in an incident is taken for the bot's own, and passed over.",
    "Use a project's or group's access token or a service account. Where there is none (GitLab.com Free), make an account for the bot alone and name it in `bot.username`.",
  ),
  BOT_RECREATED: words(
    'error',
    '@{user} (id {id}) wrote comments of ours: the bot as it was before its token was recreated. What it remembers is not read.',
    'Put {id} into `bot.former_ids`.',
  ),
  BOT_ROLE: words(
    'error',
    "The bot's level there is {level}, which is too low.",
    'Give it the role {role} there (Developer is 30).',
  ),
  TRIGGER_BLOCKED: words(
    'error',
    'GitLab {version} counts the payload of a webhook among the variables that "No one allowed" forbids: no event starts a pipeline.',
    'Upgrade to 18.5, or set "Minimum role to use pipeline variables" to Maintainer.',
  ),
  TRIGGER_OWNER: words(
    'error',
    'The account that owns the trigger token "{what}" is gone, blocked, or no Developer there any more: no event starts a pipeline.',
    APPLY,
  ),
  SCHEDULE_OWNER: words(
    'error',
    'The account that owns the schedule "{what}" is gone, blocked, or no Developer there any more: it does not run.',
    APPLY,
  ),
  OWNER_IS_PERSON: words(
    'warning',
    'Pipelines run as @{user}, and stop when that account goes.',
    'Make the bot a Maintainer of this project; `setup --apply` then makes new triggers and schedules as the bot. Take over old schedules as the bot, or delete them and apply again.',
  ),
  TIMER_CANNOT_START: words(
    'error',
    'No job can start a timer: {why}. Nobody is told of a page that nobody takes until the next sweep.',
    'Make the bot a Maintainer of this project, or a Developer who may merge to the branch; take the inputs of the CI file from docs/components.md.',
  ),
  CONFIG_DIFFERS: words(
    'warning',
    '{path} there is another than the one here: jobs go by the one there.',
    'Commit the one here, or check with the one there.',
  ),
  JOBS_MISSING: words(
    'error',
    '`.gitlab-ci.yml` there is not one of ours, and includes no `watch`: none of our jobs runs.',
    'Include the component in it as docs/components.md shows, or remove the file, and `setup --apply` writes one.',
  ),
  VARIABLE_HIDDEN: words(
    'note',
    'The value of {key} is hidden, and cannot be compared with the one here.',
    'After a rotation, put the new one in by hand (Settings > CI/CD > Variables), or delete the variable and apply.',
  ),
  TEMPLATE_DIFFERS: words(
    'note',
    '{path} is not as the configuration would have it: somebody changed it, or a field was added since.',
    '`npm run generate -- FOLDER` writes it anew; take over what you want.',
  ),
  WAITS_IN_MERGE_REQUEST: words('warning', 'What could not be pushed waits in {url}.', 'Merge it.'),
  HOOK_DISABLED: words(
    'error',
    'GitLab has switched the webhook off until {until}, since what it delivered was refused (last: {status}).',
    'Mend what refused it (docs/troubleshooting.md), then send a test in Settings > Webhooks, which switches it on again.',
  ),
  HOOK_FAILS: words(
    'error',
    'What the webhook delivers is refused (last: {status} at {at}). GitLab switches it off after four times.',
    'Read the answer in Settings > Webhooks > Recent events. 404 is a wrong trigger token: `setup --apply` with another one after the old one was deleted; 400 are rules that leave no job, or variables that are not allowed.',
  ),
  HOOK_SILENT: words(
    'warning',
    'No event has started a pipeline since {at}, though {count} issues were changed after that: the webhook may be gone, or switched off.',
    'Look at it in Settings > Webhooks, or check with the token of a Maintainer as WATCHKEEPER_SETUP_TOKEN, which says what is wrong with it.',
  ),
  HOOK_TWICE: words(
    'warning',
    'There are {count} webhooks to this installation: each event starts as many pipelines.',
    'Delete those that are not named Watchkeeper.',
  ),
  DRIFT_ADD: words('error', 'Missing: {what}.', APPLY),
  DRIFT_CHANGE: words('error', 'Not as it is to be: {what}.', APPLY),
  DRIFT_REMOVE: words('error', 'No longer wanted: {what}.', APPLY),
  ROSTER_FLAWED: words(
    'error',
    'The roster has a {kind} within 14 days, from {from}.',
    '`npm run validate -- oncall.yml` tells where, `npm run roster` shows who is on call.',
  ),
  PERSON_UNKNOWN: words(
    'error',
    'GitLab has no active user @{user}, whom the configuration names.',
    'Correct the name, or take it out.',
  ),
  PERSON_ROLE: words(
    'error',
    '@{user} may not acknowledge: `commands.ack` asks for the role {role}.',
    'Give them that role in the project of the incidents.',
  ),
  PERSON_NOT_IN_SLACK: words(
    'warning',
    'Escalation goes by Slack, and @{user} has no `slack_id`: the message mentions nobody.',
    'Add it under `people`.',
  ),
  PERSON_NOT_IN_PAGERDUTY: words(
    'warning',
    'Escalation goes by PagerDuty, and @{user} has no `pagerduty_email`.',
    'Add it under `people`.',
  ),
  GROUP_HOOKS_MISSING: words(
    'warning',
    'Webhooks of groups need GitLab Premium: no event of this group starts a pipeline, and the sweep finds what happens up to an hour later.',
    'Name its projects under `sources` in its place: each then gets a webhook of its own.',
  ),
  COMMUNITY_EDITION: words(
    'note',
    'This is a Community Edition: scoped labels are not exclusive (Watchkeeper removes the others itself), one person is assigned at a time, and `/page` pages nobody.',
    'Nothing need be done; let escalation go by `slack`, `pagerduty` or `mention`.',
  ),
  RULE_OBSERVES: words(
    'note',
    '`{rule}.mode` is `observe`: the rule labels and comments, and enforces nothing.',
    'Set it to `enforce` when the first weeks are over.',
  ),
  UNSEEN: words(
    'note',
    'Not checked: {what}. {why}',
    'Check with the token of a Maintainer as WATCHKEEPER_SETUP_TOKEN.',
  ),
} as const satisfies Record<string, FindingWords>;

export type FindingCode = keyof typeof FINDINGS;
