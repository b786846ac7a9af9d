import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decideIncident } from '../../scripts/decide/incident.ts';
import { mergeRuled } from '../../scripts/decide/merge.ts';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import { config, NOW, snapshot } from '../support/snapshot.ts';
import { decideExposure } from './example/exposure.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const PAGE = read('docs/writing-a-rule.md');
const blocks = (language: string): string[] => [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
const [RULE = '', ROWS = ''] = blocks('ts');

describe('the example of docs/writing-a-rule.md', () => {
  // rows
  it.each([
    { name: 'flags personal data that everybody can read', labels: ['personal-data'], present: ['privacy::exposed'] },
    { name: 'leaves a confidential one alone', labels: ['personal-data'], confidential: true, present: [] },
    { name: 'leaves other incidents alone', labels: ['severity::2'], present: [] },
  ])('$name', ({ labels, confidential = false, present }) => {
    const seen = snapshot({ state: 'opened', labels, confidential });
    expect(decideExposure(seen).labels.present).toEqual(present);
  });
  // end

  it('is what the page shows', () => {
    const placed = read('test/docs/example/exposure.ts').replaceAll('../../../scripts/decide/', './').replaceAll('../../../scripts/', '../');
    expect(RULE).toBe(`// scripts/decide/exposure.ts\n${placed}`);
    const [, rows = ''] = /\/\/ rows\n([^]*?) {2}\/\/ end/.exec(read('test/docs/writing-a-rule.test.ts')) ?? [];
    expect(ROWS).toBe(`// test/decide/exposure.test.ts\n${rows.replace(/^ {2}/gm, '')}`);
  });

  it.each([
    { state: 'opened' as const, wants: true },
    { state: 'closed' as const, wants: false },
  ])('gets along with all other rules, $state', ({ state, wants }) => {
    const seen = snapshot({ state, description: COMPLETE, labels: ['personal-data'] });
    const { plan } = mergeRuled([...decideIncident(seen, config(), NOW).ruled, ['tracking', decideExposure(seen)]]);
    expect(plan.labels.present.includes('privacy::exposed')).toBe(wants);
  });

  it('is merged beside lines that are there', () => {
    const lines = blocks('diff').flatMap((text) => text.split('\n').filter((line) => /^[ -] [^/]/.test(line)));
    const code = ['scripts/decide/incident.ts', 'scripts/decide/plan.ts', 'scripts/decide/setup-labels.ts'].map(read).join('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => !code.includes(line.slice(2)))).toEqual([]);
  });
});
