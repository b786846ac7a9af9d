import { describe, expect, it } from 'vitest';
import { kindsOf, restWrites } from './calls.ts';
import { growth, median, percentile } from './figures.ts';

describe('figures', () => {
  it.each([
    { figures: [7], middle: 7, ninth: 7 },
    { figures: [3, 1, 2], middle: 2, ninth: 2.8 },
    { figures: [10, 1, 2, 3], middle: 2.5, ninth: 7.9 },
  ])('of $figures the middle is $middle, and nine tenths lie below $ninth', ({ figures, middle, ninth }) => {
    expect(median(figures)).toBe(middle);
    expect(percentile(figures, 90)).toBeCloseTo(ninth);
  });

  it('are not made up where there are none', () => {
    expect(() => median([])).toThrow('there are no figures');
  });

  it.each([
    { name: 'linear', to: { size: 1000, cost: 50 }, factor: 2 },
    { name: 'quadratic', to: { size: 200, cost: 20 }, factor: 4 },
    { name: 'constant', to: { size: 800, cost: 5 }, factor: 1 },
  ])('grow by $factor for each doubling where a cost is $name', ({ to, factor }) => {
    expect(growth({ size: 100, cost: 5 }, to)).toBeCloseTo(factor);
  });
});

describe('calls', () => {
  const calls = [
    'GET /v4/user',
    'GET /v4/projects/42/issues/7/notes',
    'GET /v4/projects/a%2Fb/issues/8/notes',
    'PUT /v4/projects/42/issues/7/notes/1017',
    'POST /graphql',
    'POST /v4/projects/42/issues/9/notes',
  ];

  it('are counted by what they are of, whatever the number or name, the most frequent first', () => {
    expect(kindsOf(calls)).toEqual({
      'GET /projects/:id/issues/:iid/notes': 2,
      'GET /user': 1,
      'POST /graphql': 1,
      'POST /projects/:id/issues/:iid/notes': 1,
      'PUT /projects/:id/issues/:iid/notes/:id': 1,
    });
    expect(Object.keys(kindsOf(calls))[0]).toBe('GET /projects/:id/issues/:iid/notes');
  });

  it('write where they do not only read; of GraphQL that is not known', () => {
    expect(restWrites(calls)).toBe(2);
  });
});
