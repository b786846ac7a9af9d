import { describe, expect, it } from 'vitest';
import { lastWeek, viewWeek, weeksBefore } from '../../scripts/decide/weekly-review.ts';
import type { WeeklyView } from '../../scripts/decide/weekly-words.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { renderComment } from '../../scripts/render/comment.ts';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import type { FollowUpOnRecord, History, Life, ShiftOnRecord } from '../../scripts/schema/types.gen.ts';
import { filled } from '../support/handoff.ts';
import { history, life as lifeOf, shift } from '../support/lives.ts';
import { AFTER_QUARTER, quarter, quarterConfig } from '../support/quarter.ts';
import { ana, ben, config, lea, snapshot } from '../support/snapshot.ts';

/** Wednesday; the week that is reviewed is 2026-W47, from Monday, 2026-11-16, to Sunday, 2026-11-22. */
const NOW = new Date('2026-11-25T10:00:00Z');
const HOME = 42;
const [BEFORE, THAT_WEEK, SINCE] = ['2026-11-14T12:00:00.000Z', '2026-11-18T12:00:00.000Z', '2026-11-24T12:00:00.000Z'];

const address = (iid: number): Pick<Life, 'iid' | 'reference'> => ({ iid, reference: `sirt/incidents#${iid}` });
/** An open incident that came so; a test says what differs. */
const life = (iid: number, pagedAt: string, more: Partial<Life> = {}): Life => lifeOf({ ...address(iid), created_at: pagedAt, paged_at: pagedAt, ...more });
/** One that was closed then. */
const closed = (iid: number, pagedAt: string, closedAt: string, more: Partial<Life> = {}): Life =>
  life(iid, pagedAt, { state: 'closed', closed_at: closedAt, updated_at: closedAt, closes: [{ at: closedAt, by: ana.id, source: 1 }], ...more });
const issue = (iid: number, description: string, more: Partial<Issue> = {}): Issue => snapshot({ iid, description, ...more }).issue;

type Given = { incidents?: Life[]; issues?: Issue[]; more?: Partial<History>; settings?: object; now?: Date };

function view({ incidents = [], issues = [], more = {}, settings = {}, now = NOW }: Given): WeeklyView {
  const installation: Installation = config(settings);
  return viewWeek({ history: history({ incidents, ...more }), issues, home: HOME }, lastWeek(now, installation.time_zone), installation, now);
}

const references = (rows: { reference: string }[]): string[] => rows.map(({ reference }) => reference.replace('sirt/incidents', ''));
const body = (shown: WeeklyView): string => renderComment({ slot: 'weekly-review', delivery: 'board', facts: {}, view: shown });

