import { describe, expect, it } from 'vitest';
import { IS_NAMELESS, LIVE, openTarget, type Answer, type Target } from './target.ts';

/**
 * What we believe of GitLab, held against one: the embedded one in `npm test`, a real one in `npm run test:live` (CONTRIBUTING.md).
 * Only what can be seen through the API counts here.
 */
type Incident = Target & { at: string; iid: number; id: number; show: () => Promise<Record<string, unknown>>; comment: (body: string) => Promise<Answer> };

async function incident(more: object = {}): Promise<Incident> {
  const target = await openTarget();
  const { call, project } = target;
  const { status, body } = await call('POST', `/projects/${project}/issues`, { title: 'Disk full', issue_type: 'incident', ...more });
  expect(status).toBe(201);
  const { iid, id } = body as { iid: number; id: number };
  const at = `/projects/${project}/issues/${iid}`;
  const show = async (): Promise<Record<string, unknown>> => (await call('GET', at)).body as Record<string, unknown>;
  return { ...target, at, iid, id, show, comment: (text) => call('POST', `${at}/notes`, { body: text }) };
}

async function listed(one: Incident, part: string): Promise<Record<string, unknown>[]> {
  return (await one.call('GET', `${one.at}/${part}?per_page=100&sort=asc`)).body as Record<string, unknown>[];
}

const WHERE = LIVE ? `GitLab at ${LIVE.url}` : IS_NAMELESS ? 'no GitLab: set GITLAB_URL, GITLAB_TOKEN and GITLAB_PROJECT' : 'the embedded GitLab';

