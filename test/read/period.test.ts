import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { readPeriod } from '../../scripts/read/period.ts';
import { NOW } from '../support/snapshot.ts';

const asked = (from?: string, to?: string, isAsked = true, zone = 'UTC'): ReturnType<typeof readPeriod> => {
  const given = new Map([...(from === undefined ? [] : [['--from', from] as const]), ...(to === undefined ? [] : [['--to', to] as const])]);
  return readPeriod({ flags: new Set(isAsked ? ['--evidence'] : []), given }, zone, NOW);
};

describe('the period of evidence', () => {
  it('has both days, by the clock of the zone', () => {
    expect(asked('2026-11-02', '2026-11-04')).toEqual({ from: '2026-11-02T00:00:00.000Z', to: '2026-11-05T00:00:00.000Z' });
    expect(asked('2026-11-02', '2026-11-02', true, 'Pacific/Auckland')).toEqual({ from: '2026-11-01T11:00:00.000Z', to: '2026-11-02T11:00:00.000Z' });
  });

  it('is none where none is asked for', () => {
    expect(asked(undefined, undefined, false)).toBeUndefined();
  });

  it.each([
    { given: ['2026-11-01'], says: '--evidence wants a period' },
    { given: [undefined, '2026-11-01'], says: '--evidence wants a period' },
    { given: ['2026-11-01', '2026-11-02', false], says: '--from and --to are for --evidence' },
    { given: ['1 November', '2026-11-02'], says: '--from is no day such as 2026-07-01' },
    { given: ['2026-11-01', '2026-11-31'], says: '--to is no day such as 2026-07-01' },
    { given: ['2026-11-03', '2026-11-02'], says: '--from is after --to' },
    { given: ['2026-12-01', '2026-12-02'], says: '--from is a day to come' },
  ] as const)('$given: $says', ({ given: [from, to, isAsked], says }) => {
    const ask = (): unknown => asked(from, to, isAsked);
    expect(ask).toThrow(SetupError);
    expect(ask).toThrow(says);
  });
});
