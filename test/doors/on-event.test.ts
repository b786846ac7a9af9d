import { describe, expect, it } from 'vitest';
import { BY_ALERT, COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { changeIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { configFile, runAgainst, type Ran } from '../support/door.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const closing = (issue: StoredIssue, more: object = {}): object => ({
  ...{ object_kind: 'issue', user: { id: issue.closedById ?? 1 }, project: { id: issue.projectId } },
  ...{ object_attributes: { iid: issue.iid, action: 'close', type: 'Incident' }, id: '42', ref: 'main', variables: {}, ...more },
});

/** Nothing was written, and the log is one line of ours without a stack. */
function expectOneLine(scene: Scene, ran: Ran, exitCode: number, says: RegExp): void {
  const lines = ran.output.trim().split('\n');
  expect(ran.output).toMatch(says);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^watchkeeper on-event: /);
  expect(ran.exitCode).toBe(exitCode);
  expect(ran.output).not.toContain(scene.bot.token);
  expect(scene.gitlab.faults.calls.filter((call) => !call.startsWith('GET '))).toEqual([]);
}

describe('on-event', () => {
  it.each(['issue', 'work_item'])('reopens an incident that was closed too early (object_kind %s), in 4 reads and 1 write', async (kind) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const ran = await runAgainst(scene, 'on-event', closing(issue, { object_kind: kind }));
    expect(ran).toMatchObject({ exitCode: 0, report: { calls: { reads: 4, writes: 1 }, incidents: [{ state: 'blocked' }] } });
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
    expect(scene.said(issue)).toHaveLength(1);
  });

  it('does the same once for five events at once and ten in a row, and lets a complete record pass', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    await Promise.all(Array.from({ length: 5 }, () => runAgainst(scene, 'on-event', closing(issue))));
    expect(scene.said(issue)).toHaveLength(1);
    const { id } = scene.said(issue)[0]!;
    for (let time = 0; time < 5; time += 1) expect((await runAgainst(scene, 'on-event', closing(issue))).report).toMatchObject({ calls: { writes: 0 } });
    expect(scene.said(issue).map((note) => note.id)).toEqual([id]);
    scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
    changeIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, { description: COMPLETE, stateEvent: 'close' });
    await runAgainst(scene, 'on-event', closing(issue));
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
  });

  it('accepts the API address of a CI job, and a path for a source', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const api = { GITLAB_URL: undefined, CI_API_V4_URL: `${scene.gitlab.address}/api/v4` };
    await runAgainst(scene, 'on-event', closing(issue), { ...api, WATCHKEEPER_CONFIG: await configFile('sources: [{ project: SIRT/incidents }]') });
    expect(issue.state).toBe('opened');
  });

  it.each(['sources: [{ group: sirt }]', 'sources: [{ group: GROUP_ID }]'])('watches a group: %s', async (text) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const group = scene.gitlab.world.groups.find(({ path }) => path === 'sirt');
    await runAgainst(scene, 'on-event', closing(issue), { WATCHKEEPER_CONFIG: await configFile(text.replace('GROUP_ID', String(group?.id))) });
    expect(issue.state).toBe('opened');
  });

  it('prints its plan in a dry run, and writes nothing; not of a confidential incident', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const ran = await runAgainst(scene, 'on-event', closing(issue), { WATCHKEEPER_DRY_RUN: '1' });
    expect(ran.output.split('\n').slice(0, 5)).toEqual([
      'Issue             State    Would                                          Why',
      '----------------  -------  ---------------------------------------------  ----------------------------------------------',
      'sirt/incidents#1  blocked  post the gate comment, reopen,                 closure gate: OWNER_MISSING,',
      '                           +closure::blocked                              ACKNOWLEDGED_AT_MISSING, RCA_MISSING,',
      '                                                                          IMPROVEMENT_NOTES_MISSING',
    ]);
    expect(ran.report).toMatchObject({
      planned: [
        {
          reference: 'sirt/incidents#1',
          state: 'blocked',
          does: ['post the gate comment', 'reopen', '+closure::blocked'],
          why: 'closure gate: OWNER_MISSING, ACKNOWLEDGED_AT_MISSING, RCA_MISSING, IMPROVEMENT_NOTES_MISSING',
        },
      ],
    });
    expect(ran.output).toContain('  | @ana, reopened: 4 items missing.');
    const secret = scene.closed(TOO_EARLY.replace('A leaked', 'A very secret'), { confidential: true, title: 'A very secret thing' });
    const silent = await runAgainst(scene, 'on-event', closing(secret), { WATCHKEEPER_DRY_RUN: '1' });
    expect(silent.output + JSON.stringify(silent.report)).not.toContain('very secret');
    expect(issue.state).toBe('closed');
  });

  it('offers the whole template to an incident made by an alert', async () => {
    const scene = await stage();
    const issue = scene.closed(BY_ALERT);
    const ran = await runAgainst(scene, 'on-event', closing(issue));
    expect(ran.report).toMatchObject({ incidents: [{ codes: ['SUMMARY_MISSING', 'OWNER_MISSING', 'ACKNOWLEDGED_AT_MISSING', 'SEVERITY_MISSING', 'OUTCOME_MISSING', 'IMPROVEMENT_NOTES_MISSING'] }] });
    expect(scene.said(issue)[0]!.body).toContain('## Hand-off');
  });
});

