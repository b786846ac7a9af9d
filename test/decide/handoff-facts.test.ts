import { expect, it } from 'vitest';
import { followHandoffs } from '../../scripts/decide/handoff-commands.ts';
import type { HandoffFacts } from '../../scripts/schema/types.gen.ts';
import { config, NOW, snapshot } from '../support/snapshot.ts';

const AT = '2026-11-20T08:00:00.000Z';

it.each<{ name: string; before: HandoffFacts | undefined; missing: number | undefined }>([
  { name: 'is what is missing as it is told', before: undefined, missing: 6 },
  { name: 'is that of now where an earlier one is on record', before: { at: '2026-11-19T20:00:00.000Z', missing: 1 }, missing: 6 },
  { name: 'stays as it was told where the same one is followed again', before: { at: AT, missing: 2 }, missing: 2 },
  { name: 'stays unknown where a comment of before did not say', before: { at: AT }, missing: undefined },
])('what a hand-off lacked $name', ({ before, missing }) => {
  const change = { at: AT, from: 'ana', to: 'ben' };
  const { handoff } = followHandoffs(snapshot({}, { handoff: before }), {}, config(), { now: NOW, change, isActive: true });
  expect(handoff?.missing).toBe(missing);
});
