import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../scripts/gitlab/port.ts';
import { sharesOf } from '../../scripts/read/shards.ts';

const projects = (count: number): Source[] => Array.from({ length: count }, (_none, index) => ({ kind: 'project', id: index + 1 }));
const group: Source = { kind: 'group', id: 'sirt' };

/** Which shards look at an incident of a source. */
const lookers = (sources: readonly Source[], total: number, source: Source, iid: number): number[] =>
  Array.from({ length: total }, (_none, index) => index + 1).filter((index) =>
    sharesOf(sources, { index, total }).some((share) => share.source === source && iid % share.part.total === share.part.index - 1),
  );

describe('shards', () => {
  it.each<{ name: string; sources: Source[]; total: number; shares: string[] }>([
    { name: 'one looks at all', sources: projects(2), total: 1, shares: ['1 2'] },
    { name: 'share projects where there are enough', sources: projects(5), total: 2, shares: ['1 3 5', '2 4'] },
    { name: 'share the incidents of one project', sources: projects(1), total: 3, shares: ['1 (1/3)', '1 (2/3)', '1 (3/3)'] },
    { name: 'share a project only as far as they are more than projects', sources: projects(2), total: 3, shares: ['1 (1/2)', '2', '1 (2/2)'] },
    { name: 'list all where a group is among the sources', sources: [...projects(2), group], total: 2, shares: ['1 (1/2) 2 (1/2) sirt (1/2)', '1 (2/2) 2 (2/2) sirt (2/2)'] },
    {
      name: 'list all where one project may be named twice, by its id and its path',
      sources: [
        { kind: 'project', id: 42 },
        { kind: 'project', id: 'sirt/incidents' },
      ],
      total: 2,
      shares: ['42 (1/2) sirt/incidents (1/2)', '42 (2/2) sirt/incidents (2/2)'],
    },
    {
      name: 'list all where one project is named twice, in capital letters too',
      sources: [
        { kind: 'project', id: 'sirt/incidents' },
        { kind: 'project', id: 'SIRT/incidents' },
      ],
      total: 2,
      shares: ['sirt/incidents (1/2) SIRT/incidents (1/2)', 'sirt/incidents (2/2) SIRT/incidents (2/2)'],
    },
  ])('$name', ({ sources, total, shares }) => {
    const told = Array.from({ length: total }, (_none, index) => sharesOf(sources, { index: index + 1, total }));
    const words = ({ source, part }: (typeof told)[number][number]): string => (part.total === 1 ? String(source.id) : `${source.id} (${part.index}/${part.total})`);
    expect(told.map((each) => each.map(words).join(' '))).toEqual(shares);
  });

  it('look at each incident once, whatever the sources and however many they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.boolean(), fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 1_000_000 }), (count, hasGroup, total, iid) => {
        const sources = [...projects(count), ...(hasGroup ? [group] : [])];
        for (const source of sources) expect(lookers(sources, total, source, iid)).toHaveLength(1);
      }),
    );
  });
});
