import { describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { GITLAB_COM, SELF_MANAGED } from '../../scripts/sandbox/world/limits.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { installWebhook } from '../../scripts/sandbox/story/company.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const dated = (day: string): Partial<StoredIssue> => ({ title: day, dueDate: day, createdAt: `${day}T10:00:00.000Z`, updatedAt: `${day}T11:00:00.000Z` });

const limited =
  (name: string) =>
  (one: [string, string | null]): boolean =>
    one[0].startsWith(name);

async function noteByGraphql({ gitlab }: Scene, id: number): Promise<unknown> {
  const query = `mutation { createNote(input: { noteableId: "gid://gitlab/Issue/${id}", body: "x" }) { errors } }`;
  const headers = { authorization: `Bearer ${gitlab.world.userNamed('ana').token}` };
  return (await fetch(`${gitlab.address}/api/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
}

describe('limits of calls', () => {
  it('show in headers, and what is too much gets plain text and a Retry-After until the minute is over', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, calls: 3 } });
    scene.clock.now = new Date('2026-11-20T10:00:20Z');
    const seen: Awaited<ReturnType<typeof answer>>[] = [];
    for (let call = 0; call < 4; call += 1) seen.push(await answer(scene, 'ana', 'GET', '/user'));
    expect(seen.map(({ status, headers }) => [status, headers.get('ratelimit-observed'), headers.get('ratelimit-remaining')])).toEqual([
      [200, '1', '2'],
      [200, '2', '1'],
      [200, '3', '0'],
      [429, '4', '0'],
    ]);
    expect(seen[3]).toMatchObject({ body: 'Retry later\n' });
    const said = ['content-type', 'retry-after', 'ratelimit-name', 'ratelimit-limit', 'ratelimit-reset', 'ratelimit-resettime'].map((name) => seen[3]?.headers.get(name));
    const over = '2026-11-20T10:01:00Z';
    expect(said).toEqual(['text/plain', '40', 'throttle_authenticated_api', '3', String(Date.parse(over) / 1000), new Date(over).toUTCString()]);
    expect((await answer(scene, 'ben', 'GET', '/user')).status).toBe(200);
    scene.clock.now = new Date('2026-11-20T10:01:00Z');
    expect((await answer(scene, 'ana', 'GET', '/user')).status).toBe(200);
  });

  it('are not there by default where people run their own GitLab', async () => {
    const scene = await stage();
    const { headers } = await answer(scene, 'ana', 'GET', '/user');
    expect([...headers].filter(limited('ratelimit'))).toEqual([]);
  });
});

describe('limits of comments', () => {
  it('count per user over all issues, are in no header, and say so in JSON', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, notes: 2 } });
    const [one, two] = [scene.closed(''), scene.closed('')];
    const say = (who: string, iid: number): ReturnType<typeof answer> => answer(scene, who, 'POST', `/projects/42/issues/${iid}/notes`, { body: 'x' });
    expect([(await say('ana', one.iid)).status, (await say('ana', two.iid)).status]).toEqual([201, 201]);
    const third = await say('ana', one.iid);
    expect(third).toMatchObject({ status: 429, body: { message: { error: 'This endpoint has been requested too many times. Try again later.' } } });
    expect([third.headers.get('retry-after'), third.headers.get('ratelimit-remaining')]).toEqual([null, String(2000 - 3)]);
    expect((await say('ben', one.iid)).status).toBe(201);
    expect(SELF_MANAGED.notes).toBe(300);
  });

  it.each<{ name: string; say: (scene: Scene, issue: StoredIssue) => Promise<unknown> }>([
    { name: 'of merge requests', say: async (scene) => (await answer(scene, 'ana', 'POST', '/projects/42/merge_requests/1/notes', { body: 'x' })).body },
    { name: 'by GraphQL', say: (scene, { id }) => noteByGraphql(scene, id) },
  ])('count those $name too', async ({ say }) => {
    const scene = await stage({ limits: { ...GITLAB_COM, notes: 1 } });
    const issue = scene.closed('');
    await answer(scene, 'ana', 'POST', '/projects/42/merge_requests', { title: 'x', source_branch: 'main', target_branch: 'main' });
    expect((await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x' })).status).toBe(201);
    expect(JSON.stringify(await say(scene, issue))).toContain('requested too many times');
  });
});

describe('limits of new issues', () => {
  it('count per user', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, issues: 1 } });
    const open = async (who: string): Promise<number> => (await answer(scene, who, 'POST', '/projects/42/issues', { title: 'x' })).status;
    expect([await open('ana'), await open('ana'), await open('ben')]).toEqual([201, 429, 201]);
    expect(SELF_MANAGED.issues).toBe(300);
  });
});

describe('limits of webhooks and pipelines', () => {
  it('deliveries beyond are dropped, not put off', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, deliveries: 2 } });
    await installWebhook(scene);
    const issue = scene.closed('');
    for (let count = 0; count < 5; count += 1) await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x' });
    scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
    await scene.gitlab.settled();
    expect(scene.gitlab.deliverer.deliveries).toHaveLength(2);
  });

  it('deliveries count for all projects of a group together', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, deliveries: 1 } });
    await installWebhook(scene);
    const other = scene.gitlab.world.addProject('sirt/other', { ana: LEVEL.developer }, 43);
    other.hooks.push(...scene.project.hooks);
    for (const project of [42, 43]) await answer(scene, 'ana', 'POST', `/projects/${project}/issues`, { title: 'x' });
    await scene.gitlab.settled();
    expect(scene.gitlab.deliverer.deliveries).toHaveLength(1);
  });

  it('pipelines beyond are refused, and count as failures of the hook', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, pipelines: 1 } });
    await installWebhook(scene);
    const issue = scene.closed('');
    for (let count = 0; count < 2; count += 1) await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x' });
    await scene.gitlab.settled();
    expect(scene.gitlab.deliverer.deliveries.map(({ status }) => status)).toEqual([201, 400]);
    expect(scene.project.hooks[0]?.failures).toBe(1);
  });
});

describe('long lists', () => {
  it('are counted up to 10,000, and not beyond', async () => {
    const scene = await stage();
    const ana = scene.gitlab.world.userNamed('ana');
    const add = (count: number): void => {
      for (let each = 0; each < count; each += 1) createIssue(scene.gitlab.world, ana, scene.project, 'x', 'issue');
    };
    const total = async (): Promise<(string | null)[]> => {
      const { headers } = await answer(scene, 'ana', 'GET', '/projects/42/issues?per_page=1');
      return [headers.get('x-total'), headers.get('x-total-pages'), /rel="last"/.exec(headers.get('link') ?? '')?.[0] ?? null];
    };
    add(10_000);
    expect(await total()).toEqual(['10000', '10000', 'rel="last"']);
    add(1);
    expect(await total()).toEqual([null, null, null]);
  });

  it('go by key in the orders that GitLab has for it alone, and show each issue once though others come meanwhile', async () => {
    const scene = await stage();
    for (let each = 0; each < 25; each += 1) scene.closed('');
    expect((await answer(scene, 'ana', 'GET', '/projects/42/issues?pagination=keyset&order_by=popularity')).status).toBe(405);
    expect((await answer(scene, 'ana', 'GET', '/groups/sirt/issues?pagination=keyset&order_by=created_at')).status).toBe(405);
    const seen: number[] = [];
    let path = '/projects/42/issues?pagination=keyset&order_by=created_at&sort=asc&per_page=10';
    while (path !== '') {
      const { body, headers } = await answer(scene, 'ana', 'GET', path);
      seen.push(...(body as { iid: number }[]).map(({ iid }) => iid));
      scene.gitlab.world.removeIssue(scene.gitlab.world.issue(42, 1) ?? scene.closed(''));
      path = /\/api\/v4([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? '';
    }
    expect(seen.slice(0, 25)).toEqual(Array.from({ length: 25 }, (_each, index) => index + 1));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it.each(['created_at', 'updated_at', 'title', 'due_date'].flatMap((order) => ['asc', 'desc'].map((sort) => ({ order, sort }))))(
    'show by key what they show by number, by $order $sort, however the issues came',
    async ({ order, sort }) => {
      const scene = await stage();
      const asked = `/projects/42/issues?state=closed&order_by=${order}&sort=${sort}&per_page=7`;
      const days = Array.from({ length: 25 }, (_each, index) => `2026-11-${String(1 + ((index * 7) % 12)).padStart(2, '0')}`);
      const bare = days.map(() => scene.closed(''));
      // Here they stand in the order in which they came; what a list found out then is no longer so.
      await answer(scene, 'ana', 'GET', asked);
      const issues = bare.map((issue, index) => Object.assign(issue, dated(days[index]!)));
      const read = async (path: string): Promise<number[]> => {
        const { body, headers } = await answer(scene, 'ana', 'GET', path);
        const next = /\/api\/v4([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
        return [...(body as { iid: number }[]).map(({ iid }) => iid), ...(next === undefined ? [] : await read(next))];
      };
      const byNumber = await read(asked);
      expect(await read(`${asked}&pagination=keyset`)).toEqual(byNumber);
      const sorted = issues.toSorted((a, b) => (a.createdAt === b.createdAt ? a.id - b.id : a.createdAt < b.createdAt ? -1 : 1)).map(({ iid }) => iid);
      expect(byNumber).toEqual(sort === 'asc' ? sorted : sorted.toReversed());
    },
  );
});
