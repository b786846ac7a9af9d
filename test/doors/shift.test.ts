import { describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { configFile, runAgainst } from '../support/door.ts';
import { stage, type Scene } from '../support/gitlab.ts';

/** @ana by night and @ben by day, all week. */
const ROSTER = `sources: [{ project: 42 }]
managers: ['@lea']
roster:
  engineers:
    fallback: '@lea'
    layers:
      - { name: night, start: 2026-11-16, rotation: ['@ana'], rotate: week, shifts: [{ from: '20:00', to: '08:00' }] }
      - { name: day, start: 2026-11-16, rotation: ['@ben'], rotate: week, shifts: [{ from: '08:00', to: '20:00' }] }
`;

/** An incident that @ana took at night, at 08:05. */
async function atTheChange(): Promise<{ scene: Scene; WATCHKEEPER_CONFIG: string; reference: string }> {
  const scene = await stage();
  const { world } = scene.gitlab;
  const issue = createIssue(world, world.userNamed('ana'), scene.project, 'Log-ins from two countries', 'incident');
  const at = '2026-11-20T04:00:00.000Z';
  Object.assign(issue, { createdAt: at, updatedAt: at, labels: ['ack::pending', 'severity::2'] });
  scene.clock.now = new Date('2026-11-20T08:05:00.000Z');
  return { scene, WATCHKEEPER_CONFIG: await configFile(ROSTER), reference: `sirt/incidents#${issue.iid}` };
}

const notesIn = ({ gitlab: { world }, bot }: Scene): string[] =>
  world.issues.flatMap((issue) =>
    world.notes.of(issue).flatMap(({ authorId, system, body }) => (authorId === bot.id && !system ? [`#${issue.iid} ${/^<!-- watchkeeper:([a-z-]+)/.exec(body)?.[1] ?? ''}`] : [])),
  );

describe('shift', () => {
  it('hands over at the change of shift, on a log of the new shift, and does nothing the second time', async () => {
    const { scene, WATCHKEEPER_CONFIG, reference } = await atTheChange();
    const first = await runAgainst(scene, 'shift', '', { WATCHKEEPER_CONFIG });
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.output).toContain(`${reference}: post the handoff comment`);
    expect(first.output).toContain('created the log of the shift from 2026-11-20T08:00:00.000Z');
    expect(notesIn(scene).sort()).toEqual(['#1 escalation', '#1 handoff', '#2 handoff', '#2 log']);
    const log = scene.gitlab.world.issues.at(-1)!;
    expect(log).toMatchObject({ confidential: true, labels: ['shift-log'], assigneeIds: [scene.gitlab.world.userNamed('ben').id] });
    expect((await runAgainst(scene, 'shift', '', { WATCHKEEPER_CONFIG })).report).toMatchObject({ calls: { writes: 0 } });
  });

  it('says in a dry run what it would do, and writes nothing', async () => {
    const { scene, WATCHKEEPER_CONFIG, reference } = await atTheChange();
    const { exitCode, output, report } = await runAgainst(scene, 'shift', '', { WATCHKEEPER_CONFIG, WATCHKEEPER_DRY_RUN: '1' });
    expect({ exitCode, report }).toMatchObject({ exitCode: 0, report: { calls: { writes: 0 } } });
    expect(output).toContain(`${reference}  `);
    expect(report['planned']).toContainEqual(expect.objectContaining({ reference, does: expect.arrayContaining(['post the handoff comment']) as string[], why: 'hand-off: change of shift' }));
    expect(report['planned']).toContainEqual({ reference: 'shift log', state: '', does: ['create the log of the shift from 2026-11-20T08:00:00.000Z'], why: 'shift log: the shift has none' });
    expect(notesIn(scene)).toEqual([]);
  });

  it('has nothing to do without a roster, and says so', async () => {
    const { exitCode, output } = await runAgainst(await stage(), 'shift', '');
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('watchkeeper shift: nothing to do: the configuration has no roster') as string });
  });

  it('exits 2 where no project can take the logs, and hands over all the same', async () => {
    const { scene } = await atTheChange();
    const WATCHKEEPER_CONFIG = await configFile(ROSTER.replace('project: 42', 'group: sirt'));
    const { exitCode, output } = await runAgainst(scene, 'shift', '', { WATCHKEEPER_CONFIG });
    expect(exitCode).toBe(2);
    expect(output).toContain('shift log: left over: No project takes the shift logs. Set shift_log.project in the configuration.');
    expect(notesIn(scene).sort()).toEqual(['#1 escalation', '#1 handoff']);
  });
});