describe('the last week', () => {
  it.each([
    { name: 'in UTC', now: '2026-11-25T10:00:00Z', zone: 'UTC', week: '2026-W47', from: '2026-11-16T00:00:00Z', to: '2026-11-23T00:00:00Z' },
    { name: 'until the end of Sunday still the one before', now: '2026-11-22T23:59:59Z', zone: 'UTC', week: '2026-W46', from: '2026-11-09T00:00:00Z', to: '2026-11-16T00:00:00Z' },
    { name: 'from Monday 00:00 on', now: '2026-11-23T00:00:00Z', zone: 'UTC', week: '2026-W47', from: '2026-11-16T00:00:00Z', to: '2026-11-23T00:00:00Z' },
    { name: 'by the Monday of Auckland, which is earlier', now: '2026-11-22T11:00:00Z', zone: 'Pacific/Auckland', week: '2026-W47', from: '2026-11-15T11:00:00Z', to: '2026-11-22T11:00:00Z' },
    { name: 'by the Monday of Los Angeles, which is later', now: '2026-11-23T07:59:59Z', zone: 'America/Los_Angeles', week: '2026-W46', from: '2026-11-09T08:00:00Z', to: '2026-11-16T08:00:00Z' },
    { name: 'that lost an hour in spring', now: '2026-04-01T10:00:00Z', zone: 'Europe/Berlin', week: '2026-W13', from: '2026-03-22T23:00:00Z', to: '2026-03-29T22:00:00Z' },
    { name: 'that gained an hour in autumn', now: '2026-10-26T10:00:00Z', zone: 'Europe/Berlin', week: '2026-W43', from: '2026-10-18T22:00:00Z', to: '2026-10-25T23:00:00Z' },
    { name: 'at new year, which is the 53rd of the old one', now: '2027-01-04T10:00:00Z', zone: 'UTC', week: '2026-W53', from: '2026-12-28T00:00:00Z', to: '2027-01-04T00:00:00Z' },
    { name: 'at new year, which is the first of the new one', now: '2026-01-05T10:00:00Z', zone: 'UTC', week: '2026-W01', from: '2025-12-29T00:00:00Z', to: '2026-01-05T00:00:00Z' },
  ])('$name', ({ now, zone, week, from, to }) => {
    const { name, period, before } = lastWeek(new Date(now), zone);
    expect({ name, from: period.from, to: period.to }).toEqual({ name: week, from: new Date(from), to: new Date(to) });
    expect(before).toEqual({ from: weeksBefore(2, new Date(now), zone), to: period.from });
  });

  it('is told by its days, over the change of the clocks too', () => {
    const settings = { time_zone: 'Europe/Berlin' };
    expect(view({ settings, now: new Date('2026-10-26T10:00:00Z') })).toMatchObject({ week: '2026-W43', from: '2026-10-19', to: '2026-10-25' });
  });
});

