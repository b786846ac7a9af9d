import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../scripts/ci/environment.ts';
import { SetupError } from '../../scripts/ci/errors.ts';

const least = { GITLAB_URL: 'https://gitlab.example.com', WATCHKEEPER_TOKEN: 'glpat-x' };

describe('readEnvironment', () => {
  it.each([
    { name: "the job's own GitLab", variables: { GITLAB_URL: '', CI_API_V4_URL: 'https://gitlab.example.com/api/v4' }, address: 'https://gitlab.example.com' },
    { name: 'GITLAB_URL wins', variables: { GITLAB_URL: 'https://other.example.com/', CI_API_V4_URL: 'https://gitlab.example.com/api/v4' }, address: 'https://other.example.com' },
    { name: 'a relative root', variables: { GITLAB_URL: 'https://example.com/gitlab/api/v4/' }, address: 'https://example.com/gitlab' },
  ])('reads the address: $name', ({ variables, address }) => {
    expect(readEnvironment({ ...least, ...variables }).address).toBe(address);
  });

  it('has defaults', () => {
    expect(readEnvironment(least)).toEqual({
      ...{ address: 'https://gitlab.example.com', token: 'glpat-x', configPath: 'oncall.yml', payload: undefined, outFolder: '.', shard: { index: 1, total: 1 } },
      ...{ dryRun: false, rehearsal: undefined, commit: undefined, jobEndsMs: Number.POSITIVE_INFINITY, pagerduty: {} },
    });
  });

  it.each([
    { name: 'that of its pipeline', variables: { CI_MERGE_REQUEST_PROJECT_ID: '42', CI_MERGE_REQUEST_IID: '3' }, wanted: { projectId: 42, iid: 3 } },
    { name: 'none without a number', variables: { CI_MERGE_REQUEST_PROJECT_ID: '42' }, wanted: undefined },
    { name: 'none by a path', variables: { CI_MERGE_REQUEST_PROJECT_ID: '../42', CI_MERGE_REQUEST_IID: '3' }, wanted: undefined },
    {
      name: 'none of another GitLab than the one in use',
      variables: { CI_MERGE_REQUEST_PROJECT_ID: '42', CI_MERGE_REQUEST_IID: '3', CI_API_V4_URL: 'https://other.example.com/api/v4' },
      wanted: undefined,
    },
  ])('names a merge request: $name', ({ variables, wanted }) => {
    expect(readEnvironment({ ...least, ...variables }).mergeRequest).toEqual(wanted);
  });

  it('knows PagerDuty and Slack as far as they are set', () => {
    const key = 'R0123456789abcdef0123456789abcde';
    const outside = {
      PAGERDUTY_TOKEN: ' y_NbAkKc66ryYTWUXYEu\n',
      PAGERDUTY_ROUTING_KEY: key,
      PAGERDUTY_API_URL: 'https://api.eu.pagerduty.com/',
      SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/x',
    };
    expect(readEnvironment({ ...least, ...outside })).toMatchObject({
      pagerduty: { token: 'y_NbAkKc66ryYTWUXYEu', routingKey: key, apiUrl: 'https://api.eu.pagerduty.com' },
      slackUrl: 'https://hooks.slack.com/services/T0/B0/x',
    });
    expect(readEnvironment({ ...least, PAGERDUTY_TOKEN: '', PAGERDUTY_ROUTING_KEY: ' ', SLACK_WEBHOOK_URL: '' })).not.toHaveProperty('slackUrl');
    expect(readEnvironment({ ...least, PAGERDUTY_API_URL: 'http://127.0.0.1:8081' }).pagerduty.apiUrl).toBe('http://127.0.0.1:8081');
  });

  it.each([
    { name: 'a PagerDuty token of two words', variables: { PAGERDUTY_TOKEN: 'swordfish two' } },
    { name: 'a token for a routing key', variables: { PAGERDUTY_ROUTING_KEY: 'y_swordfish' } },
    { name: 'a hook without TLS', variables: { SLACK_WEBHOOK_URL: 'http://hooks.slack.com/services/swordfish' } },
    { name: 'a hook that is none', variables: { SLACK_WEBHOOK_URL: 'swordfish' } },
    { name: 'a hook with a password', variables: { SLACK_WEBHOOK_URL: 'https://a:swordfish@hooks.slack.com/services/x' } },
    { name: 'a PagerDuty without TLS', variables: { PAGERDUTY_API_URL: 'http://swordfish.pagerduty.com' } },
    { name: 'a PagerDuty with a query', variables: { PAGERDUTY_API_URL: 'https://api.pagerduty.com/?swordfish' } },
  ])('refuses $name, names the variable, and does not repeat it', ({ variables }) => {
    const [variable = ''] = Object.keys(variables);
    const read = (): unknown => readEnvironment({ ...least, ...variables });
    expect(read).toThrow(SetupError);
    expect(read).toThrow(new RegExp(`^${variable} (?!.*swordfish)`));
  });

  it.each([
    { name: 'in a dry run', variables: { WATCHKEEPER_DRY_RUN: '1' } },
    { name: 'on loopback', variables: { GITLAB_URL: 'http://127.0.0.1:8080' } },
    { name: 'on localhost', variables: { GITLAB_URL: 'http://localhost:8080' } },
    { name: 'on loopback of the newer kind', variables: { GITLAB_URL: 'http://[::1]:8080' } },
  ])('rehearses another moment $name', ({ variables }) => {
    expect(readEnvironment({ ...least, ...variables, WATCHKEEPER_NOW: '2026-11-20T02:07:00Z' }).rehearsal).toEqual(new Date('2026-11-20T02:07:00Z'));
  });

  it.each([
    { name: 'another moment elsewhere', variables: { WATCHKEEPER_NOW: '2026-11-20T02:07:00Z' } },
    { name: 'another moment where only one of two addresses is loopback', variables: { WATCHKEEPER_NOW: '2026-11-20T02:07:00Z', CI_API_V4_URL: 'http://127.0.0.1/api/v4' } },
    { name: 'a moment that is none', variables: { WATCHKEEPER_DRY_RUN: '1', WATCHKEEPER_NOW: 'tomorrow' } },
    { name: 'an address with a password', variables: { GITLAB_URL: 'https://a:b@gitlab.example.com' } },
    { name: 'an address of another kind', variables: { GITLAB_URL: 'ftp://gitlab.example.com' } },
    { name: 'an empty token', variables: { WATCHKEEPER_TOKEN: ' ' } },
    { name: 'a shard of none', variables: { CI_NODE_TOTAL: '0' } },
  ])('refuses $name', ({ variables }) => {
    expect(() => readEnvironment({ ...least, ...variables })).toThrow(SetupError);
  });

  it.each([
    { name: 'leaves a minute of the job for the report', timeout: '600', started: '2026-11-20T10:00:00Z', ends: '2026-11-20T10:09:00.000Z' },
    { name: 'leaves a quarter of a short job', timeout: '60', started: '2026-11-20T10:00:00Z', ends: '2026-11-20T10:00:45.000Z' },
  ])('$name, counted from when GitLab started it', ({ timeout, started, ends }) => {
    const { jobEndsMs } = readEnvironment({ ...least, CI_JOB_TIMEOUT: timeout, CI_JOB_STARTED_AT: started });
    expect(new Date(jobEndsMs).toISOString()).toBe(ends);
  });

  it.each([{ CI_JOB_TIMEOUT: '600' }, { CI_JOB_STARTED_AT: '2026-11-20T10:00:00Z' }, { CI_JOB_TIMEOUT: 'soon', CI_JOB_STARTED_AT: '2026-11-20T10:00:00Z' }])(
    'knows no end of the job by %j',
    (variables) => {
      expect(readEnvironment({ ...least, ...variables }).jobEndsMs).toBe(Number.POSITIVE_INFINITY);
    },
  );
});
