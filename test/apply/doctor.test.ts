import { describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { recreateBot } from '../../scripts/sandbox/world/tokens.ts';
import { bareSite, DUTY } from '../support/site.ts';
import { apply, findings, setting, type Setting } from '../support/setting-up.ts';

/** A site on which all is in order; what GitLab answers there is judged by the tests of the door. */
async function installed(): Promise<Setting> {
  const at = setting(await bareSite({ hear: () => undefined }));
  expect(await apply(at)).toEqual([]);
  expect(await findings(at)).toEqual([]);
  return at;
}

const HOUR_MS = 3_600_000;

/** Keeps how a site stands, and gives a way back to it. */
function saved({ project, home, gitlab: { world } }: Setting): () => void {
  const things = [project, home, ...world.users, world.instance];
  const kept = structuredClone(things);
  return () => {
    things.forEach((thing, index) => Object.assign(thing, structuredClone(kept[index])));
  };
}

type Damage = { damage: string; does: (at: Setting) => unknown; found: string[] };

const DAMAGES: Damage[] = [
  {
    damage: 'a label was deleted',
    does: ({ project }) => project.labels.delete('closure::blocked'),
    found: ['DRIFT_ADD | sirt/incidents | labels closure::blocked', 'DRIFT_CHANGE | sirt/incidents | board On call'],
  },
  { damage: 'the webhook was deleted', does: ({ project }) => project.hooks.splice(0), found: ['DRIFT_ADD | sirt/incidents | webhook'] },
  {
    damage: 'the webhook no longer hears of confidential issues',
    does: ({ project }) => {
      project.hooks.forEach(({ events }) => (events.confidential_issues = false));
    },
    found: ['DRIFT_CHANGE | sirt/incidents | webhook'],
  },
  {
    damage: 'GitLab switched the webhook off yesterday',
    does: ({ project }) => {
      project.hooks.forEach((hook) => Object.assign(hook, { failures: 40, disabledUntil: null }));
    },
    found: ['HOOK_DISABLED | sirt/incidents | somebody tests it | unknown'],
  },
  {
    damage: 'GitLab switched the webhook off for hours',
    does: ({ project, clock }) => {
      project.hooks.forEach((hook) => Object.assign(hook, { failures: 8, disabledUntil: new Date(clock.now.getTime() + HOUR_MS).toISOString() }));
    },
    found: ['HOOK_DISABLED | sirt/incidents | 2026-11-20T11:00:00.000Z | unknown'],
  },
  {
    damage: 'somebody deleted the trigger token that the webhook has',
    does: async (at) => {
      at.home.triggers.splice(0);
      for (const title of ['a', 'b', 'c']) await at.call('lea', 'POST', '/projects/42/issues', { title });
      await at.gitlab.settled();
    },
    found: ['HOOK_FAILS | sirt/incidents | 404 | 2026-11-20T10:00:00.000Z', 'DRIFT_ADD | sirt/watchkeeper | trigger token Watchkeeper', 'DRIFT_CHANGE | sirt/incidents | webhook'],
  },
  {
    damage: 'the account that owns trigger and schedules was blocked',
    does: async (at) => {
      at.home.members.set(at.gitlab.world.addUser('gone').id, LEVEL.maintainer);
      const { id } = at.gitlab.world.userNamed('gone');
      for (const owned of [...at.home.triggers, ...at.home.schedules]) owned.ownerId = id;
      at.gitlab.world.userNamed('gone').state = 'blocked';
      await Promise.resolve();
    },
    found: [
      'TRIGGER_OWNER | sirt/watchkeeper | Watchkeeper',
      'SCHEDULE_OWNER | sirt/watchkeeper | Watchkeeper: sweep',
      'SCHEDULE_OWNER | sirt/watchkeeper | Watchkeeper: daily sweep',
      'SCHEDULE_OWNER | sirt/watchkeeper | Watchkeeper: shift',
      'SCHEDULE_OWNER | sirt/watchkeeper | Watchkeeper: report',
      'DRIFT_ADD | sirt/watchkeeper | trigger token Watchkeeper',
      'DRIFT_REMOVE | sirt/watchkeeper | trigger token Watchkeeper',
      'DRIFT_CHANGE | sirt/incidents | webhook',
      ...['sweep', 'daily sweep', 'shift', 'report'].map((name) => `DRIFT_CHANGE | sirt/watchkeeper | schedule "Watchkeeper: ${name}"`),
    ],
  },
  {
    damage: 'a person owns the schedules',
    does: ({ home, lea }) => {
      home.schedules.forEach((schedule) => (schedule.ownerId = lea.id));
    },
    found: ['OWNER_IS_PERSON | sirt/watchkeeper | lea'],
  },
  {
    damage: 'a schedule was switched off',
    does: ({ home }) => {
      home.schedules.slice(0, 1).forEach((schedule) => (schedule.active = false));
    },
    found: ['DRIFT_CHANGE | sirt/watchkeeper | schedule "Watchkeeper: sweep"'],
  },
  { damage: 'the token may only read', does: ({ bot }) => (bot.grant.scopes = ['read_api']), found: ['TOKEN_SCOPE | @watchkeeper-bot | read_api'] },
  { damage: 'the token ends in three weeks', does: ({ bot }) => (bot.grant.expiresAt = '2026-12-11'), found: ['TOKEN_EXPIRES | @watchkeeper-bot | 2026-12-11 | 21'] },
  { damage: 'the token ends in three days', does: ({ bot }) => (bot.grant.expiresAt = '2026-11-23'), found: ['TOKEN_ENDS | @watchkeeper-bot | 2026-11-23 | 3'] },
  {
    damage: 'the bot is an ordinary account',
    does: ({ bot }) => (bot.bot = false),
    found: ['BOT_IS_PERSON | @watchkeeper-bot | watchkeeper-bot', 'OWNER_IS_PERSON | sirt/watchkeeper | watchkeeper-bot'],
  },
  {
    damage: "the bot's role where the incidents are is too low",
    does: ({ project, bot }) => project.members.set(bot.id, LEVEL.reporter),
    found: ['BOT_ROLE | sirt/incidents | 20 | Developer'],
  },
  {
    damage: 'the bot may run no pipeline on the branch, though nobody may set variables',
    does: ({ home, bot }) => home.members.set(bot.id, LEVEL.developer),
    found: ['TIMER_CANNOT_START | sirt/watchkeeper | main is protected, and only Maintainers may push or merge to it'],
  },
  {
    damage: 'the CI file takes no timers',
    does: ({ home }) => home.repository.branches.get('main')?.files.set('.gitlab-ci.yml', 'sweep:\n  script: [npx tsx scripts/sweep.ts]\n'),
    found: ['TIMER_CANNOT_START | sirt/watchkeeper | .gitlab-ci.yml declares no input task, project, iid, start_in', 'JOBS_MISSING | sirt/watchkeeper'],
  },
  {
    damage: 'an old GitLab counts the payload among the variables',
    does: ({ gitlab }) => (gitlab.world.instance.version = '18.4.2'),
    found: ['TRIGGER_BLOCKED | sirt/watchkeeper | 18.4.2'],
  },
  {
    damage: 'the branch is no longer protected',
    does: ({ home }) => home.protectedBranches.splice(0),
    found: ['DRIFT_ADD | sirt/watchkeeper | protected branch main'],
  },
  {
    damage: 'whoever likes may set variables',
    does: ({ home }) => (home.pipelineVariablesRole = 'developer'),
    found: ['DRIFT_CHANGE | sirt/watchkeeper | settings'],
  },
  {
    damage: 'the variable with the token is not protected, and has another',
    does: ({ home }) => {
      home.variables.forEach((variable) => Object.assign(variable, { protected: false, value: 'glpat-of-last-year' }));
    },
    found: ['DRIFT_CHANGE | sirt/watchkeeper | variable WATCHKEEPER_TOKEN'],
  },
  {
    damage: 'the configuration there is another',
    does: ({ home }) => home.repository.branches.get('main')?.files.set('oncall.yml', DUTY.replace('# Ours.', 'gate: { since: "2026-01-01T00:00:00Z" }')),
    found: ['CONFIG_DIFFERS | sirt/watchkeeper | oncall.yml'],
  },
  {
    damage: 'somebody on call has left',
    does: ({ gitlab }) => (gitlab.world.userNamed('ben').state = 'blocked'),
    found: ['PERSON_UNKNOWN | @ben | ben'],
  },
  {
    damage: 'somebody on call may not acknowledge',
    does: ({ project, gitlab }) => project.members.set(gitlab.world.userNamed('ben').id, LEVEL.reporter),
    found: ['PERSON_ROLE | @ben | ben | developer'],
  },
  {
    damage: 'a second webhook starts each pipeline again',
    does: ({ project }) => project.hooks.push({ ...(project.hooks[0] as (typeof project.hooks)[number]), id: 99, name: 'mine' }),
    found: ['HOOK_TWICE | sirt/incidents | 2'],
  },
];

describe('what a check finds where', () => {
  it('each of two dozen damages is found and named, and what setup can mend, it mends', async () => {
    const at = await installed();
    const restore = saved(at);
    for (const { damage, does, found } of DAMAGES) {
      await does(at);
      expect({ damage, found: await findings(at) }).toEqual({ damage, found });
      if (found.every((finding) => finding.startsWith('DRIFT'))) expect({ damage, undone: await apply(at), left: await findings(at) }).toEqual({ damage, undone: [], left: [] });
      restore();
    }
  });

  it("the bot's token was recreated, and the bot is another user", async () => {
    const at = await installed();
    const issue = createIssue(at.gitlab.world, at.lea, at.project, 'Token leaked', 'incident');
    await at.run(issue);
    await at.call('watchkeeper-bot', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: '<!-- watchkeeper:gate {} -->\nIn order.' });
    const now = recreateBot(at.gitlab.world, at.project, at.bot);
    at.home.members.set(now.id, LEVEL.maintainer);
    const said = await findings({ ...at, bot: now });
    expect(said).toContain(`BOT_RECREATED | @${now.username} | ${at.bot.username} | ${at.bot.id}`);
    const known = { ...at, bot: now, text: `${at.text}\nbot: { former_ids: [${at.bot.id}] }\n` };
    expect((await findings(known)).filter((finding) => finding.startsWith('BOT'))).toEqual([]);
  });

  it('rules only watch, and escalation goes by a way on which somebody cannot be reached', async () => {
    const at = setting(await bareSite(), `${DUTY}review: { mode: observe }\nescalation: { steps: [{ after_minutes: 15, notify: [manager], via: [slack, pagerduty] }] }\n`);
    await apply(at);
    const names = ['lea', 'ana', 'ben'].sort();
    const said = await findings(at);
    expect(said.filter((finding) => finding.startsWith('PERSON_NOT_IN_SLACK')).sort()).toEqual(names.map((name) => `PERSON_NOT_IN_SLACK | @${name} | ${name}`).sort());
    expect(said).toContain('RULE_OBSERVES | review | review');
  });

  it('no Maintainer asks: what was not seen is named, and is no error', async () => {
    const at = await installed();
    at.home.members.set(at.bot.id, LEVEL.developer);
    at.home.protectedBranches.forEach(({ merge }) => {
      merge.forEach((access) => (access.level = 30));
    });
    const said = await findings(at, { setupToken: at.bot.token });
    expect(said.map((finding) => finding.split(' | ').slice(0, 3).join(' | '))).toEqual([
      'UNSEEN | sirt/watchkeeper | variables',
      'UNSEEN | sirt/watchkeeper | trigger tokens',
      'UNSEEN | sirt/incidents | webhooks',
    ]);
    at.project.hooks.splice(0);
    at.clock.now = new Date('2026-11-20T13:00:00Z');
    for (const title of ['a', 'b', 'c']) await at.call('lea', 'POST', '/projects/42/issues', { title });
    expect((await findings(at, { setupToken: at.bot.token }))[0]).toBe('HOOK_SILENT | sirt/incidents | 3 | it was set up');
  });
});
