import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { reconcileEvent } from '../../scripts/apply/event.ts';
import type { Event } from '../../scripts/read/event.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { config } from '../support/snapshot.ts';
import { stage, type Scene } from '../support/gitlab.ts';

type Names = Partial<{ projectId: number; iid: number; userId: number }>;
const naming = ({ projectId = 42, iid = 1, userId }: Names = {}): Event => ({ kind: 'issue', ref: { projectId, iid }, userId });

describe('an event of an issue', () => {
  it.each([
    { name: 'a project by its number', source: () => ({ project: 42 }) },
    { name: 'a project by its number in quotes', source: () => ({ project: '42' }) },
    { name: 'a project by its path, whatever its case', source: () => ({ project: 'SIRT/Incidents' }) },
    { name: 'a group by its path, whatever its case', source: () => ({ group: 'Sirt' }) },
    { name: 'a group by its number', source: (scene: Scene) => ({ group: scene.project.groupId }) },
    { name: 'one of several', source: () => ({ project: 42 }), more: [{ project: 7 }, { group: 'elsewhere' }] },
  ])('that is watched as $name reconciles it', async ({ source, more = [] }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const handled = await reconcileEvent(naming(), scene.tools({ config: config({ sources: [...more, source(scene)] }) }));
    expect(handled).toMatchObject({ incident: { issue: { iid: 1 }, finding: { state: 'blocked' }, warnings: [] } });
    expect(issue.state).toBe('opened');
  });

  it.each([
    { name: 'outside all projects that are known by number', sources: [{ project: 7 }], calls: 0 },
    { name: 'outside a project that is known by path', sources: [{ project: 'sirt/other' }], calls: 2 },
    { name: 'outside a group whose name only begins alike', sources: [{ group: 'sir' }], calls: 2 },
    { name: 'of a group that is called like a watched project', sources: [{ project: 'sirt' }], calls: 2 },
    { name: 'of a project that is called like a watched group', sources: [{ group: 'sirt/incidents' }], calls: 2 },
  ])('$name is nothing to do', async ({ sources, calls }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const handled = await reconcileEvent(naming(), scene.tools({ config: config({ sources }) }));
    expect(handled).toEqual({ nothing: 'project 42 is not among the sources of the configuration' });
    expect(issue.state).toBe('closed');
    expect(scene.gitlab.faults.calls).toHaveLength(calls);
  });

  it.each([
    { name: 'the bot itself', by: (scene: Scene) => scene.bot.id, former: [] },
    { name: 'one of its former accounts', by: () => 311, former: [311] },
  ])('that $name caused is nothing to do', async ({ by, former }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const handled = await reconcileEvent(naming({ userId: by(scene) }), scene.tools({ config: config({ bot: { former_ids: former } }) }));
    expect(handled).toEqual({ nothing: 'caused by the bot itself' });
    expect(issue.state).toBe('closed');
  });

  it('that somebody else caused is looked at', async () => {
    const scene = await stage();
    scene.closed(TOO_EARLY);
    const { id } = scene.gitlab.world.userNamed('ana');
    expect(await reconcileEvent(naming({ userId: id }), scene.tools())).toHaveProperty('incident');
  });

  it('that is gone is nothing to do', async () => {
    const scene = await stage();
    expect(await reconcileEvent(naming({ iid: 99 }), scene.tools())).toEqual({ nothing: 'project 42 shows no issue 99: deleted, or the bot may not see it' });
  });

  it.each([
    { name: 'a group is watched', sources: [{ group: 'sirt' }] },
    { name: 'a group bears its number', sources: [{ group: 4711 }] },
    { name: 'other projects are watched', sources: [{ project: 'sirt/incidents' }, { project: 42 }] },
  ])('of a project that is not there is nothing to do where $name', async ({ sources }) => {
    const scene = await stage();
    expect(await reconcileEvent(naming({ projectId: 4711 }), scene.tools({ config: config({ sources }) }))).toEqual({
      nothing: 'project 4711 shows no issue 1: deleted, or the bot may not see it',
    });
  });

  it('is found by the path of its project, whatever its own number', async () => {
    const scene = await stage();
    for (let count = 0; count < 12; count += 1) scene.closed(TOO_EARLY);
    expect(await reconcileEvent(naming({ iid: 12 }), scene.tools({ config: config({ sources: [{ project: 'sirt/incidents' }] }) }))).toMatchObject({ incident: { issue: { iid: 12 } } });
  });

  it.each([
    { name: 'project', sources: [{ project: 42 }, { project: 4711 }], projectId: 4711, says: 'The project 4711 does not exist' },
    { name: 'group', sources: [{ group: 4711 }], projectId: 42, says: 'The group 4711 does not exist' },
  ])('names a $name of the configuration that is not there', async ({ sources, projectId, says }) => {
    const scene = await stage();
    scene.closed(TOO_EARLY);
    const handling = reconcileEvent(naming({ projectId }), scene.tools({ config: config({ sources }) }));
    await expect(handling).rejects.toThrow(SetupError);
    await expect(handling).rejects.toThrow(says);
  });

  it('that names nothing says why, and asks GitLab nothing', async () => {
    const scene = await stage();
    expect(await reconcileEvent({ kind: 'nothing', reason: 'not about an issue' }, scene.tools())).toEqual({ nothing: 'not about an issue' });
    expect(scene.gitlab.faults.calls).toEqual([]);
  });
});
