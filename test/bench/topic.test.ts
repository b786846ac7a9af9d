import { describe, expect, it } from 'vitest';
import { printed, toJson, type Topic } from './topic.ts';

const TOPIC: Topic = {
  name: 'sweeps',
  title: 'Sweeps',
  notes: ['at 50 ms a call'],
  rows: [
    { sweep: 'hourly', calls: 14, 'wall ms': 1218.4, growth: undefined, within: true },
    { sweep: 'daily', calls: 1016, 'wall ms': 8.5214, growth: 1.97123, within: false },
  ],
  calls: { hourly: { 'GET /user': 1, 'GET /projects/:id/issues': 13 } },
};

describe('what is printed of a topic', () => {
  it('is a table, figures to the right and to three digits, the calls by kind, and the notes', () => {
    expect(printed(TOPIC, (text) => text)).toBe(
      [
        'Sweeps',
        '',
        'sweep   calls  wall ms  growth  within',
        '------  -----  -------  ------  ------',
        'hourly     14    1,218       -     yes',
        'daily   1,016     8.52    1.97      NO',
        '',
        'for     times  call',
        '------  -----  ------------------------',
        'hourly      1  GET /user',
        'hourly     13  GET /projects/:id/issues',
        '',
        '* at 50 ms a call',
        '',
      ].join('\n'),
    );
  });
});

describe('bench.json', () => {
  it('has all of it, with the machine, figures to six digits', () => {
    const kept = JSON.parse(toJson([TOPIC], { cores: 2 })) as { machine: object; topics: Topic[] };
    expect(kept.machine).toEqual({ cores: 2 });
    expect(kept.topics).toEqual([{ ...TOPIC, rows: [{ ...TOPIC.rows[0], growth: undefined }, TOPIC.rows[1]] }]);
    expect(toJson([{ ...TOPIC, rows: [{ ms: 1.23456789 }] }], {})).toContain('"ms": 1.23457\n');
  });
});
