import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followUpsOf, personNamed, type FollowUp } from '../../scripts/decide/follow-ups.ts';
import type { LearningFacts } from '../../scripts/schema/types.gen.ts';
import { config, snapshot } from '../support/snapshot.ts';

type Judged = Parameters<typeof followUpsOf>[3];

const SEVERE: Judged = { severity: 2, outcome: 'resolved' };
const MINOR: Judged = { severity: 3, outcome: 'resolved' };

function follow(notes: readonly string[], before: FollowUp[] = [], judged: Judged = SEVERE, more: object = {}): FollowUp[] {
  const description = `## Improvement notes\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`;
  const facts: LearningFacts | undefined = before.length > 0 ? { items: before.map(onRecord) } : undefined;
  return followUpsOf(snapshot({ description }), facts, config({ follow_ups: more }), judged);
}

/** What is remembered of a follow-up once it came true. */
function onRecord({ n, note, kind, names, isGone }: FollowUp): LearningFacts['items'][number] {
  return { n, note, kind, project: 42, iid: 100 + n, ...(names === undefined ? {} : { linked: true }), ...(isGone ? { gone: true } : {}) };
}

/** A follow-up in a few words: its number, what is to be done, and its text. */
function say({ n, text, names, known, note, isGone }: FollowUp): string {
  const does = isGone ? 'gone' : !known ? (names ?? 'new') : known.note === note ? (known.gone ? 'back' : 'kept') : 'changed';
  return `${n} ${does}${isGone ? '' : `: ${text}`}`;
}

describe('which notes become follow-ups', () => {
  it.each<{ name: string; notes: string[]; judged?: Judged; config?: object; follows: string[] }>([
    { name: 'each of a severe incident', notes: ['process: ask later', 'tooling: alert earlier'], follows: ['1 new: ask later', '2 new: alert earlier'] },
    { name: 'none of a minor one', notes: ['process: ask later'], judged: MINOR, follows: [] },
    { name: 'a task of a minor one', notes: ['process: ask later', '[ ] tooling: alert earlier'], judged: MINOR, follows: ['1 new: alert earlier'] },
    { name: 'no task where tasks are switched off', notes: ['[ ] tooling: alert earlier'], judged: MINOR, config: { tasks: false }, follows: [] },
    { name: 'no task that is ticked', notes: ['[x] tooling: alert earlier'], follows: [] },
    { name: 'each of a minor one where the configuration says so', notes: ['process: ask later'], judged: MINOR, config: { severities: [3] }, follows: ['1 new: ask later'] },
    { name: 'each of a severe false positive', notes: ['tooling: tune the rule'], judged: { severity: 1, outcome: 'false positive' }, follows: ['1 new: tune the rule'] },
    { name: 'none of what goes on elsewhere', notes: ['tooling: tune the rule'], judged: { severity: 1, outcome: 'duplicate' }, follows: [] },
    { name: 'none of a severity that nobody knows', notes: ['tooling: tune the rule'], judged: { severity: undefined, outcome: 'resolved' }, follows: [] },
    { name: 'not that there is nothing to improve', notes: ['none: the playbook worked as written and every alert fired'], follows: [] },
    { name: 'one for two notes that say the same', notes: ['tooling: alert earlier', 'tooling: alert earlier'], follows: ['1 new: alert earlier'] },
    { name: 'the issue that a note names', notes: ['tooling: alert earlier, see #12'], follows: ['1 sirt/incidents#12: alert earlier, see #12'] },
    { name: 'one issue that two notes name', notes: ['tooling: alert earlier, #12', 'process: page less (#12)'], follows: ['1 sirt/incidents#12: alert earlier, #12'] },
    {
      name: 'the issue at an address here',
      notes: ['tooling: https://gitlab.example.com/infra/Detection/-/issues/5'],
      follows: ['1 infra/detection#5: https://gitlab.example.com/infra/Detection/-/issues/5'],
    },
    {
      name: 'the issue at an address elsewhere',
      notes: ['tooling: https://git.example.org/a/b/-/issues/5'],
      follows: ['1 https://git.example.org/a/b/-/issues/5: https://git.example.org/a/b/-/issues/5'],
    },
    { name: 'an issue of its own where a note names a merge request', notes: ['tooling: finish !12'], follows: ['1 new: finish !12'] },
    { name: 'an issue of its own where a note names its own incident', notes: ['tooling: what #7 showed'], follows: ['1 new: what #7 showed'] },
  ])('$name', ({ notes, judged, config: more, follows }) => {
    expect(follow(notes, [], judged, more).map(say)).toEqual(follows);
  });
});