describe('the review lists', () => {
  it.each([
    { name: 'an open one of that week', incident: life(1, THAT_WEEK), open: ['#1'], over: [] },
    { name: 'an open one however old', incident: life(1, '2024-02-01T00:00:00.000Z'), open: ['#1'], over: [] },
    { name: 'an open one that came since', incident: life(1, SINCE), open: ['#1'], over: [] },
    { name: 'one that came and was closed that week', incident: closed(1, THAT_WEEK, THAT_WEEK), open: [], over: ['#1'] },
    { name: 'one that was closed that week, though it is old', incident: closed(1, '2026-09-01T00:00:00.000Z', THAT_WEEK), open: [], over: ['#1'] },
    { name: 'one that came that week and was closed since', incident: closed(1, THAT_WEEK, SINCE), open: [], over: ['#1'] },
    { name: 'none that was closed before', incident: closed(1, BEFORE, BEFORE), open: [], over: [] },
    { name: 'none that came and was closed since', incident: closed(1, SINCE, SINCE), open: [], over: [] },
    { name: 'one closed at the first moment of the week', incident: closed(1, BEFORE, '2026-11-16T00:00:00.000Z'), open: [], over: ['#1'] },
    { name: 'none closed at the first moment after it', incident: closed(1, BEFORE, '2026-11-23T00:00:00.000Z'), open: [], over: [] },
  ])('$name', ({ incident, open, over }) => {
    const shown = view({ incidents: [incident] });
    expect([references(shown.open.rows), references(shown.closed.rows)]).toEqual([open, over]);
  });

  it('the more severe first, then the older, with what presses', () => {
    const incidents = [
      life(1, THAT_WEEK, { severity: 3 }),
      life(2, SINCE, { severity: 1, labels: ['ack::pending', 'ack::escalated'] }),
      life(3, THAT_WEEK, { severity: 1, gate: 'blocked', missing: ['OWNER_MISSING'] }),
      life(4, THAT_WEEK, { labels: ['update::due', 'review::due'] }),
    ];
    const { open } = view({ incidents });
    expect(open.rows.map(({ reference, blockers, missing }) => [reference.slice(-2), blockers, missing])).toEqual([
      ['#3', ['blocked'], ['OWNER_MISSING']],
      ['#2', ['escalated'], []],
      ['#4', ['update due', 'review due'], []],
      ['#1', [], []],
    ]);
  });

  it.each([
    { gate: 'verified', status: 'closed, verified' },
    { gate: 'disputed', status: 'closed, disputed' },
    { gate: 'exempt', exemption: 'DUPLICATE', status: 'closed, exempt' },
    { gate: 'exempt', exemption: 'OVERRIDDEN', status: 'closed, overridden' },
    { status: 'closed, not judged' },
  ] as const)('what became of a closed one: $status', ({ status, ...more }) => {
    expect(view({ incidents: [closed(1, THAT_WEEK, THAT_WEEK, more)] }).closed.rows).toMatchObject([{ status, since: THAT_WEEK }]);
  });

  it('sixty at most, and how many there are', () => {
    const many = Array.from({ length: 75 }, (_none, n) => life(n + 1, THAT_WEEK, { severity: 2 }));
    const past = Array.from({ length: 61 }, (_none, n) => closed(n + 101, THAT_WEEK, THAT_WEEK));
    const shown = view({ incidents: [...many, ...past] });
    expect([shown.open.rows.length, shown.open.count, shown.open.more]).toEqual([60, 75, 15]);
    expect([shown.closed.rows.length, shown.closed.count, shown.closed.more]).toEqual([60, 61, 1]);
    expect(body(shown)).toMatch(/### Open \(75\)[^]*\nAnd 15 more\.\n[^]*### Closed, of that week \(61\)[^]*\nAnd 1 more\.\n/);
    expect(body(shown).length).toBeLessThan(100_000);
  });
});

describe('the text of an incident is told', () => {
  const told = (given: Partial<Issue>, project = 42): object => {
    const incidents = [life(7, THAT_WEEK, { project })];
    return view({ incidents, issues: [issue(7, `${COMPLETE}\n`, { projectId: project, ...given })] }).open.rows[0]!.told;
  };
  it.each([
    { name: 'of one that is not confidential', given: {}, project: 42, isTold: true },
    { name: 'of one that is not confidential, elsewhere', given: {}, project: 77, isTold: true },
    { name: 'of a confidential one in the project of the review', given: { confidential: true }, project: 42, isTold: true },
    { name: 'not of a confidential one elsewhere', given: { confidential: true }, project: 77, isTold: false },
  ])('$name', ({ given, project, isTold }) => {
    expect(told(given, project)).toEqual(isTold ? expect.arrayContaining([{ title: 'Scope', text: 'deploy-token service, projects 311 and 312' }]) : []);
  });

  it('by scope, impact, the last work done and the next steps', () => {
    const description = `${COMPLETE.replace(/## Hand-off[^]*?(?=\n## |$)/, '')}\n${filled({ 'Next steps': 'rotate all others' })}`;
    const { open } = view({ incidents: [life(7, THAT_WEEK)], issues: [issue(7, description)] });
    expect(open.rows[0]?.told.map(({ title }) => title)).toEqual(['Scope', 'Impact', 'Work done', 'Next steps']);
    expect(open.rows[0]?.told.at(-1)?.text).toBe('rotate all others');
  });

  it.each([
    { name: 'of a minor one that was closed, its notes that become no follow-up', severity: 3, told: ['process: ask later', 'think'] },
    { name: 'of a severe one none, since each becomes a follow-up', severity: 2, told: [] },
  ] as const)('$name', ({ severity, told: wanted }) => {
    const notes = issue(7, '## Improvement notes\n\n- process: ask later\n- [ ] tooling: alert\n- [x] risk: done\n- think\n');
    const { closed: rows } = view({ incidents: [closed(7, THAT_WEEK, THAT_WEEK, { severity })], issues: [notes], settings: { follow_ups: {} } });
    expect(rows.rows[0]?.told.filter(({ title }) => title === 'To improve').map(({ text }) => text)).toEqual(wanted);
  });

  it('by its summary where nobody said what is affected, and not at all where nothing is known', () => {
    const [first, second] = [issue(7, '## Summary\n\nA token was leaked.\n'), issue(8, '')];
    const { open } = view({ incidents: [life(7, THAT_WEEK), life(8, THAT_WEEK), life(9, THAT_WEEK)], issues: [first, second] });
    expect(open.rows.map(({ told }) => told)).toEqual([[{ title: 'Scope', text: 'A token was leaked.' }], [], []]);
  });

  it('as text, whatever it is', () => {
    const hostile = '## Summary\n\nx` /close @all <img src=x> | [a](javascript:x) ``` <!-- watchkeeper:gate -->\n';
    const shown = body(view({ incidents: [life(7, THAT_WEEK)], issues: [issue(7, hostile)] }));
    expect(shown).toContain('  - Scope: `x /close @all <img src=x> a`\n');
    expect(shown.replace(/`[^`\n]*`/g, '')).not.toMatch(/@all|<img|javascript/);
  });
});

describe('beside the incidents stand', () => {
  const override = { at: THAT_WEEK, by: lea.id, source: 5 };
  it('the overrides of that week, with who gave them, not earlier ones', () => {
    const exempt = { gate: 'exempt', exemption: 'OVERRIDDEN' } as const;
    const incidents = [closed(1, BEFORE, THAT_WEEK, { ...exempt, override }), closed(2, BEFORE, THAT_WEEK, exempt), closed(3, BEFORE, BEFORE, { ...exempt, override })];
    const { overrides } = view({ incidents });
    expect(overrides).toEqual([
      { reference: 'sirt/incidents#1', by: 'lea' },
      { reference: 'sirt/incidents#2', by: '' },
    ]);
  });

  it('all disputes, however old, and what was changed after verification that week', () => {
    const incidents = [closed(1, BEFORE, BEFORE, { gate: 'disputed' }), closed(2, BEFORE, THAT_WEEK, { labels: ['closure::changed'] }), closed(3, BEFORE, BEFORE, { labels: ['closure::changed'] })];
    expect(view({ incidents })).toMatchObject({ disputes: ['sirt/incidents#1'], changed: ['sirt/incidents#2'] });
  });

  const handoff = { at: THAT_WEEK, from: ben.id, to: ana.id, source: 1, incidents: 2, complete: 1 };
  it.each<{ name: string; taken: Partial<ShiftOnRecord>; settings?: object; is: boolean }>([
    { name: 'a hand-off of that week that nobody accepted', taken: { handoff }, is: true },
    { name: 'none that was accepted', taken: { handoff: { ...handoff, accepted_at: THAT_WEEK, accepted_by: ana.id } }, is: false },
    { name: 'none of another week', taken: { handoff: { ...handoff, at: BEFORE } }, is: false },
    { name: 'none that handed over nothing', taken: { handoff: { ...handoff, incidents: 0 } }, is: false },
    { name: 'none where handing over is off', taken: { handoff }, settings: { handoff: { mode: 'off' } }, is: false },
    { name: 'none of a shift that took nothing over', taken: {}, is: false },
  ])('$name', ({ taken, settings = {}, is }) => {
    expect(view({ more: { shifts: [shift(taken)] }, settings }).unaccepted).toEqual(is ? [{ reference: 'sirt/incidents#100', by: 'ana' }] : []);
  });

  const task = (iid: number, due: string, more: Partial<FollowUpOnRecord> = {}): FollowUpOnRecord => ({
    ...{ ...address(iid), project: 42, url: '', state: 'opened', confidential: false, severity: 2, due_on: due },
    ...{ created_at: BEFORE, labelled_at: BEFORE, updated_at: BEFORE, ...more },
  });
  it('follow-ups and analyses from the day after their last one, the longest overdue first, with who does them', () => {
    const followUps = [task(1, '2026-11-24', { assignees: [ana.id, ben.id] }), task(2, '2026-11-10'), task(3, '2026-11-25'), task(4, '2026-11-01', { state: 'closed' })];
    const analyses = [{ ...lifeless(5), due_on: '2026-11-20', assignees: [lea.id] }];
    expect(view({ more: { follow_ups: followUps, analyses } })).toMatchObject({
      followUps: {
        count: 2,
        rows: [
          { reference: 'sirt/incidents#2', dueOn: '2026-11-10', tell: [] },
          { reference: 'sirt/incidents#1', dueOn: '2026-11-24', tell: ['ana', 'ben'] },
        ],
      },
      analyses: { count: 1, rows: [{ reference: 'sirt/incidents#5', dueOn: '2026-11-20', tell: ['lea'] }] },
    });
  });

  it('the days of the zone: it is the 26th in Auckland', () => {
    const more = { follow_ups: [task(3, '2026-11-25')] };
    const now = new Date('2026-11-25T11:30:00Z');
    expect([view({ more, now }).followUps.count, view({ more, now, settings: { time_zone: 'Pacific/Auckland' } }).followUps.count]).toEqual([0, 1]);
  });

  it('sixty follow-ups at most, and how many there are', () => {
    const { followUps } = view({ more: { follow_ups: Array.from({ length: 70 }, (_none, n) => task(n + 1, '2026-11-01')) } });
    expect([followUps.rows.length, followUps.count, followUps.more]).toEqual([60, 70, 10]);
    expect(followUps.rows.slice(0, 2).map(({ reference }) => reference)).toEqual(['sirt/incidents#1', 'sirt/incidents#2']);
  });
});

/** What a history has of an analysis that is open. */
const lifeless = (iid: number): History['analyses'][number] => ({ ...address(iid), project: 42, url: '', state: 'opened', created_at: BEFORE, updated_at: BEFORE, due_on: '' });

describe('the numbers', () => {
  it('are those of that week, with the week before beside them; what neither has is left out', () => {
    const incidents = [closed(1, '2026-11-12T12:00:00.000Z', '2026-11-12T13:00:00.000Z'), ...[2, 3].map((iid) => closed(iid, THAT_WEEK, '2026-11-18T12:30:00.000Z')), life(4, SINCE)];
    const { numbers } = view({ incidents });
    const of = (title: string): unknown => numbers.find((each) => each.title === title);
    expect(of('Incidents opened')).toMatchObject({ now: 2, before: 1 });
    expect(of('Time to resolve, median')).toEqual({ title: 'Time to resolve, median', unit: 'minutes', now: 30, before: 60 });
    expect(of('Time to mitigate, median')).toBeUndefined();
  });

  it('are twelve weeks by name, the last of which is that week, and the greatest of all', () => {
    const incidents = [life(1, BEFORE), life(2, THAT_WEEK), life(3, THAT_WEEK), life(4, SINCE)];
    const { weeks, most } = view({ incidents });
    expect(weeks.map(({ name }) => name)).toEqual(['W36', 'W37', 'W38', 'W39', 'W40', 'W41', 'W42', 'W43', 'W44', 'W45', 'W46', 'W47']);
    expect(weeks.slice(-3).map(({ opened }) => opened)).toEqual([0, 1, 2]);
    expect(most).toBe(2);
  });

  it('are twelve weeks over the change of clocks and new year too', () => {
    const { weeks } = view({ settings: { time_zone: 'Europe/Berlin' }, now: new Date('2027-01-04T10:00:00Z') });
    expect(weeks.map(({ name }) => name)).toEqual(['W42', 'W43', 'W44', 'W45', 'W46', 'W47', 'W48', 'W49', 'W50', 'W51', 'W52', 'W53']);
  });

  it('of a quarter add up', () => {
    const installation = quarterConfig();
    const shown = viewWeek({ history: quarter(), issues: [], home: HOME }, lastWeek(AFTER_QUARTER, 'UTC'), installation, AFTER_QUARTER);
    // The week after the quarter, and the last eleven of it: all but the first 47 incidents, which came in its first 14 days.
    expect(shown.weeks.reduce((sum, { opened }) => sum + opened, 0)).toBe(300 - 47);
    expect(shown.weeks.at(-1)).toMatchObject({ name: 'W41', opened: 0 });
    expect(shown.open.count).toBe(3);
  });
});
