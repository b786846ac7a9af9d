import { describe, expect, it } from 'vitest';
import { describe as tell, difference, sameText, type Action } from '../../scripts/apply/difference.ts';
import { decideGate } from '../../scripts/decide/gate.ts';
import { mergeParts } from '../../scripts/decide/merge.ts';
import type { Part, Plan } from '../../scripts/decide/plan.ts';
import type { Marked } from '../../scripts/read/markers.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import { config, NOW, snapshot } from '../support/snapshot.ts';

/** The plan for an incident that was closed with nothing written down: reopen it, label it, and say so as a call. */
const { plan: blocked } = decideGate(snapshot(), config(), NOW);
const { facts } = blocked.comment!;
const withPlan = (more: Partial<Part>): Plan => mergeParts([{ labels: { present: [], absent: [] }, ...more }]);
const board = withPlan({ comment: { ...blocked.comment!, delivery: 'board' } });
const call = withPlan({ comment: blocked.comment! });
const marked = (noteId: number, more: Partial<Marked> = {}): Marked => ({ slot: 'gate', noteId, body: 'old', facts: {}, own: true, ...more });
const [EARLIER, LATER] = ['2026-11-20T02:00:00Z', '2026-11-20T03:00:00Z'] as const;
const stood = (noteId: number, at: string): Marked => marked(noteId, { slot: 'major', facts: { at } });
const body = expect.stringContaining('<!-- watchkeeper:gate ') as string;

describe('the comment of a plan', () => {
  it.each<{ name: string; plan: Plan; stands: Marked[]; actions: Action[] }>([
    { name: 'a board is posted where none stands', plan: board, stands: [], actions: [{ kind: 'post', slot: 'gate', body, facts, after: 0 }] },
    { name: 'a board is edited where one stands', plan: board, stands: [marked(5)], actions: [{ kind: 'edit', slot: 'gate', noteId: 5, body }] },
    { name: 'a call is posted after the one that stands', plan: call, stands: [marked(5)], actions: [{ kind: 'post', slot: 'gate', body, facts, after: 5 }] },
    { name: 'a call that stands already is let be', plan: call, stands: [marked(5, { facts })], actions: [] },
    { name: 'older ones of its slot go', plan: call, stands: [marked(5, { facts }), marked(4), marked(3)], actions: [4, 3].map((noteId) => ({ kind: 'delete', slot: 'gate', noteId })) },
    { name: 'that of a former account is let be', plan: board, stands: [marked(5, { facts, own: false })], actions: [{ kind: 'post', slot: 'gate', body, facts, after: 0 }] },
    { name: 'that of another slot is let be', plan: board, stands: [marked(5, { slot: 'ack', facts })], actions: [{ kind: 'post', slot: 'gate', body, facts, after: 0 }] },
    { name: 'none is wanted, and what stands is let be', plan: withPlan({}), stands: [marked(5), marked(4)], actions: [] },
    { name: 'none is wanted, and one on account of an earlier moment goes', plan: withPlan({}), stands: [stood(5, LATER), stood(4, EARLIER)], actions: [{ kind: 'delete', slot: 'major', noteId: 4 }] },
    { name: 'none is wanted, and twins on account of one moment are let be: who races knows which stays', plan: withPlan({}), stands: [stood(5, LATER), stood(4, LATER)], actions: [] },
    { name: 'none is wanted, and twins that remember no moment are let be', plan: withPlan({}), stands: [marked(5, { slot: 'reply-3' }), marked(4, { slot: 'reply-3' })], actions: [] },
  ])('$name', ({ plan, stands, actions }) => {
    expect(difference(plan, snapshot({}, { marked: stands }))).toEqual(actions);
  });
});

describe('the comment of a call on whose account others are told', () => {
  const view = { words: 'escalation' as const, steps: [], policies: ['night'], pagedAt: NOW.toISOString(), isObserved: false, acknowledgedAt: '', by: '', isClosed: false, alarmResolvedAt: '' };
  const facts = { step: 1, from: 0, sending: ['escalation-1-slack.0123456789abcdef'] };
  const plan = withPlan({ comment: { slot: 'escalation', delivery: 'call', facts, view } });
  const standing = (more: object): Marked => marked(5, { slot: 'escalation', facts: { step: 1, from: 0, ...more } });
  it.each<{ name: string; stands: Marked[]; actions: string[] }>([
    { name: 'is posted where none stands', stands: [], actions: ['post'] },
    { name: 'is posted after another call', stands: [standing({ step: 2 })], actions: ['post'] },
    { name: 'is edited where it stands and nobody was told', stands: [standing({})], actions: ['edit'] },
    { name: 'is edited where it stands and another was told', stands: [standing({ sent: ['escalation-1-pagerduty'] })], actions: ['edit'] },
    { name: 'is let be where it stands', stands: [standing({ sending: facts.sending, after: 3 })], actions: [] },
  ])('$name', ({ stands, actions }) => {
    expect(difference(plan, snapshot({}, { marked: stands })).map(({ kind }) => kind)).toEqual(actions);
  });

  it('says what it replaces, and what that said', () => {
    const [action] = difference(plan, snapshot({}, { marked: [standing({ step: 2 })] }));
    expect(action).toMatchObject({ kind: 'post', facts: { ...facts, after: 5 }, after: 5, seen: 'old' });
  });

  it('pages nobody again by an edit', () => {
    const bodies = [[], [standing({})]].map((stands) => difference(plan, snapshot({}, { marked: stands })).map((action) => 'body' in action && action.body.includes('/page')));
    expect(bodies).toEqual([[true], [false]]);
  });
});

