/** Who judges answers: GitLab's JSON schemas, its OpenAPI document, or the examples of its documentation. */
export type Judge = 'schema' | 'openapi' | 'example';

/** Where a judge is known to be wrong: on which routes, at what place or with which words, and why. */
export type Deviation = { judge: Judge; route: RegExp; at: RegExp; reason: string };

const extra = (names: string): RegExp => new RegExp(`must NOT have additional properties \\((?:${names})\\)`);

/**
 * Each deviation is one place where GitLab's answers of today and its published data disagree, or where an example shows what
 * another case alone has. The contract's README says how old each source is. What no answer needs is taken
 * off the list: see test/contract/clients.test.ts.
 */
export const DEVIATIONS: readonly Deviation[] = [
  { judge: 'schema', route: /issues|links/, at: extra('locked'), reason: 'users have `locked` since 16.x (docs, api/issues, example of closes_issues); issue.json is older' },
  { judge: 'schema', route: /notes/, at: extra('project_id|imported|imported_from'), reason: 'sent since 15.x and 16.11 (docs, api/notes); notes.json closes its list of properties' },
  { judge: 'schema', route: /pipeline_schedules/, at: extra('inputs'), reason: 'schedules have inputs since 18.1 (docs, api/pipeline_schedules); the schema is older' },
  { judge: 'schema', route: /pipeline_schedules/, at: /last_pipeline .*\((?:iid|source)\)/, reason: 'lib/api/entities/ci/pipeline_basic.rb has both; the schema of schedules is older' },
  { judge: 'schema', route: /pipeline_schedules/, at: extra('raw'), reason: 'variables have `raw` (docs, api/pipeline_schedules); the schema is older' },
  {
    judge: 'schema',
    route: /hooks/,
    at: extra('name|description|milestone_events|feature_flag_events|resource_access_token_events|branch_filter_strategy|custom_headers|token_present|signing_token_present'),
    reason: 'project_hook.json lags behind the documented hook (docs, api/project_webhooks)',
  },
  {
    judge: 'schema',
    route: /^\/projects\/:id$/,
    at: extra(
      'topics|archived|empty_repo|visibility|public_jobs|(?:issues|jobs|merge_requests)_enabled|(?:issues|merge_requests|builds|pages)_access_level|only_allow_merge_if_pipeline_succeeds|ci_pipeline_variables_minimum_override_role|restrict_user_defined_variables|ci_config_path|permissions',
    ),
    reason: 'projects.json is the short form of lists; a project alone has these (docs, api/projects)',
  },
  { judge: 'schema', route: /^\/user$/, at: /required property 'skype'/, reason: 'removed from the API in 17.x; the documented answer has none (docs, api/users)' },
  { judge: 'openapi', route: /participants|closed_by|related_merge_requests|links$/, at: /^ must be object/, reason: 'a list, as the documented example shows; the document says one object' },
  { judge: 'openapi', route: /links\/:id/, at: /knows no answer 200 to DELETE/, reason: 'lib/api/issue_links.rb presents the link that was deleted' },
  { judge: 'openapi', route: /notes/, at: /knows no answer 202/, reason: 'a comment of quick actions alone (lib/api/helpers/notes_helpers.rb; platform sheet, section 3)' },
  { judge: 'openapi', route: /pipeline_schedules/, at: /\/(?:inputs|variables) must be object/, reason: 'lists, as the documented example shows' },
  { judge: 'openapi', route: /^\/user(?:s\/:id)?$/, at: /^\/(?:followers|following|is_followed) must be string/, reason: 'numbers and a boolean, as the documented examples show' },
  { judge: 'openapi', route: /^\/user$/, at: /^\/identities must be object/, reason: 'a list, as the documented example shows' },
  { judge: 'openapi', route: /personal_access_tokens/, at: /expires_at must match format/, reason: 'a day, as the documented example shows (docs, api/personal_access_tokens)' },
  { judge: 'openapi', route: /members/, at: /access_level must be string/, reason: 'a number, as the documented example shows' },
  { judge: 'example', route: /notes$/, at: /promote_to_epic/, reason: 'the example is that of promoting an issue to an epic' },
  { judge: 'example', route: /notes$/, at: /author\/(?:email|created_at)/, reason: 'the example of the list shows fields of old versions; notes.json asks for none of them' },
  {
    judge: 'example',
    route: /^\/user$/,
    at: /\/(?:is_admin|current_sign_in_ip|last_sign_in_ip|namespace_id|provisioned_by_project_id|created_by|note|extra_shared_runners_minutes_limit|plan|trial|sign_in_count|using_license_seat|email_reset_offered_at)/,
    reason: 'one of the examples is an administrator',
  },
  { judge: 'example', route: /members/, at: /\/(?:email|is_using_seat)/, reason: 'shown to administrators and to owners of a group with enterprise users alone (docs, api/project_members)' },
  { judge: 'example', route: /labels$/, at: /(?:open|closed)_(?:issues|merge_requests)_count/, reason: 'the example is that of a list with_counts' },
  { judge: 'example', route: /closes_issues/, at: /blocking_issues_count/, reason: 'Premium and up (docs, api/issues)' },
  { judge: 'example', route: /events$/, at: /request_data/, reason: 'the example is the delivery of a push' },
  { judge: 'example', route: /events$/, at: /response_headers|X-Gitlab-Token/, reason: 'what the receiver of the example answered, and a token that the hook may not have' },
];