describe('on-event, when there is nothing to do', () => {
  it.each([
    { name: 'an event of the bot itself', change: (scene: Scene, issue: StoredIssue) => closing(issue, { user: { id: scene.bot.id } }), says: /caused by the bot itself/ },
    {
      name: 'an issue that is no incident',
      change: (_scene: Scene, issue: StoredIssue) => {
        issue.type = 'issue';
        return closing(issue);
      },
      says: /not an incident, nothing to do/,
    },
    { name: 'a project that is not watched', change: (_scene: Scene, issue: StoredIssue) => closing(issue, { project: { id: 99 } }), says: /project 99 is not among the sources/ },
    { name: 'an issue that is gone', change: (_scene: Scene, issue: StoredIssue) => closing(issue, { object_attributes: { iid: 99, action: 'close' } }), says: /deleted, or the bot may not see it/ },
    { name: 'the test button', change: (_scene: Scene, issue: StoredIssue) => closing(issue, { object_attributes: { iid: issue.iid } }), says: /test button works/ },
    { name: "another tool's payload", change: () => ({ event: { event_type: 'incident.triggered', data: {} } }), says: /not one of GitLab/ },
  ])('$name: exit 0, one line', async ({ change, says }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    expectOneLine(scene, await runAgainst(scene, 'on-event', change(scene, issue)), 0, says);
  });
});

describe('on-event, when the operator is mistaken', () => {
  it.each([
    { name: 'broken JSON', payload: '{"object_kind":', says: /no JSON/ },
    { name: 'an empty file', payload: '', says: /payload is empty/ },
    { name: 'a 25 MB file', payload: `{"object_kind":"issue","x":"${'x'.repeat(25_000_000)}"}`, says: /23\.8 MiB, more than 10/ },
    { name: 'a folder for a payload', variables: { TRIGGER_PAYLOAD: '/tmp' }, says: /no readable file/ },
    { name: 'a token over two lines', variables: { WATCHKEEPER_TOKEN: 'glpat-a\nb' }, says: /WATCHKEEPER_TOKEN has characters/ },
    { name: 'no payload', variables: { TRIGGER_PAYLOAD: undefined }, says: /TRIGGER_PAYLOAD is not set/ },
    { name: 'no token', variables: { WATCHKEEPER_TOKEN: undefined }, says: /WATCHKEEPER_TOKEN is not set/ },
    { name: 'no address', variables: { GITLAB_URL: undefined }, says: /GITLAB_URL|CI_API_V4_URL is not set/ },
    { name: 'an address that is none', variables: { GITLAB_URL: 'gitlab' }, says: /GITLAB_URL is no address/ },
    { name: 'no configuration', variables: { WATCHKEEPER_CONFIG: '/nowhere/oncall.yml' }, says: /configuration cannot be read/ },
    { name: 'a wrong token', variables: { WATCHKEEPER_TOKEN: 'glpat-wrong' }, says: /401.*WATCHKEEPER_TOKEN/ },
    { name: 'another moment on a real GitLab', variables: { GITLAB_URL: 'https://gitlab.example.com' }, says: /WATCHKEEPER_NOW rehearses/ },
    { name: 'a shard that is none', variables: { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '2' }, says: /CI_NODE_INDEX is 3/ },
  ])('$name: exit 2, one line with the cure', async ({ payload, variables, says }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    expectOneLine(scene, await runAgainst(scene, 'on-event', payload ?? closing(issue), variables), 2, says);
  });

  it('names a source that does not exist', async () => {
    const scene = await stage();
    const event = { object_kind: 'issue', project: { id: 4711 }, object_attributes: { iid: 1, action: 'close' } };
    const gone = await runAgainst(scene, 'on-event', event, { WATCHKEEPER_CONFIG: await configFile('sources: [{ project: 4711 }]') });
    expectOneLine(scene, gone, 2, /The project 4711 does not exist/);
    const issue = scene.closed('', { type: 'issue' });
    const group = await runAgainst(scene, 'on-event', closing(issue), { WATCHKEEPER_CONFIG: await configFile('sources: [{ group: 4711 }]') });
    expectOneLine(scene, group, 2, /The group 4711 does not exist/);
  });

  it('prints no part of the token, wherever GitLab repeats it', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    scene.gitlab.faults.plan(/user/, { kind: 'status', status: 400, body: `{"message":"bad ${scene.bot.token}"}` });
    const ran = await runAgainst(scene, 'on-event', closing(issue), { WATCHKEEPER_TOKEN: `${scene.bot.token}\n` });
    expect(ran.output + JSON.stringify(ran.report)).not.toContain(scene.bot.token);
    expect(ran.output).toContain('[masked]');
  });

  it('names file, line and path of mistakes in the configuration', async () => {
    const scene = await stage();
    const file = await configFile('sources:\n  - project: 42\ngate:\n  mode: strict\n  max_reopen: 3\n');
    const ran = await runAgainst(scene, 'on-event', '{}', { WATCHKEEPER_CONFIG: file });
    expectOneLine(scene, ran, 2, /oncall\.yml:4:9: gate\.mode must be one of enforce, observe; .*oncall\.yml:5:3: gate has no option "max_reopen"/);
  });

  it('is refused with a flag that it does not know, and helps', async () => {
    const scene = await stage();
    expect((await runAgainst(scene, 'on-event', '{}', {}, ['--deep'])).exitCode).toBe(2);
    expect(await runAgainst(scene, 'on-event', '{}', {}, ['--help'])).toMatchObject({ exitCode: 0, output: expect.stringContaining('Exit codes') as string });
  });
});