describe.skipIf(IS_NAMELESS)(WHERE, () => {
  describe('quick actions', () => {
    it('alone in a comment are answered 202 without an id; failing ones 400; with text 201', async () => {
      const one = await incident();
      const alone = await one.comment('/severity S2');
      expect(alone).toMatchObject({ status: 202, body: { commands_changes: expect.any(Object) as object, summary: expect.any(Array) as unknown[] } });
      expect(alone.body).not.toHaveProperty('id');
      expect(await one.comment('/label ~"no such label here"')).toMatchObject({ status: 400 });
      expect(await one.comment('looking\n/severity S1')).toMatchObject({ status: 201, body: { body: 'looking' } });
      expect(await one.show()).toMatchObject({ severity: 'CRITICAL', labels: [] });
    });

    it('run when a comment is edited; where nothing else is left the comment goes', async () => {
      const one = await incident();
      const { body } = await one.comment('looking');
      const note = `${one.at}/notes/${(body as { id: number }).id}`;
      expect((await one.call('PUT', note, { body: 'still looking\n/severity S3' })).status).toBe(200);
      expect(await one.show()).toMatchObject({ severity: 'MEDIUM' });
      await one.call('PUT', note, { body: '/severity S4' });
      expect((await one.call('GET', note)).status).toBe(404);
      expect(await one.show()).toMatchObject({ severity: 'LOW' });
    });

    it('run in descriptions, when they are created and when they are edited', async () => {
      const one = await incident({ description: 'full\n/severity S1' });
      expect(await one.show()).toMatchObject({ severity: 'CRITICAL', description: 'full' });
      await one.call('PUT', one.at, { description: 'emptied\n/severity S2\n/close' });
      expect(await one.show()).toMatchObject({ severity: 'HIGH', description: 'emptied', state: 'closed' });
    });

    it.each([
      { name: 'in a fence of backticks', text: '```\n/close\n```', runs: false },
      { name: 'in inline code on one line', text: 'see `/close` there', runs: false },
      { name: 'in a quote of several blocks', text: '>>>\n/close\n>>>', runs: false },
      { name: 'behind a quote mark', text: '> /close', runs: false },
      { name: 'behind a space', text: 'a\n /close', runs: false },
      { name: 'that nobody knows', text: 'a\n/override because', runs: false },
      { name: 'in a fence of tildes', text: '~~~\n/close\n~~~', runs: true },
      { name: 'in an HTML comment', text: '<!-- a\n/close\n-->', runs: true },
      { name: 'in capitals', text: 'a\n/CLOSE', runs: true },
    ])('$name run: $runs', async ({ text, runs }) => {
      const one = await incident();
      await one.comment(text);
      expect((await one.show())['state']).toBe(runs ? 'closed' : 'opened');
    });
  });

  describe('closing and reopening', () => {
    it('are events with the global id, and say who', async () => {
      const one = await incident();
      for (const state_event of ['close', 'close', 'reopen', 'close']) await one.call('PUT', one.at, { state_event });
      expect((await listed(one, 'resource_state_events')).map(({ state, resource_id }) => [state, resource_id])).toEqual([
        ['closed', one.id],
        ['reopened', one.id],
        ['closed', one.id],
      ]);
      expect(await one.show()).toMatchObject({ closed_by: { username: expect.any(String) as string }, closed_at: expect.any(String) as string });
    });

    it('resolve the escalation status, and leave it resolved', async () => {
      const one = await incident();
      const status = async (): Promise<unknown> => {
        const { data } = await one.graphql('query($p: ID!, $i: String) { project(fullPath: $p) { issue(iid: $i) { escalationStatus } } }', { p: one.path, i: String(one.iid) });
        return (data?.['project'] as { issue: { escalationStatus: string } }).issue.escalationStatus;
      };
      expect(await status()).toBe('TRIGGERED');
      await one.call('PUT', one.at, { state_event: 'close' });
      expect(await status()).toBe('RESOLVED');
      await one.call('PUT', one.at, { state_event: 'reopen' });
      expect(await status()).toBe('RESOLVED');
      expect((await listed(one, 'notes')).map(({ body }) => body)).toContain('changed the incident status to **Resolved** by closing the incident');
    });

    it('as a duplicate names the other one on both', async () => {
      const first = await incident();
      const { body } = await first.call('POST', `/projects/${first.project}/issues`, { title: 'Again', issue_type: 'incident' });
      const at = `/projects/${first.project}/issues/${(body as { iid: number }).iid}`;
      await first.call('POST', `${at}/notes`, { body: `/duplicate #${first.iid}` });
      const closed = (await first.call('GET', at)).body as { state: string; _links: { closed_as_duplicate_of: string } };
      expect(closed.state).toBe('closed');
      expect(closed._links.closed_as_duplicate_of).toMatch(new RegExp(`/projects/${first.project}/issues/${first.iid}$`));
      expect((await listed(first, 'links')).map(({ link_type }) => link_type)).toEqual(['relates_to']);
    });
  });

  describe('labels', () => {
    it('unknown ones are made by add_labels, siblings of a scope are not taken off on the Free tier, and a second of a name is 409', async () => {
      const one = await incident({ labels: 'live::one' });
      const { body } = await one.call('PUT', one.at, { add_labels: 'live::two' });
      expect((body as { labels: string[] }).labels).toContain('live::two');
      expect(await one.call('POST', `/projects/${one.project}/labels`, { name: 'live::two', color: '#ff0000' })).toMatchObject({ status: 409, body: { message: 'Label already exists' } });
      const added = (await listed(one, 'resource_label_events')).filter(({ action }) => action === 'add').map(({ label }) => (label as { name: string }).name);
      expect(added.sort()).toEqual(['live::one', 'live::two']);
    });

    it('that are deleted go from the issue, and their events stay, without a label', async () => {
      const one = await incident({ labels: 'live-gone' });
      expect((await one.call('DELETE', `/projects/${one.project}/labels/live-gone`)).status).toBe(204);
      expect((await one.show())['labels']).toEqual([]);
      expect(await listed(one, 'resource_label_events')).toMatchObject([{ action: 'add', label: null, resource_id: one.id }]);
    });
  });

  describe('comments', () => {
    it("have GitLab's own record of edits among them", async () => {
      const one = await incident({ description: 'a' });
      await one.call('PUT', one.at, { title: 'Disk fuller', description: 'b', confidential: true, discussion_locked: true });
      const system = (await listed(one, 'notes')).filter((note) => note['system']).map(({ body }) => String(body));
      expect(system.some((body) => body.startsWith('changed title from'))).toBe(true);
      expect(system).toEqual(expect.arrayContaining(['changed the description', 'made the issue confidential']) as string[]);
    });

    it('name other issues, which say so', async () => {
      const one = await incident();
      const { body } = await one.call('POST', `/projects/${one.project}/issues`, { title: 'Other' });
      await one.call('POST', `/projects/${one.project}/issues/${(body as { iid: number }).iid}/notes`, { body: `as in #${one.iid}, not \`#${one.iid}\`` });
      expect((await listed(one, 'notes')).map((note) => note['body'])).toContain(`mentioned in issue #${(body as { iid: number }).iid}`);
    });

    it('name their issue by its global id, and by its number', async () => {
      const one = await incident();
      expect((await one.comment('looking')).body).toMatchObject({ noteable_id: one.id, noteable_iid: one.iid, noteable_type: 'Issue', project_id: one.project });
    });

    it('are refused where they are empty', async () => {
      expect(await (await incident()).comment('')).toMatchObject({ status: 400 });
    });
  });

  describe('pages', () => {
    it('of issues go by key, those of comments do not', async () => {
      const one = await incident();
      const by = await one.call('GET', `/projects/${one.project}/issues?pagination=keyset&order_by=created_at&sort=asc&per_page=1`);
      expect(by.status).toBe(200);
      expect(by.headers.get('x-total')).toBeNull();
      expect((await one.call('GET', `${one.at}/notes?pagination=keyset`)).status).toBe(405);
      const offset = await one.call('GET', `/projects/${one.project}/issues?per_page=1`);
      expect([offset.headers.get('x-per-page'), offset.headers.get('x-page')]).toEqual(['1', '1']);
    });
  });

  describe('automation', () => {
    it('a hook must know the masked portions of its address, and shows none', async () => {
      const { call, project } = await openTarget();
      const hooks = `/projects/${project}/hooks`;
      const url = 'https://example.com/hook?token={secret}';
      expect((await call('POST', hooks, { url })).status).toBe(422);
      const made = await call('POST', hooks, { url, url_variables: [{ key: 'secret', value: 'abc-123' }], issues_events: true });
      expect(made).toMatchObject({ status: 201, body: { url, issues_events: true, alert_status: 'executable' } });
      expect(JSON.stringify(made.body)).not.toContain('abc-123');
      expect((await call('DELETE', `${hooks}/${(made.body as { id: number }).id}`)).status).toBe(204);
    });

    it('a schedule keeps its branch in full, and lists leave out its variables', async () => {
      const { call, project } = await openTarget();
      const schedules = `/projects/${project}/pipeline_schedules`;
      const { default_branch: ref } = (await call('GET', `/projects/${project}`)).body as { default_branch: string };
      const made = await call('POST', schedules, { description: 'live', ref, cron: '0 1 * * *', active: false });
      expect(made).toMatchObject({ status: 201, body: { ref: `refs/heads/${ref}`, cron_timezone: 'UTC', next_run_at: expect.any(String) as string } });
      expect(((await call('GET', schedules)).body as object[])[0]).not.toHaveProperty('variables');
      expect((await call('DELETE', `${schedules}/${(made.body as { id: number }).id}`)).status).toBe(204);
    });

    it('a trigger token is shown in whole to who made it, and is no token for anything else', async () => {
      const { call, project } = await openTarget();
      const made = await call('POST', `/projects/${project}/triggers`, { description: 'live' });
      const { id, token } = made.body as { id: number; token: string };
      expect(token.length).toBeGreaterThan(20);
      expect((await call('POST', `/projects/${project}/trigger/pipeline`, { token, ref: 'no-such-branch' })).status).toBe(400);
      expect((await call('POST', `/projects/${project}/trigger/pipeline`, { token: 'wrong', ref: 'main' })).status).toBe(404);
      expect((await call('DELETE', `/projects/${project}/triggers/${id}`)).status).toBe(204);
    });

    it('a commit on a new branch, and a merge request that would close an incident', async () => {
      const one = await incident();
      const { default_branch: main } = (await one.call('GET', `/projects/${one.project}`)).body as { default_branch: string };
      const branch = `live-${one.iid}`;
      const actions = [{ action: 'create', file_path: `${branch}.md`, content: 'mended' }];
      const commit = await one.call('POST', `/projects/${one.project}/repository/commits`, { branch, start_branch: main, commit_message: 'Mend', actions });
      expect(commit).toMatchObject({ status: 201, body: { title: 'Mend' } });
      const opened = await one.call('POST', `/projects/${one.project}/merge_requests`, { title: 'Mend', description: `Closes #${one.iid}`, source_branch: branch, target_branch: main });
      const at = `/projects/${one.project}/merge_requests/${(opened.body as { iid: number }).iid}`;
      expect((await one.call('GET', `${at}/closes_issues`)).body).toMatchObject([{ iid: one.iid }]);
      await one.call('PUT', at, { state_event: 'close' });
      expect((await one.call('DELETE', `/projects/${one.project}/repository/branches/${branch}`)).status).toBe(204);
    });
  });

  describe('what is wrong', () => {
    it.each([
      { name: 'an unknown issue', method: 'GET', path: '/issues/99999999', status: 404, body: { message: expect.stringContaining('404') as string } },
      { name: 'nothing to change', method: 'PUT', path: '', status: 400, body: { error: expect.stringContaining('at least one parameter') as string } },
      { name: 'a state that is none', method: 'PUT', path: '', given: { state_event: 'explode' }, status: 400, body: { error: 'state_event does not have a valid value' } },
      { name: 'a title that is empty', method: 'PUT', path: '', given: { title: '' }, status: 400, body: { message: { title: ["can't be blank"] } } },
      { name: 'a comment without a body', method: 'POST', path: '/notes', given: {}, status: 400, body: { error: 'body is missing' } },
    ])('$name is answered $status', async ({ method, path, given, status, body }) => {
      const one = await incident();
      const at = path === '/issues/99999999' ? `/projects/${one.project}${path}` : one.at + path;
      expect(await one.call(method, at, method === 'GET' ? undefined : (given ?? {}))).toMatchObject({ status, body });
    });
  });

  describe('GraphQL', () => {
    it('says what is wrong with a query in an answer 200', async () => {
      const { graphql } = await openTarget();
      expect(await graphql('{ noSuchField }')).toMatchObject({ status: 200, errors: [{ message: expect.stringContaining('noSuchField') as string }] });
      expect((await graphql('mutation { issueSetSeverity(input: { projectPath: "nobody/nowhere", iid: "1", severity: LOW }) { errors } }')).errors).toHaveLength(1);
    });

    it('counts how complex a query is', async () => {
      const { graphql } = await openTarget();
      expect((await graphql('{ queryComplexity { score limit } }')).data).toMatchObject({ queryComplexity: { limit: expect.any(Number) as number } });
    });

    it('sets severity and escalation status, and writes the timeline', async () => {
      const one = await incident();
      const at = { p: one.path, i: String(one.iid), g: `gid://gitlab/Issue/${one.id}` };
      const severity = await one.graphql('mutation($p: ID!, $i: String!) { issueSetSeverity(input: { projectPath: $p, iid: $i, severity: HIGH }) { errors issue { severity } } }', at);
      expect(severity.data).toEqual({ issueSetSeverity: { errors: [], issue: { severity: 'HIGH' } } });
      const status = await one.graphql(
        'mutation($p: ID!, $i: String!) { issueSetEscalationStatus(input: { projectPath: $p, iid: $i, status: ACKNOWLEDGED }) { errors issue { escalationStatus } } }',
        at,
      );
      expect(status.data).toEqual({ issueSetEscalationStatus: { errors: [], issue: { escalationStatus: 'ACKNOWLEDGED' } } });
      const entry = await one.graphql(
        'mutation($g: IssueID!) { timelineEventCreate(input: { incidentId: $g, note: "revoked", occurredAt: "2026-11-20T02:31:00Z" }) { errors timelineEvent { note } } }',
        at,
      );
      expect(entry.data).toEqual({ timelineEventCreate: { errors: [], timelineEvent: { note: 'revoked' } } });
    });
  });
});