describe('what becomes of follow-ups when the notes change', () => {
  const before = follow(['process: ask later', 'tooling: alert earlier', 'risk: no second key']);
  it.each<{ name: string; notes: string[]; judged?: Judged; follows: string[] }>([
    {
      name: 'nothing where they did not',
      notes: ['process: ask later', 'tooling: alert earlier', 'risk: no second key'],
      follows: ['1 kept: ask later', '2 kept: alert earlier', '3 kept: no second key'],
    },
    {
      name: 'nothing by another order',
      notes: ['risk: no second key', 'tooling: alert earlier', 'process: ask later'],
      follows: ['1 kept: ask later', '2 kept: alert earlier', '3 kept: no second key'],
    },
    {
      name: 'one that says something else goes on',
      notes: ['process: ask later', 'tooling: alert at once', 'risk: no second key'],
      follows: ['1 kept: ask later', '2 changed: alert at once', '3 kept: no second key'],
    },
    { name: 'one that is taken away is remarked upon', notes: ['process: ask later', 'risk: no second key'], follows: ['1 kept: ask later', '2 gone', '3 kept: no second key'] },
    {
      name: 'a new one gets a number of its own',
      notes: ['process: ask later', 'tooling: alert earlier', 'risk: no second key', 'tooling: log more'],
      follows: ['1 kept: ask later', '2 kept: alert earlier', '3 kept: no second key', '4 new: log more'],
    },
    {
      name: 'one of another kind is another',
      notes: ['process: ask later', 'automation: alert earlier', 'risk: no second key'],
      follows: ['1 kept: ask later', '2 gone', '3 kept: no second key', '4 new: alert earlier'],
    },
    {
      name: 'one that is ticked keeps its own',
      notes: ['[x] process: ask later', 'tooling: alert earlier', 'risk: no second key'],
      follows: ['1 kept: ask later', '2 kept: alert earlier', '3 kept: no second key'],
    },
    {
      name: 'they stay where the severity was lowered',
      notes: ['process: ask later', 'tooling: alert earlier', 'risk: no second key'],
      judged: MINOR,
      follows: ['1 kept: ask later', '2 kept: alert earlier', '3 kept: no second key'],
    },
    { name: 'all are gone where it goes on elsewhere', notes: ['process: ask later'], judged: { severity: 2, outcome: 'transferred' }, follows: ['1 gone', '2 gone', '3 gone'] },
  ])('$name', ({ notes, judged, follows }) => {
    expect(follow(notes, before, judged).map(say)).toEqual(follows);
  });

  it('one that was gone and is written again is back', () => {
    const gone = follow(['process: ask later', 'risk: no second key'], before);
    expect(follow(['process: ask later', 'tooling: alert earlier', 'risk: no second key'], gone).map(say)).toEqual(['1 kept: ask later', '2 back: alert earlier', '3 kept: no second key']);
  });

  it('an issue that a note named stays linked when another note comes', () => {
    const linked = follow(['tooling: see #12']);
    expect(follow(['tooling: as #12 says', 'tooling: log more'], linked).map(say)).toEqual(['1 kept: as #12 says', '2 new: log more']);
  });
});

describe('follow-ups, however the notes go', () => {
  const note = fc.constantFrom('process: a', 'process: b', 'tooling: a', 'tooling: #12', 'risk: c', '[x] risk: d', 'none: nothing at all could be better here');
  const lives = fc.array(fc.uniqueArray(note, { maxLength: 5 }), { minLength: 1, maxLength: 6 });
  it('a number is never given twice, none is forgotten, and a second look changes nothing', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const seen = new Map<number, number>();
        let before: FollowUp[] = [];
        for (const notes of life) {
          const now = follow(notes, before);
          expect(new Set(now.map(({ n }) => n)).size).toBe(now.length);
          for (const { n } of before) expect(now.map((each) => each.n)).toContain(n);
          for (const { n, known } of now) {
            if (known) expect(known.iid).toBe(seen.get(n));
            seen.set(n, 100 + n);
          }
          const again = follow(notes, now);
          expect(again.map(({ known, note: hash, isGone }) => known?.note === hash && (known.gone ?? false) === isGone)).toEqual(again.map(() => true));
          before = now;
        }
      }),
    );
  });
});

describe('whom a note names', () => {
  it.each([
    { text: '@ben: rotate the tokens', name: 'ben' },
    { text: 'rotate the tokens (@ben.k, soon)', name: 'ben.k' },
    { text: 'ask @ben.', name: 'ben' },
    { text: 'tell @all', name: undefined },
    { text: 'mail to ana@example.com', name: undefined },
    { text: 'rotate the tokens', name: undefined },
  ])('$text: $name', ({ text, name }) => {
    expect(personNamed(text)).toBe(name);
  });
});
