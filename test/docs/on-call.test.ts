import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { coverOf, engineerAt } from '../../scripts/decide/roster.ts';
import { rosterFlaws } from '../../scripts/decide/roster-flaws.ts';
import { checkConfig, readConfig } from '../../scripts/read/config.ts';
import { flawOf, MAJOR } from '../../scripts/read/own-template.ts';
import { SCHEMAS } from '../../scripts/schema/schemas.ts';
import { config, NOW } from '../support/snapshot.ts';

const FOLDER = 'schemas/examples/config/rosters';
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const PAGE = read('docs/on-call.md');

describe('docs/on-call.md', () => {
  it.each(readdirSync(new URL(`../../${FOLDER}`, import.meta.url)))('shows %s, which is a roster in order, also in a year', async (name) => {
    expect(PAGE).toContain(`\`\`\`yaml\n${read(`${FOLDER}/${name}`)}\`\`\``);
    const config = await readConfig(`${FOLDER}/${name}`);
    expect(rosterFlaws(config, NOW)).toEqual([]);
    const { gaps, overlaps } = coverOf(config, 'engineers', NOW, new Date(NOW.getTime() + 366 * 86_400_000));
    expect({ gaps, overlaps }).toEqual({ gaps: [], overlaps: [] });
  });

  it('tells the truth of the swap in its example', async () => {
    const config = await readConfig(`${FOLDER}/guide.yml`);
    const unswapped = parse(read(`${FOLDER}/guide.yml`)) as { roster: { engineers: { overrides?: object[] } } };
    unswapped.roster.engineers.overrides = [];
    const plain = await checkConfig('oncall.yml', JSON.stringify(unswapped));
    const users = ['2026-12-22T12:00:00Z', '2026-12-22T22:00:00Z'].map((time) => [plain.ok && engineerAt(plain.installation, new Date(time))?.user, engineerAt(config, new Date(time))?.user]);
    expect(users).toEqual([
      ['ben', 'fay'],
      ['fay', 'ben'],
    ]);
  });

  it('has a roster of PagerDuty that is accepted', async () => {
    const [, yaml = ''] = /```yaml\n(roster:\n {2}pagerduty[^]*?)```/.exec(PAGE) ?? [];
    expect(await checkConfig('oncall.yml', `sources: [{ project: 42 }]\n${yaml}`)).toMatchObject({ ok: true });
  });

  it('explains each key of a duty and of a layer', () => {
    const { duty, layer } = SCHEMAS.config.$defs;
    for (const part of [duty, layer]) for (const key of Object.keys(part.properties)) expect(PAGE).toMatch(new RegExp(`^\\| \`${key}\` +\\|`, 'm'));
  });

  it('has a ladder that is accepted', async () => {
    const [, yaml = ''] = /```yaml\n(managers:[^]*?)```/.exec(PAGE) ?? [];
    expect(await checkConfig('oncall.yml', `sources: [{ project: 42 }]\n${yaml}`)).toMatchObject({ ok: true, installation: { escalation: { steps: [{ after_minutes: 15 }, { after_minutes: 30 }] } } });
  });

  it('has a template for major incidents that is accepted, and names all that it is given', () => {
    const [, template = ''] = /```text\n(\{\{[^]*?)```/.exec(PAGE) ?? [];
    expect(flawOf(template, MAJOR)).toBeUndefined();
    const given = 'object' === typeof MAJOR && 'parts' in MAJOR ? Object.keys(MAJOR.parts) : [];
    expect([...PAGE.matchAll(/^\| `(severity|tell|by|places)` +\|/gm)].map(([, name]) => name).sort()).toEqual(given.sort());
  });

  it('has the defaults of the ladder, of the cadences, of the day, and of the labels', () => {
    const { escalation, updates, day, review, shift_log, major } = config({ escalation: {} });
    expect(escalation?.steps.map(({ after_minutes, notify }) => `${notify.join()} ${after_minutes}`)).toEqual(['manager 15', 'second manager 30']);
    expect([updates.severity_1, updates.severity_2, updates.severity_3, updates.severity_4]).toEqual([30, 120, 0, 0]);
    expect({ day, label: review.label, log: shift_log.label, check: major.check_after_minutes }).toEqual({ day: { from: '09:00', to: '18:00' }, label: 'oncall', log: 'shift-log', check: 15 });
  });
});
