import { Gitlab } from '@gitbeaker/rest';
import { expect, it } from 'vitest';
import { stage, type Scene } from '../support/gitlab.ts';

const P = 42;

/** gitbeaker as it comes, with its own way of calling and paging; ours replaces that. */
function clientOf(scene: Scene): InstanceType<typeof Gitlab> {
  return new Gitlab({ host: scene.gitlab.address, token: scene.gitlab.world.userNamed('lea').token });
}

it('the life of an issue and its comments', async () => {
  const scene = await stage();
  const api = clientOf(scene);
  const { iid } = await api.Issues.create(P, 'Disk full', { issueType: 'incident', labels: 'disk,late', description: 'full\n/severity S2' });
  expect(await api.Issues.show(iid, { projectId: P })).toMatchObject({ issue_type: 'incident', severity: 'HIGH', description: 'full', labels: ['disk', 'late'] });
  await api.Issues.edit(P, iid, { addLabels: 'vip', removeLabels: 'late', stateEvent: 'close' });
  expect(await api.Issues.show(iid, { projectId: P })).toMatchObject({ state: 'closed', labels: ['disk', 'vip'], closed_by: { username: 'lea' } });
  const note = await api.IssueNotes.create(P, iid, 'looking');
  await api.IssueNotes.edit(P, iid, note.id, { body: 'found' });
  expect((await api.IssueNotes.all(P, iid)).map(({ body }) => body)).toContain('found');
  await api.IssueNotes.remove(P, iid, note.id);
  expect((await api.IssueNotes.all(P, iid)).map(({ body }) => body)).not.toContain('found');
  expect((await api.IssueStateEvents.all(P, iid)).map(({ state }) => state)).toEqual(['closed']);
  expect((await api.IssueLabelEvents.all(P, iid)).length).toBe(4);
  await expect(api.Issues.show(999, { projectId: P })).rejects.toThrow(/404/);
});

it('lists over several pages, by number and by key', async () => {
  const scene = await stage();
  const api = clientOf(scene);
  for (let each = 0; each < 45; each += 1) scene.closed('');
  expect(await api.Issues.all({ projectId: P, perPage: 20 })).toHaveLength(45);
  const byKey = await api.Issues.all({ projectId: P, perPage: 20, pagination: 'keyset', orderBy: 'created_at', sort: 'asc' });
  expect(byKey.map(({ iid }) => iid)).toEqual(Array.from({ length: 45 }, (_each, index) => index + 1));
  const { paginationInfo } = await api.Issues.all({ projectId: P, perPage: 20, page: 2, showExpanded: true });
  expect(paginationInfo).toMatchObject({ total: 45, current: 2, next: 3, previous: 1, totalPages: 3 });
});

it('the life of labels, schedules, triggers and hooks', async () => {
  const api = clientOf(await stage({ labels: false }));
  await api.ProjectLabels.create(P, 'a::b', '#ff0000');
  await expect(api.ProjectLabels.create(P, 'a::b', '#ff0000')).rejects.toThrow('Label already exists');
  await api.ProjectLabels.edit(P, 'a::b', { newName: 'a::c' });
  await api.ProjectLabels.remove(P, 'a::c');
  const schedule = await api.PipelineSchedules.create(P, 'nightly', 'main', '0 1 * * *');
  await api.PipelineSchedules.edit(P, schedule.id, { cron: '0 2 * * *' });
  expect(await api.PipelineSchedules.show(P, schedule.id)).toMatchObject({ cron: '0 2 * * *', ref: 'refs/heads/main' });
  await api.PipelineSchedules.remove(P, schedule.id);
  const trigger = await api.PipelineTriggerTokens.create(P, 'watchkeeper');
  expect(await api.PipelineTriggerTokens.trigger(P, 'main', trigger.token)).toMatchObject({ source: 'trigger', ref: 'main' });
  await api.PipelineTriggerTokens.remove(P, trigger.id);
  const hook = await api.ProjectHooks.add(P, 'https://example.com/hook', { issuesEvents: true });
  await api.ProjectHooks.edit(P, hook.id, 'https://example.com/hook', { noteEvents: true });
  expect(await api.ProjectHooks.show(P, hook.id)).toMatchObject({ issues_events: true, note_events: true });
  await api.ProjectHooks.remove(P, hook.id);
  expect([await api.ProjectLabels.all(P), await api.PipelineSchedules.all(P), await api.PipelineTriggerTokens.all(P), await api.ProjectHooks.all(P)]).toEqual([[], [], [], []]);
});