describe('twins that racing runs posted in a slot', () => {
  const view = { words: 'on-call' as const, tell: 'ana' };
  const facts = { note: 3 };
  const plan = withPlan({ comment: { slot: 'on-call', delivery: 'board', facts, view } });
  const twin = (noteId: number, more: object = facts): Marked => marked(noteId, { slot: 'on-call', facts: more });
  const doings = (stands: Marked[]): string[] => difference(plan, snapshot({}, { marked: stands })).map((action) => `${action.kind} ${'noteId' in action ? action.noteId : ''}`);
  it.each<{ name: string; stands: Marked[]; does: string[] }>([
    { name: 'the oldest stays, as all who race agree', stands: [twin(6), twin(5), twin(4)], does: ['delete 6', 'delete 5'] },
    { name: 'the oldest is edited', stands: [twin(6, {}), twin(5, {})], does: ['edit 5', 'delete 6'] },
    { name: 'one that remembers something else is no twin', stands: [twin(6), twin(5, {})], does: ['delete 5'] },
  ])('$name', ({ stands, does }) => {
    expect(doings(stands)).toEqual(does);
  });
});

describe('labels and state of a plan', () => {
  const labels = { present: ['closure::blocked'], absent: ['closure::verified', 'closure::exempt'] };
  const change = (more: Partial<Action & { kind: 'change' }>): Action => ({ kind: 'change', addLabels: [], removeLabels: [], ...more });
  it.each<{ name: string; plan: Plan; issue: Partial<Snapshot['issue']>; actions: Action[] }>([
    { name: 'what is missing is added', plan: withPlan({ labels }), issue: { labels: ['vip'] }, actions: [change({ addLabels: ['closure::blocked'] })] },
    { name: 'what must not be there is removed', plan: withPlan({ labels }), issue: { labels: ['closure::blocked', 'closure::exempt'] }, actions: [change({ removeLabels: ['closure::exempt'] })] },
    { name: 'what is so already is no change', plan: withPlan({ labels }), issue: { labels: ['closure::blocked', 'vip'] }, actions: [] },
    { name: 'a closed incident is reopened', plan: withPlan({ state: 'opened' }), issue: {}, actions: [change({ state: 'reopen' })] },
    { name: 'an open one is open already', plan: withPlan({ state: 'opened' }), issue: { state: 'opened' }, actions: [] },
    { name: 'a closed one that may stay closed stays so', plan: withPlan({}), issue: {}, actions: [] },
  ])('$name', ({ plan, issue, actions }) => {
    expect(difference(plan, snapshot(issue))).toEqual(actions);
  });

  it('come after the comment, so that a run that is cut off is found and finished', () => {
    expect(difference(mergeParts([blocked]), snapshot()).map(({ kind }) => kind)).toEqual(['post', 'change']);
  });
});

describe('an action in a few words', () => {
  it.each<{ action: Action; says: string }>([
    { action: { kind: 'post', slot: 'gate', body: '', facts, after: 0 }, says: 'post the gate comment' },
    { action: { kind: 'edit', slot: 'gate', noteId: 1, body: '' }, says: 'edit the gate comment' },
    { action: { kind: 'delete', slot: 'ack', noteId: 1 }, says: 'delete the ack comment' },
    { action: { kind: 'change', addLabels: ['a', 'b'], removeLabels: ['c'] }, says: '+a +b -c' },
    { action: { kind: 'change', addLabels: ['a'], removeLabels: [], state: 'reopen' }, says: 'reopen +a' },
  ])('$says', ({ action, says }) => {
    expect(tell(action)).toBe(says);
  });
});

describe('texts that GitLab keeps as the same', () => {
  it.each([
    { a: 'one\ntwo', b: 'one\r\ntwo', same: true },
    { a: 'one\r\ntwo\r\n', b: 'one\ntwo', same: true },
    { a: 'one\n\n  ', b: 'one', same: true },
    { a: 'one', b: 'one\n', same: true },
    { a: '  one', b: 'one', same: false },
    { a: 'one\ntwo', b: 'one two', same: false },
    { a: 'one', b: 'two', same: false },
  ])('$a and $b: $same', ({ a, b, same }) => {
    expect(sameText(a, b)).toBe(same);
  });
});