describe('on-event, when GitLab is in trouble', () => {
  it.each([
    { name: 'nobody answers', variables: { GITLAB_URL: 'http://127.0.0.1:9' }, says: /no answer/ },
    {
      name: 'asked to wait for too long',
      plan: (scene: Scene) => {
        scene.gitlab.faults.plan(/user/, { kind: 'status', status: 429, retryAfterSeconds: 61 });
      },
      says: /429/,
    },
    {
      name: '502 again and again',
      plan: (scene: Scene) => {
        scene.gitlab.faults.plan(/user/, { kind: 'status', status: 502, body: '<html>' }, 9);
      },
      says: /502/,
    },
  ])('$name: exit 3, one line', async ({ variables, plan, says }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    plan?.(scene);
    expectOneLine(scene, await runAgainst(scene, 'on-event', closing(issue), variables), 3, says);
  });
});

describe("on-event with a project's own schemas", () => {
  const own = { WATCHKEEPER_CONFIG: 'schemas/examples/own/regulated/oncall.yml' };

  it('asks for its fields in the comment, reads them, and verifies; any run repeated writes nothing', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    const blocked = await runAgainst(scene, 'on-event', closing(issue), own);
    expect(blocked.report).toMatchObject({ calls: { reads: 4, writes: 1 }, incidents: [{ state: 'blocked', codes: ['PERSONAL_DATA_MISSING'] }] });
    expect(scene.said(issue)[0]?.body).toContain('## Data protection\n\n- **Personal data affected**: yes, no or unknown\n');
    expect((await runAgainst(scene, 'on-event', closing(issue), own)).report).toMatchObject({ calls: { writes: 0 } });
    scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
    const description = `${COMPLETE}\n## Data protection\n\n- **Personal data affected**: no\n`;
    changeIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, { description, stateEvent: 'close' });
    await runAgainst(scene, 'on-event', closing(issue), own);
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
  });

  it('that are broken is a setup error before GitLab is asked anything', async () => {
    const scene = await stage();
    const ran = await runAgainst(scene, 'on-event', closing(scene.closed(COMPLETE)), { WATCHKEEPER_CONFIG: 'test/cases/configuration-with-an-unmeetable-demand/oncall.yml' });
    expectOneLine(scene, ran, 2, /setup error: test\/cases\/configuration-with-an-unmeetable-demand\/own\.json:3:16: \/required\/0: demands "customer_notice"/);
    expect(scene.gitlab.faults.calls).toEqual([]);
  });
});
