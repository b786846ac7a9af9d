import { afterAll, describe, expect, it } from 'vitest';
import { dying, FAULTS, Killed, wrapped } from '../support/dying.ts';
import type { Fault } from '../../scripts/sandbox/api/faults.ts';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import { bareSite, schedules } from '../support/site.ts';
import { INPUTS } from '../support/provided.ts';
import { apply, findings, setting, type Setting } from '../support/setting-up.ts';

/** Every point in `npm run test:long`; some of them in `npm test`. */
const STEP = INPUTS >= 5_000 ? 1 : 23;
const tally = { kills: 0, faults: 0 };
afterAll(() => {
  console.log(`setup interrupted: killed at ${tally.kills} points, a bad answer at ${tally.faults}; the next run made each thing once`);
});

/** What setup made, without ids and secrets. */
function made({ home, project, ...at }: Setting): object {
  return {
    ...{ schedules: schedules({ home }).sort(), triggers: home.triggers.length, variables: home.variables.map(({ key }) => key) },
    ...{ labels: [...project.labels.keys()].sort(), hooks: project.hooks.map(({ name, url, urlVariables }) => [name, url.replace(/^.*\/api/, ''), Object.keys(urlVariables)]) },
    ...{ files: [...(home.repository.branches.get('main')?.files.keys() ?? [])], templates: [...(project.repository.branches.get('main')?.files.keys() ?? [])] },
    ...{ settings: home.pipelineVariablesRole, since: /since: \S+/.exec(at.text)?.[0], boards: project.boards.map(({ name, lists }) => [name, lists.length]) },
  };
}

async function begin(): Promise<Setting> {
  // What GitLab answers is judged by all other tests.
  return setting(await bareSite({ hear: undefined }));
}

describe('setup interrupted', () => {
  it('killed at a call, the next run ends where an undisturbed one does, and makes nothing twice', async () => {
    const undisturbed = await begin();
    const counting = dying();
    await apply(undisturbed, (by) => ({ ...by, asBot: wrapped(by.asBot, counting.wrap), asOwn: wrapped(by.asOwn, counting.wrap) }));
    const wanted = made(undisturbed);
    for (let at = 1; at <= counting.calls(); at += STEP) {
      for (const isDone of [false, true]) {
        const site = await begin();
        const { wrap } = dying({ at, isDone });
        await expect(apply(site, (by) => ({ ...by, asBot: wrapped(by.asBot, wrap), asOwn: wrapped(by.asOwn, wrap) }))).rejects.toThrow(Killed);
        expect({ at, isDone, undone: await apply(site), ...made(site) }).toEqual({ at, isDone, undone: [], ...wanted });
        expect({ at, isDone, left: await findings(site) }).toEqual({ at, isDone, left: [] });
        tally.kills += 1;
      }
    }
  }, 900_000);

  it.each(FAULTS)(
    'answered badly ($kind), it leaves nothing that the next run does not mend',
    async (fault: Fault) => {
      const undisturbed = await begin();
      await apply(undisturbed);
      const [wanted, calls] = [made(undisturbed), undisturbed.gitlab.faults.calls.length];
      for (let at = 1; at <= calls; at += STEP * 2) {
        const site = await begin();
        site.gitlab.faults.follow((_call, number) => (number === at ? fault : undefined));
        await apply(site).catch((error: unknown) => {
          if (!(error instanceof LeftOver || error instanceof SetupError)) throw error;
        });
        site.gitlab.faults.clear();
        expect({ at, undone: await apply(site), ...made(site) }).toEqual({ at, undone: [], ...wanted });
        tally.faults += 1;
      }
    },
    900_000,
  );
});
