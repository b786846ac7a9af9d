import { afterAll, describe, expect, it } from 'vitest';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import { deleteLabel } from '../../scripts/sandbox/world/labels.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { markDuplicate, moveIssue } from '../../scripts/sandbox/world/relations.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { INPUTS } from '../support/provided.ts';
import { act, later, say, SCENARIOS } from '../support/scenarios.ts';

/** Every point in `npm run test:hard`; in `npm test` every fourth, another in each row, so that all calls of all kinds have their turn. */
const STEP = INPUTS >= 5_000 ? 1 : 4;

let points = 0;
afterAll(() => {
  console.log(`meanwhile: ${points} points between a read and a write at which something else happened; nothing of it lost`);
});

/** What may happen to an incident between our read and our write, and what must still be true of it in the end. */
type Happening = { name: string; happens: (scene: Scene, issue: StoredIssue) => void; mend?: (scene: Scene) => void; stays: (scene: Scene, issue: StoredIssue) => boolean };

const HAPPENINGS: readonly Happening[] = [
  {
    name: 'the description is edited',
    happens: (scene, issue) => {
      act(scene, issue, { description: `${COMPLETE}\nA word more.\n` }, 'ben');
    },
    stays: (_scene, { description }) => description?.includes('A word more.') === true,
  },
  {
    name: 'labels are edited',
    happens: (scene, issue) => {
      act(scene, issue, { addLabels: ['vip'] }, 'ben');
    },
    stays: (_scene, { labels }) => labels.includes('vip'),
  },
  {
    name: 'somebody speaks',
    happens: (scene, issue) => {
      say(scene, issue, 'a comment in between', 'ben');
    },
    stays: (scene, issue) => scene.gitlab.world.notes.of(issue).some(({ body }) => body === 'a comment in between'),
  },
  {
    name: 'it is closed',
    happens: (scene, issue) => {
      act(scene, issue, { stateEvent: 'close' }, 'ben');
    },
    stays: () => true,
  },
  {
    name: 'it is opened and closed again',
    happens: (scene, issue) => {
      later(scene);
      act(scene, issue, { stateEvent: 'reopen' }, 'ben');
      act(scene, issue, { stateEvent: 'close' }, 'ben');
    },
    stays: () => true,
  },
  {
    name: 'it becomes confidential',
    happens: (scene, issue) => {
      act(scene, issue, { confidential: true }, 'ben');
    },
    stays: (_scene, { confidential }) => confidential,
  },
  {
    name: 'it is closed as a duplicate',
    happens: (scene, issue) => {
      markDuplicate(scene.gitlab.world, scene.gitlab.world.userNamed('ben'), issue, scene.closed(COMPLETE, { state: 'opened', closedAt: null }));
    },
    // As with a move.
    stays: (_scene, { duplicatedToId, state }) => duplicatedToId !== null || state === 'opened',
  },
  {
    name: 'it is moved',
    happens: (scene, issue) => {
      const { world } = scene.gitlab;
      const other = world.projects.find(({ id }) => id === 44) ?? world.addProject('sirt/else', { ben: LEVEL.developer }, 44);
      moveIssue(world, world.userNamed('ben'), issue, other);
    },
    // GitLab forgets where an issue went once it is opened again: what we decided a second before may do that.
    stays: (_scene, { movedToId, state }) => movedToId !== null || state === 'opened',
  },
  {
    name: 'it is deleted',
    happens: (scene, issue) => {
      scene.gitlab.world.removeIssue(issue);
    },
    stays: (scene, issue) => scene.gitlab.world.issueById(issue.id) === undefined,
  },
  {
    name: 'our labels are deleted from the project',
    happens: ({ gitlab, project }) => {
      for (const label of [...project.labels.values()].filter(({ name }) => name.startsWith('closure::'))) deleteLabel(gitlab.world, project, label);
    },
    stays: () => true,
  },
  {
    name: 'the token expires',
    happens: ({ bot }) => {
      bot.tokenState = 'expired';
    },
    mend: ({ bot }) => {
      bot.tokenState = 'active';
    },
    stays: () => true,
  },
  {
    name: 'the bot loses its role',
    happens: ({ project, bot }) => {
      project.members.set(bot.id, LEVEL.guest);
    },
    mend: ({ project, bot }) => {
      project.members.set(bot.id, LEVEL.developer);
    },
    stays: () => true,
  },
];

describe.each(HAPPENINGS)('$name between our read and our write', ({ happens, mend, stays }) => {
  it.each(SCENARIOS)('while $name', async (scenario) => {
    // What GitLab answers is judged by all other tests.
    const undisturbed = await stage({ hear: undefined });
    const { reads, writes } = await undisturbed.run(await scenario.set(undisturbed));
    const row = HAPPENINGS.findIndex((one) => one.happens === happens) + SCENARIOS.indexOf(scenario);
    for (let at = 1 + (row % Math.min(STEP, reads + writes)); at <= reads + writes; at += STEP) {
      const scene = await stage({ hear: undefined });
      const issue = await scenario.set(scene);
      const before = scene.gitlab.faults.calls.length;
      scene.gitlab.faults.follow((_call, number) => {
        if (number === before + at) happens(scene, issue);
        return undefined;
      });
      await scene.run(issue).catch((error: unknown) => {
        const isExpected = error instanceof LeftOver || error instanceof SetupError || /the issue is gone/.test(String(error));
        if (!isExpected) throw error;
      });
      scene.gitlab.faults.clear();
      mend?.(scene);
      points += 1;
      if (scene.gitlab.world.issueById(issue.id)) {
        await scene.run(issue);
        expect({ at, writes: (await scene.run(issue)).writes, comments: scene.said(issue).length <= 1 }).toEqual({ at, writes: 0, comments: true });
      }
      expect({ at, stays: stays(scene, issue) }).toEqual({ at, stays: true });
    }
  });
});
