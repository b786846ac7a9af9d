import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../scripts/decide/clocks.ts';
import { CLASSES, type Unjudged } from '../../scripts/decide/evidence-incidents.ts';
import { measureAll } from '../../scripts/decide/metrics.ts';
import { EVIDENCE_COLUMNS } from '../../scripts/render/evidence.ts';
import { INCIDENT_COLUMNS, renderMetricsCsv } from '../../scripts/render/metrics.ts';
import { AFTER_QUARTER, QUARTER, quarter, quarterConfig } from '../support/quarter.ts';

const PAGE = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
const sections = new Map(PAGE.split(/^## /m).map((text) => [text.split('\n')[0] ?? '', text]));
const section = (title: string): string => sections.get(title) ?? '';
/** What stands in inline code in a text, in the first cells of its tables or anywhere. */
const namedIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name);
const firstCells = (text: string): string[] => [...text.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => namedIn(cell));

const metrics = measureAll(quarter(), QUARTER, quarterConfig(), AFTER_QUARTER);

/** The paths of all that a value has, lists by their first row. */
function pathsOf(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return [`${prefix}[]`, ...pathsOf(value[0], `${prefix}[].`).slice(1)];
  if (value === null || typeof value !== 'object') return [prefix];
  const parts = Object.entries(value).flatMap(([key, part]) => pathsOf(part, prefix === '' || prefix.endsWith('.') ? prefix + key : `${prefix}.${key}`));
  return prefix === '' ? parts : [prefix.replace(/\.$/, ''), ...parts];
}

describe('docs/metrics.md', () => {
  it('says of each field of metrics.json what it is, and of no other', () => {
    const rows = section('metrics.json')
      .split('\n')
      .flatMap((line) => /^\| `(.+?)` \| (.*) \|$/.exec(line)?.slice(1, 3) ?? []);
    const told = Object.fromEntries(rows.flatMap((cell, n) => (n % 2 === 0 ? [[cell, rows[n + 1] ?? '']] : []))) as Record<string, string>;
    expect(Object.keys(told).sort()).toEqual(pathsOf(metrics.whole).sort());
    expect(Object.entries(told).filter(([, words]) => !words.endsWith('.'))).toEqual([]);
  });

  it('tells the columns of metrics.csv', () => {
    const [columns = []]: string[][] = parse(renderMetricsCsv(metrics));
    const known = [...firstCells(section('metrics.json')), ...namedIn(section('metrics.csv')), 'incidents.severity_2', 'incidents.severity_3'];
    expect(columns.filter((column) => !known.includes(column))).toEqual([]);
  });

  it('tells the columns of incidents.csv in their order', () => {
    expect(firstCells(section('incidents.csv'))).toEqual([...INCIDENT_COLUMNS]);
  });

  it('tells the columns of evidence.csv in their order', () => {
    const [, list = ''] = section('The evidence').split('The columns of `evidence.csv`:');
    expect(namedIn(list).slice(0, -1)).toEqual([...EVIDENCE_COLUMNS]);
  });

  it('tells each class, and each reason for none', () => {
    const reasons: Record<Unjudged, true> = { 'before the gate': true, observed: true, 'closed since': true, silenced: true, 'never judged': true };
    expect(firstCells(section('The evidence'))).toEqual([...CLASSES, ...Object.keys(reasons)]);
  });

  it('gives an example of the percentile that is right', () => {
    expect(section('Formulae')).toContain('of 10 and 20 is *10 + 0.9 × 10 = 19*');
    expect(spreadOf([10, 20]).p90_minutes).toBe(19);
  });
});
