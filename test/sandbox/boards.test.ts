import { describe, expect, it } from 'vitest';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const BOARDS = '/projects/42/boards';
type Shown = { id: number; name: string; lists: { id: number; position: number; label: { name: string } }[] };

/** A scene with a board of @lea's, and the labels a, b and c. */
async function withBoard(): Promise<Scene & { board: string; labels: number[] }> {
  const scene = await stage();
  const { id } = await scene.call('lea', 'POST', BOARDS, { name: 'Duty' });
  const labels = await Promise.all(['a', 'b', 'c'].map((name) => scene.call('lea', 'POST', '/projects/42/labels', { name, color: '#fff' })));
  return { ...scene, board: `${BOARDS}/${String(id)}`, labels: labels.map((label) => Number(label['id'])) };
}

const shown = async (scene: Scene, board: string): Promise<string[]> => ((await answer(scene, 'ana', 'GET', board)).body as Shown).lists.map(({ position, label }) => `${position} ${label.name}`);

describe('issue boards', () => {
  it('are none in a new project, and several are allowed', async () => {
    const scene = await stage();
    expect((await answer(scene, 'ana', 'GET', BOARDS)).body).toEqual([]);
    for (const name of ['Duty', 'Reviews']) expect(await answer(scene, 'ana', 'POST', BOARDS, { name })).toMatchObject({ status: 201, body: { name, lists: [], project: { id: 42 } } });
    expect((await answer(scene, 'ana', 'GET', BOARDS)).body).toMatchObject([{ name: 'Duty' }, { name: 'Reviews' }]);
    expect(await answer(scene, 'ana', 'POST', BOARDS, {})).toMatchObject({ status: 400, body: { error: 'name is missing' } });
  });

  it('are renamed, and deleted', async () => {
    const scene = await withBoard();
    expect((await answer(scene, 'ana', 'PUT', scene.board, { name: 'On call', hide_backlog_list: true })).body).toMatchObject({ name: 'On call', hide_backlog_list: true, hide_closed_list: false });
    expect((await answer(scene, 'ana', 'DELETE', scene.board)).status).toBe(204);
    expect((await answer(scene, 'ana', 'GET', scene.board)).status).toBe(404);
  });

  it('have a list per label, in the order in which they came until they are moved', async () => {
    const scene = await withBoard();
    for (const label_id of scene.labels) await scene.call('ana', 'POST', `${scene.board}/lists`, { label_id });
    expect(await shown(scene, scene.board)).toEqual(['0 a', '1 b', '2 c']);
    const [, , last] = (await answer(scene, 'ana', 'GET', `${scene.board}/lists`)).body as { id: number }[];
    const path = `${scene.board}/lists/${last?.id ?? 0}`;
    expect((await answer(scene, 'ana', 'PUT', path, { position: 3 })).status).toBe(400);
    expect((await answer(scene, 'ana', 'PUT', path, { position: 0 })).body).toMatchObject({ position: 0, label: { name: 'c' } });
    expect(await shown(scene, scene.board)).toEqual(['0 c', '1 a', '2 b']);
    expect((await answer(scene, 'ana', 'DELETE', path)).status).toBe(204);
    expect(await shown(scene, scene.board)).toEqual(['0 a', '1 b']);
  });

  it.each<{ name: string; label: (scene: Awaited<ReturnType<typeof withBoard>>) => number | undefined; body: object }>([
    { name: 'a label that has one', label: ({ labels }) => labels[0], body: { message: { error: 'Label has already been taken' } } },
    { name: 'a label that is none', label: () => 1, body: { message: { error: 'Label not found!' } } },
    { name: 'no label', label: () => undefined, body: { error: 'label_id is missing, exactly one parameter must be provided' } },
  ])('refuse a list for $name: 400', async ({ label, body }) => {
    const scene = await withBoard();
    await scene.call('ana', 'POST', `${scene.board}/lists`, { label_id: scene.labels[0] });
    expect(await answer(scene, 'ana', 'POST', `${scene.board}/lists`, { label_id: label(scene) })).toMatchObject({ status: 400, body });
    expect(await shown(scene, scene.board)).toEqual(['0 a']);
  });

  it('lose the list of a label that is deleted', async () => {
    const scene = await withBoard();
    for (const label_id of scene.labels) await scene.call('ana', 'POST', `${scene.board}/lists`, { label_id });
    await scene.call('lea', 'DELETE', '/projects/42/labels/b');
    expect(await shown(scene, scene.board)).toEqual(['0 a', '1 c']);
  });
});
