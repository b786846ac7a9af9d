import { describe, expect, it } from 'vitest';
import type { Note } from '../../scripts/gitlab/port.ts';
import { factsOf, marker, readMarkers } from '../../scripts/read/markers.ts';
import { ana, bot } from '../support/snapshot.ts';

const note = (body: string, more: Partial<Note> = {}): Note => ({ id: 1, body, author: bot, system: false, createdAt: '2026-11-20T10:00:00Z', ...more });
const facts = { state: 'open', closed_at: '2026-11-20T09:45:00.000Z' };

describe('a marker', () => {
  it('is read as it was written', () => {
    expect(readMarkers([note(`${marker('gate', facts)}\nVerified.`)], bot, [])).toEqual([
      { slot: 'gate', noteId: 1, body: `<!-- watchkeeper:gate {"state":"open","closed_at":"2026-11-20T09:45:00.000Z"} -->\nVerified.`, facts, own: true },
    ]);
  });

  it.each([
    { name: 'alone', body: '<!-- watchkeeper:gate {} -->', facts: {} },
    { name: 'without facts', body: '<!-- watchkeeper:gate -->\nVerified.', facts: {} },
    { name: 'before a line end of Windows', body: '<!-- watchkeeper:gate {"a":1} -->\r\nVerified.', facts: { a: 1 } },
    { name: 'with facts that are no JSON', body: '<!-- watchkeeper:gate {"a":} -->\nVerified.', facts: undefined },
    { name: 'with a dash and a digit in its slot', body: '<!-- watchkeeper:shift-2 {} -->', slot: 'shift-2', facts: {} },
    { name: 'with a slot of 41 letters', body: `<!-- watchkeeper:${'a'.repeat(41)} {} -->`, slot: 'a'.repeat(41), facts: {} },
  ])('is read $name', ({ body, slot = 'gate', facts: wanted }) => {
    expect(readMarkers([note(body)], bot, [])).toEqual([{ slot, noteId: 1, body, facts: wanted, own: true }]);
  });

  it.each([
    { name: 'below other text', note: note('Verified.\n<!-- watchkeeper:gate {} -->') },
    { name: 'behind a space', note: note(' <!-- watchkeeper:gate {} -->') },
    { name: 'before text on its line', note: note('<!-- watchkeeper:gate {} --> Verified.') },
    { name: 'of another tool', note: note('<!-- housekeeper:gate {} -->') },
    { name: 'with a capital in its slot', note: note('<!-- watchkeeper:Gate {} -->') },
    { name: 'with a digit first in its slot', note: note('<!-- watchkeeper:2nd {} -->') },
    { name: 'with a slot of 42 letters', note: note(`<!-- watchkeeper:${'a'.repeat(42)} {} -->`) },
    { name: 'with facts that are no object', note: note('<!-- watchkeeper:gate 1 -->') },
    { name: 'that a person copied', note: note('<!-- watchkeeper:gate {} -->', { author: ana }) },
    { name: "in GitLab's own notes", note: note('<!-- watchkeeper:gate {} -->', { system: true }) },
  ])('is none $name', ({ note: written }) => {
    expect(readMarkers([written], bot, [])).toEqual([]);
  });

  it('of a former account of the bot is read, but not its own', () => {
    expect(readMarkers([note('<!-- watchkeeper:gate {} -->', { author: { id: 311, username: 'old-bot' } })], bot, [311])).toMatchObject([{ slot: 'gate', own: false }]);
  });

  it.each([
    {
      name: 'the older of two that replaced nothing',
      notes: [
        [1, 0],
        [2, 0],
      ],
      order: [1, 2],
    },
    { name: 'the older of two that replaced the same', notes: [[1], [2, 1], [3, 1]], order: [2, 1, 3] },
    {
      name: 'the newer where it replaced the older',
      notes: [
        [1, 0],
        [2, 1],
      ],
      order: [2, 1],
    },
    { name: 'the newer where it does not say what it replaced', notes: [[1, 0], [2]], order: [2, 1] },
  ])('stands for its slot: $name', ({ notes, order }) => {
    const written = notes.map(([id = 0, after]) => note(marker('escalation', after === undefined ? {} : { after }), { id }));
    expect(readMarkers(written, bot, []).map(({ noteId }) => noteId)).toEqual(order);
  });

  it('comes before the older ones', () => {
    const notes = [2, 3, 1].map((id) => note('<!-- watchkeeper:gate {} -->', { id }));
    expect(readMarkers(notes, bot, []).map(({ noteId }) => noteId)).toEqual([3, 2, 1]);
    expect(notes.map(({ id }) => id)).toEqual([2, 3, 1]);
  });
});

describe('the facts of a slot', () => {
  const marked = (slot: string, noteId: number, what: unknown): ReturnType<typeof readMarkers>[number] => ({ slot, noteId, body: '', facts: what, own: true });
  it('are none where nothing is marked so', () => {
    expect(factsOf('gate', [marked('ack', 1, facts)])).toEqual({});
  });
  it('are the newest of that slot', () => {
    expect(factsOf('gate', [marked('ack', 3, {}), marked('gate', 2, facts), marked('gate', 1, { state: 'verified' })])).toEqual({ facts });
  });
  it('are warned of and none where they cannot be read', () => {
    expect(factsOf('gate', [marked('gate', 2, { state: 'asleep' }), marked('gate', 1, facts)])).toEqual({
      warning: 'the facts of the gate comment (note 2) are not readable and were ignored',
    });
  });
});
