import { describe, expect, it } from 'vitest';
import { touchedSince } from '../../scripts/decide/horizon.ts';
import { waitsSince } from '../../scripts/decide/due.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { dutyConfig } from '../support/duty-room.ts';
import { config, snapshot } from '../support/snapshot.ts';

const LOOK_BACK_MS = 2 * 3_600_000;

describe('open issues that a sweep lists were touched since', () => {
  it.each<{ name: string; config: Installation; now: string; since: string | undefined }>([
    { name: 'the look-back, where there is no duty', config: config(), now: '2026-11-20T12:30:00.000Z', since: '2026-11-20T10:30:00.000Z' },
    { name: 'three days and the longest time without an update before that', config: dutyConfig(), now: '2026-11-20T12:30:00.000Z', since: '2026-11-17T10:30:00.000Z' },
    {
      name: 'a week and three days before, where minor incidents are updated weekly',
      config: dutyConfig({ updates: { severity_4: 7 * 24 * 60 } }),
      now: '2026-11-20T12:30:00.000Z',
      since: '2026-11-10T12:30:00.000Z',
    },
    { name: 'ever, from when a shift is about to end', config: dutyConfig(), now: '2026-11-20T19:30:00.000Z', since: undefined },
    { name: 'ever, until two sweeps after its change', config: dutyConfig(), now: '2026-11-20T22:00:00.000Z', since: undefined },
    { name: 'not ever, after that', config: dutyConfig(), now: '2026-11-20T22:00:01.000Z', since: '2026-11-17T20:00:01.000Z' },
    { name: 'not ever, where nothing is handed over', config: dutyConfig({ handoff: { mode: 'off' } }), now: '2026-11-20T19:59:00.000Z', since: '2026-11-17T17:59:00.000Z' },
  ])('$name', ({ config: installed, now, since }) => {
    expect(touchedSince(installed, new Date(now), LOOK_BACK_MS)).toBe(since);
  });
});

describe('an issue waits since', () => {
  const now = new Date('2026-11-20T12:30:00.000Z');
  it.each<{ name: string; issue: object; config?: Installation; since: string }>([
    { name: 'it was closed', issue: { state: 'closed', closedAt: '2026-11-20T11:00:00.000Z' }, since: '2026-11-20T11:00:00.000Z' },
    { name: 'it was touched', issue: { updatedAt: '2026-11-20T12:00:00.000Z' }, since: '2026-11-20T12:00:00.000Z' },
    {
      name: 'the first step of its ladder that nobody took',
      issue: { createdAt: '2026-11-20T11:50:00.000Z', updatedAt: '2026-11-20T11:50:00.000Z', labels: ['ack::pending'] },
      config: dutyConfig(),
      since: '2026-11-20T11:50:00.000Z',
    },
    {
      name: 'its update became due',
      issue: { createdAt: '2026-11-19T00:00:00.000Z', updatedAt: '2026-11-20T06:00:00.000Z', labels: ['ack::done', 'severity::2'] },
      config: dutyConfig(),
      since: '2026-11-20T08:00:00.000Z',
    },
    {
      name: 'no longer than the look-back, for another reason',
      issue: { createdAt: '2026-11-01T00:00:00.000Z', updatedAt: '2026-11-10T00:00:00.000Z', labels: ['oncall'] },
      config: dutyConfig(),
      since: '2026-11-20T10:30:00.000Z',
    },
  ])('$name', ({ issue, config: installed = config(), since }) => {
    const { issue: shown } = snapshot();
    expect(waitsSince({ ...shown, state: 'opened', closedAt: undefined, ...issue }, installed, now, LOOK_BACK_MS)).toBe(since);
  });
});
