import { afterAll, describe, expect, it } from 'vitest';
import { COMPLETE, FALSE_POSITIVE } from '../../scripts/sandbox/story/descriptions.ts';
import { setEscalationStatus } from '../../scripts/sandbox/world/incidents.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { openDutyRoom, PEOPLE, type DutyRoom } from '../support/duty-room.ts';
import { INPUTS } from '../support/provided.ts';
import { act, say } from '../support/scenarios.ts';

const DAY = '2026-11-23';
/** Of a day with 200 alerts every twentieth in `npm test`, and all in `npm run test:hard`. */
const ALERTS = INPUTS < 10_000 ? 10 : 200;

const printed: string[] = [];
afterAll(() => {
  console.log(printed.join('\n'));
});

/** An incident that an alert made. */
async function alerted(room: DutyRoom, severity: number, labels: string[] = []): Promise<StoredIssue> {
  const wanted = { title: 'Alert', issue_type: 'incident', labels: ['incident', 'oncall', `severity::${severity}`, ...labels].join(',') };
  const { iid } = await room.call('alert-bot', 'POST', '/projects/42/issues', wanted);
  await room.settle();
  return room.gitlab.world.issue(42, Number(iid))!;
}

/** An incident that PagerDuty's page made. */
async function paged(room: DutyRoom, priority: string): Promise<StoredIssue> {
  const { id } = room.pagerduty.pages.trigger({ title: 'Alert', priority });
  await room.settle();
  return room.gitlab.world.issues.find(({ description }) => description?.includes(`watchkeeper:page ${id}`))!;
}

/** Does something at a time of the day, and lets what follows happen. */
async function at(room: DutyRoom, time: string, what: () => unknown): Promise<void> {
  await room.until(`${DAY}T${time}:00Z`);
  await what();
  await room.settle();
}

/** How many e-mails everybody got about incidents: in all, and of those what Watchkeeper caused. */
function mailsOf({ gitlab: { world, notifications }, bot }: DutyRoom): Record<string, { all: number; ours: number }> {
  const counts: Record<string, { all: number; ours: number }> = {};
  const mails = notifications.mails.filter(({ issue }) => !issue.labels.includes('shift-log'));
  for (const { userId, actorId } of mails) {
    const count = (counts[world.userById(userId)!.username] ??= { all: 0, ours: 0 });
    count.all += 1;
    if (actorId === bot.id) count.ours += 1;
  }
  return counts;
}

function print(what: string, room: DutyRoom): void {
  const each = Object.entries(mailsOf(room)).map(([name, { all, ours }]) => `@${name} ${all}${all === ours ? '' : ` (${ours} of ours)`}`);
  printed.push(`e-mails, ${what}: ${each.join(', ') || 'none'}`);
}

const ackBy: Record<string, (room: DutyRoom, issue: StoredIssue) => unknown> = {
  'by /ack': (room, issue) => {
    say(room, issue, '/ack');
  },
  'by taking it': (room, issue) => {
    act(room, issue, { assigneeIds: [room.gitlab.world.userNamed('ana').id] });
  },
  "by GitLab's status": (room, issue) => {
    setEscalationStatus(room.gitlab.world, room.gitlab.world.userNamed('ana'), issue, 'ACKNOWLEDGED');
  },
  'in PagerDuty': ({ pagerduty: { pages } }) =>
    pages.acknowledge(
      pages.all[0]!.id,
      PEOPLE.find(({ name }) => name === 'ana')!,
    ),
};

const closeBy: Record<string, (room: DutyRoom, issue: StoredIssue) => unknown> = {
  'by /false-positive': (room, issue) => {
    say(room, issue, '/false-positive the load test from 198.51.100.0/24 tripped rule 311');
  },
  'by hand': async (room, issue) => {
    act(room, issue, { description: FALSE_POSITIVE });
    await room.settle();
    act(room, issue, { stateEvent: 'close' });
  },
};

describe('a false positive', () => {
  const ways = Object.keys(ackBy).flatMap((taken) => Object.keys(closeBy).map((closed) => ({ taken, closed })));
  it.each(ways)('that is taken $taken and closed $closed causes at most 3 e-mails to whoever had it, and none to others', async ({ taken, closed }) => {
    const room = await openDutyRoom(`${DAY}T10:05:00Z`);
    const issue = await (taken === 'in PagerDuty' ? paged(room, 'P3') : alerted(room, 3));
    await at(room, '10:10', () => ackBy[taken]!(room, issue));
    await at(room, '10:40', () => closeBy[closed]!(room, issue));
    await room.until(`${DAY}T12:00:00Z`);
    print(`a false positive taken ${taken}, closed ${closed}`, room);
    expect(issue).toMatchObject({ state: 'closed', labels: expect.arrayContaining(['closure::verified', 'ack::done']) as string[] });
    const { ana, ...others } = mailsOf(room);
    expect(ana?.all).toBeLessThanOrEqual(3);
    expect(others).toEqual({});
  });
});

