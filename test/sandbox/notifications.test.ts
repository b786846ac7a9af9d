import { describe, expect, it } from 'vitest';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { getPage } from '../support/pages.ts';

/** An issue that @ana opened through the API; whoever it tells of that is told, and then forgotten. */
async function opened(scene: Scene, more: object = {}): Promise<StoredIssue> {
  const { iid } = await scene.call('ana', 'POST', '/projects/42/issues', { title: 'Token leaked', issue_type: 'incident', ...more });
  return scene.gitlab.world.issue(42, Number(iid))!;
}

/** Who got what and why, in the order in which it was sent. */
function sent(scene: Scene): string[] {
  return scene.gitlab.notifications.mails.map(({ userId, news, reason }) => `${scene.gitlab.world.userById(userId)!.username}: ${news.kind}, ${reason}`);
}

type Act = (scene: Scene, path: string) => Promise<unknown>;
const comment =
  (who: string, body: string, more: object = {}): Act =>
  ({ call }, path) =>
    call(who, 'POST', `${path}/notes`, { body, ...more });
const change =
  (who: string, changes: object): Act =>
  ({ call }, path) =>
    call(who, 'PUT', path, changes);
const assign =
  (who: string, ...whom: string[]): Act =>
  (scene, path) =>
    scene.call(who, 'PUT', path, { assignee_ids: whom.length === 0 ? [0] : whom.map((username) => scene.gitlab.world.userNamed(username).id) });
const edit =
  (who: string, from: string, to: string): Act =>
  async ({ call, gitlab }, path) => {
    await call(who, 'POST', `${path}/notes`, { body: from });
    gitlab.notifications.mails.length = 0;
    await call(who, 'PUT', `${path}/notes/${gitlab.world.notes.all.at(-1)!.id}`, { body: to });
  };
const first =
  (before: Act, then: Act): Act =>
  async (scene, path) => {
    await before(scene, path);
    scene.gitlab.notifications.mails.length = 0;
    await then(scene, path);
  };