/** The description of the long incident, once it is over. */
const WRITTEN = COMPLETE.replaceAll('2026-11-20', DAY)
  .replace('01:58', '14:05')
  .replace('02:07', '14:10')
  .replace('T03:10', 'T16:10')
  .replace('09:30', '22:40')
  .replace('- **Responsible**: @ben', '- **Responsible**: @dan');

describe('nine hours of severity 2, a change of shifts, and one close that was too early', () => {
  it.each(['an alert in GitLab', 'a page of PagerDuty'])('that began with %s cause at most 12 e-mails of ours to each', async (from) => {
    const room = await openDutyRoom(`${DAY}T14:05:00Z`);
    const issue = await (from === 'an alert in GitLab' ? alerted(room, 2) : paged(room, 'P2'));
    await at(room, '14:10', () => {
      say(room, issue, '/ack');
    });
    for (const [time, who] of [
      ['15:00', 'ana'],
      ['16:55', 'ana'],
      ['18:50', 'ana'],
      ['20:45', 'dan'],
      ['22:40', 'dan'],
    ] as const)
      await at(room, time, () => {
        say(room, issue, '/update Current risk: low. The token is revoked, the logs are being read.', who);
      });
    await at(room, '22:45', () => {
      act(room, issue, { stateEvent: 'close' }, 'dan');
    });
    expect(issue).toMatchObject({ state: 'opened', labels: expect.arrayContaining(['closure::blocked']) as string[] });
    await at(room, '22:55', () => {
      act(room, issue, { description: WRITTEN }, 'dan');
    });
    await at(room, '23:05', () => {
      act(room, issue, { stateEvent: 'close' }, 'dan');
    });
    await room.until('2026-11-24T02:00:00Z');
    print(`9 hours of S2 that began with ${from}`, room);
    expect(issue).toMatchObject({ state: 'closed', labels: expect.arrayContaining(['closure::verified']) as string[] });
    expect(Object.values(mailsOf(room)).filter(({ ours }) => ours > 12)).toEqual([]);
  });
});

describe(`a day of alerts that were nothing (${ALERTS} of 200)`, () => {
  it.each<{ name: string; labels?: string[]; then: (room: DutyRoom, issue: StoredIssue) => unknown; mostEach: number }>([
    {
      name: 'recovered by themselves',
      then: (room, issue) => {
        act(room, issue, { stateEvent: 'close' }, 'alert-bot');
      },
      mostEach: 0,
    },
    {
      name: 'known noise, closed by hand',
      labels: ['noise::scanner'],
      then: (room, issue) => {
        act(room, issue, { stateEvent: 'close' });
      },
      mostEach: 1,
    },
    {
      name: 'labelled in bulk, then closed in bulk',
      then: async (room, issue) => {
        act(room, issue, { addLabels: ['outcome::false-positive'] });
        await room.settle();
        act(room, issue, { stateEvent: 'close' });
      },
      mostEach: 1,
    },
    {
      name: 'taken and closed by command',
      then: async (room, issue) => {
        say(room, issue, '/ack');
        await room.settle();
        say(room, issue, '/false-positive the load test from 198.51.100.0/24 tripped rule 311');
      },
      mostEach: 3,
    },
  ])('$name causes at most $mostEach e-mails each', async ({ name, labels, then, mostEach }) => {
    const noise = { label: 'noise::scanner', reason: 'the scanner of the network team, known', reference: '#1', until: '2026-12-31' };
    const room = await openDutyRoom(`${DAY}T09:20:00Z`, { known_noise: [noise] });
    const issues: StoredIssue[] = [];
    for (let count = 0; count < ALERTS; count += 1) {
      const issue = await alerted(room, 3, labels);
      room.clock.now = new Date(room.clock.now.getTime() + 60_000);
      await then(room, issue);
      await room.settle();
      issues.push(issue);
    }
    print(`${ALERTS} alerts ${name}`, room);
    expect(issues.filter(({ state }) => state !== 'closed')).toEqual([]);
    expect(Object.values(mailsOf(room)).filter(({ all }) => all > mostEach * ALERTS)).toEqual([]);
  });
});