describe('who gets an e-mail', () => {
  it.each<{ name: string; given?: object; act: Act; mails: string[] }>([
    { name: 'a comment reaches the author, and not the one who wrote it', act: comment('ben', 'hello'), mails: ['ana: commented, participating'] },
    { name: 'a comment of the author alone reaches nobody', act: comment('ana', 'hello'), mails: [] },
    { name: 'a comment reaches those it mentions, who need not take part', act: comment('ana', 'ask @lea'), mails: ['lea: commented, mentioned'] },
    { name: 'being mentioned goes before taking part', act: comment('ben', '@ana, reopened'), mails: ['ana: commented, mentioned'] },
    { name: 'code and quotes mention nobody', act: comment('ana', '`@lea`\n\n> @ben\n\n```\n@ben\n```'), mails: [] },
    { name: 'whoever commented takes part', act: first(comment('ben', 'hello'), comment('ana', 'thanks')), mails: ['ben: commented, participating'] },
    { name: 'whoever was mentioned in a comment takes part', act: first(comment('ana', '@ben look'), comment('ana', 'again')), mails: ['ben: commented, participating'] },
    { name: 'whoever is mentioned in the description takes part', given: { description: 'Stakeholders: @lea' }, act: comment('ana', 'x'), mails: ['lea: commented, participating'] },
    { name: 'whoever is mentioned in the title takes part', given: { title: 'for @lea' }, act: comment('ana', 'x'), mails: ['lea: commented, participating'] },
    { name: 'closing reaches those who take part', given: { description: '@lea' }, act: change('ben', { state_event: 'close' }), mails: ['ana: closed, participating', 'lea: closed, participating'] },
    { name: 'so does reopening', act: first(change('ana', { state_event: 'close' }), change('ben', { state_event: 'reopen' })), mails: ['ana: reopened, participating'] },
    { name: 'closing what is closed reaches nobody', act: first(change('ben', { state_event: 'close' }), change('ben', { state_event: 'close' })), mails: [] },
    { name: 'an assignment reaches the new assignee', act: assign('ana', 'ben'), mails: ['ben: reassigned, assigned'] },
    { name: 'taking an issue oneself reaches its author', act: assign('ben', 'ben'), mails: ['ana: reassigned, participating'] },
    { name: 'a reassignment reaches the former assignee too', act: first(assign('ana', 'ben'), assign('ana', 'lea')), mails: ['lea: reassigned, assigned', 'ben: reassigned, participating'] },
    {
      name: 'a description that mentions somebody newly reaches that one only',
      given: { description: '@ben' },
      act: change('ana', { description: '@ben and @lea' }),
      mails: ['lea: mentioned, mentioned'],
    },
    { name: 'so does a title', act: change('ana', { title: 'for @lea' }), mails: ['lea: mentioned, mentioned'] },
    { name: 'a description that is edited otherwise reaches nobody', given: { description: '@ben' }, act: change('ana', { description: '@ben, more' }), mails: [] },
    { name: 'labels reach nobody', given: { description: '@ben' }, act: change('ana', { add_labels: 'closure::blocked' }), mails: [] },
    { name: 'an edited comment reaches nobody, not even those newly mentioned', given: { description: '@ben' }, act: edit('ana', 'x', 'x @lea'), mails: [] },
    {
      name: 'a deleted comment makes nobody take part',
      act: first(
        async (scene, path) => {
          await comment('ben', 'x')(scene, path);
          await scene.call('ben', 'DELETE', `${path}/notes/${scene.gitlab.world.notes.all.at(-1)!.id}`);
        },
        comment('ana', 'y'),
      ),
      mails: [],
    },
    { name: 'a quick action that leaves no comment is told as what it did', act: comment('ben', '/close'), mails: ['ana: closed, participating'] },
    { name: 'bots get nothing', act: comment('ana', '@watchkeeper-bot @alert-bot'), mails: [] },
    { name: 'what bots do is told', act: comment('watchkeeper-bot', '@ana, reopened'), mails: ['ana: commented, mentioned'] },
    {
      name: 'a blocked account gets nothing',
      act: async (scene, path) => {
        scene.gitlab.world.userNamed('lea').state = 'blocked';
        await comment('ana', '@lea')(scene, path);
      },
      mails: [],
    },
    { name: 'strangers to the project get nothing', act: comment('ana', '@stranger'), mails: [] },
    { name: 'a guest hears of what is open to all', act: comment('ana', '@guest'), mails: ['guest: commented, mentioned'] },
    { name: 'not of an internal note', act: comment('ana', '@guest @lea', { internal: true }), mails: ['lea: commented, mentioned'] },
    { name: 'nor does an internal note make him take part', act: first(comment('ana', '@guest', { internal: true }), comment('ana', 'x')), mails: [] },
    { name: 'not of a confidential issue', given: { confidential: true }, act: comment('ana', '@guest @lea'), mails: ['lea: commented, mentioned'] },
    { name: 'but of a confidential issue that is assigned to him', given: { confidential: true }, act: assign('ana', 'guest'), mails: ['guest: reassigned, assigned'] },
  ])('$name', async ({ given, act, mails }) => {
    const scene = await stage();
    const { world, notifications } = scene.gitlab;
    world.addUser('stranger');
    scene.project.members.set(world.addUser('guest').id, LEVEL.guest);
    const issue = await opened(scene, given);
    notifications.mails.length = 0;
    await act(scene, `/projects/42/issues/${issue.iid}`);
    expect(sent(scene)).toEqual(mails);
  });

  it('a new issue is told once: to assignees and those mentioned, whatever else was set', async () => {
    const scene = await stage();
    await opened(scene, { description: 'for @lea and @ben', assignee_ids: [scene.gitlab.world.userNamed('ben').id], labels: 'a' });
    expect(sent(scene)).toEqual(['ben: new, assigned', 'lea: new, mentioned']);
  });
});

describe('what an e-mail says', () => {
  it('is what was written then, whatever became of it', async () => {
    const scene = await stage();
    const issue = await opened(scene);
    const path = `/projects/42/issues/${issue.iid}`;
    await comment('ben', 'the **first** words')(scene, path);
    await scene.call('ben', 'PUT', `${path}/notes/${scene.gitlab.world.notes.all.at(-1)!.id}`, { body: 'other words' });
    await change('ben', { title: 'Another title' })(scene, path);
    const { html } = await getPage(scene, '/-/notifications/ana');
    expect(html).toContain('<p>the <strong>first</strong> words</p>');
    expect(html).not.toContain('other words');
    expect(html).toContain('Re: incidents | Token leaked (#1)</a>');
  });

  it('is listed person by person, with when, who and why', async () => {
    const scene = await stage();
    await opened(scene);
    const path = '/projects/42/issues/1';
    await comment('ben', 'hello @lea')(scene, path);
    await assign('lea', 'ben')(scene, path);
    const { html } = await getPage(scene, '/-/notifications');
    const sections = html
      .split('<section>')
      .slice(1)
      .map((section) => section.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '));
    expect(sections).toEqual([
      expect.stringMatching(/@ana : 2 e-mails .*2026-11-20 10:00 UTC · participating.*@ben commented.*@lea changed the assignee from nobody to @ben/),
      expect.stringMatching(/@ben : 1 e-mail .*assigned: you have been assigned an item/),
      expect.stringMatching(/@lea : 1 e-mail .*mentioned: you have been mentioned.*hello @lea/),
    ]);
    expect((await getPage(scene, '/-/notifications/lea')).html).toContain('<h1>Notifications of @lea</h1>');
    expect((await getPage(scene, '/-/notifications/watchkeeper-bot')).html).toContain('bots get no e-mails');
  });
});
