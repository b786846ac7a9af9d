import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { checkConfig, defaultInstallation, readConfig, sourceNotThere, sourcesOf } from '../../scripts/read/config.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { config, fullConfig } from '../support/snapshot.ts';

const SOURCES = 'sources: [{ project: 42 }]\n';

/** What is wrong with the text of a configuration, each mistake with its place and code. */
async function mistakesIn(text: string): Promise<string[]> {
  const checked = await checkConfig('oncall.yml', text);
  return checked.ok ? [] : checked.mistakes.map(({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`);
}

async function fileWith(text: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'config-')), 'oncall.yml');
  await writeFile(file, text);
  return file;
}

describe('a mistake in a configuration is named with its place, its code, and what would be right', () => {
  it.each([
    { text: 'sources: [', says: ['oncall.yml:1:11 YAML_INVALID Flow sequence in block collection must be sufficiently indented and end with a ]'] },
    { text: '', says: ['oncall.yml:1:1 CONFIG_INVALID the file must be object'] },
    { text: 'managers: []\n', says: ["oncall.yml:1:1 CONFIG_INVALID the file must have required property 'sources'"] },
    { text: `${SOURCES}timezone: UTC\n`, says: ['oncall.yml:2:1 CONFIG_OPTION_UNKNOWN the file has no option "timezone"; did you mean "time_zone"?'] },
    { text: `${SOURCES}gate:\n  strictness: 3\n`, says: ['oncall.yml:3:3 CONFIG_OPTION_UNKNOWN gate has no option "strictness"; it has mode, since, grace_minutes, max_reopens'] },
    { text: `${SOURCES}gate: { mode: strict }\n`, says: ['oncall.yml:2:15 CONFIG_INVALID gate.mode must be one of enforce, observe'] },
    { text: `${SOURCES}managers: [lea]\n`, says: ['oncall.yml:2:12 CONFIG_INVALID managers.0 must be a user name such as "@lea", in quotes'] },
    { text: `${SOURCES}time_zone: Berlin\n`, says: ['oncall.yml:2:12 CONFIG_INVALID time_zone must be a time zone such as Europe/Berlin'] },
    { text: `${SOURCES}gate: { since: yesterday }\n`, says: ['oncall.yml:2:16 CONFIG_INVALID gate.since must be a time such as 2026-11-20T02:07:00Z'] },
    {
      text: `${SOURCES}known_noise: [{ label: a, reason: rule 311 fires during load tests, until: soon }]\n`,
      says: ['oncall.yml:2:76 CONFIG_INVALID known_noise.0.until must be a day such as 2026-12-31'],
    },
    {
      text: `${SOURCES}known_noise: [{ label: a, reason: rule 311 fires during load tests, until: 2026-12-31, reference: twelve }]\n`,
      says: ['oncall.yml:2:99 CONFIG_INVALID known_noise.0.reference must be a reference such as "#12" or "group/project#12", in quotes'],
    },
    { text: `${SOURCES}day: { from: 9 o'clock }\n`, says: ['oncall.yml:2:14 CONFIG_INVALID day.from must match pattern "^([01]\\d|2[0-3]):[0-5]\\d$", such as "08:00"'] },
    { text: `${SOURCES}gate: { max_reopens: 0 }\n`, says: ['oncall.yml:2:22 CONFIG_INVALID gate.max_reopens must be >= 1, such as 5'] },
    { text: 'sources: [{}]\n', says: ['oncall.yml:1:11 CONFIG_INVALID sources.0 must NOT have fewer than 1 properties, such as {"project":"sirt/incidents"}'] },
    { text: 'sources: [{ projct: 42 }]\n', says: ['oncall.yml:1:13 CONFIG_OPTION_UNKNOWN sources.0 has no option "projct"; did you mean "project"?'] },
    { text: 'sources: [{ project: 42, team: a }]\n', says: ['oncall.yml:1:26 CONFIG_OPTION_UNKNOWN sources.0 has no option "team"; it has project, group'] },
    { text: 'sources: [{ project: 42, group: 7 }]\n', says: ['oncall.yml:1:11 CONFIG_INVALID sources.0 must NOT have more than 1 properties, such as {"project":"sirt/incidents"}'] },
  ])('$text', async ({ text, says }) => {
    expect(await mistakesIn(text)).toEqual(says);
  });

  const layer = '{ name: a, start: 2026-11-02, rotation: ["@ana"], rotate: week, shifts: [{ from: "08:00" }] }';
  const duty = (more: string, layers = layer): string => `${SOURCES}roster:\n  engineers:\n    fallback: "@lea"\n    layers: [${layers}]\n${more}`;
  const override = (from: string, to: string): string => duty(`    overrides:\n      - { from: ${from}, to: ${to}, user: "@ben" }\n`);
  it.each([
    {
      name: 'a bundle without its digest',
      text: `${SOURCES}installation: { bundle_url: "https://example.com/watchkeeper.cjs" }\n`,
      says: ['2:17 CONFIG_INVALID installation has bundle_url without bundle_sha256: both stand in the notes of a release'],
    },
    { name: 'a roster of managers alone', text: `${SOURCES}roster: { managers: { fallback: "@lea", layers: [${layer}] } }\n`, says: ['2:9 CONFIG_INVALID roster must have engineers, or pagerduty'] },
    {
      name: 'two rosters',
      text: duty('  pagerduty: { schedule: PI7DH85, fallback: "@lea" }\n'),
      says: ['3:3 CONFIG_INVALID roster has engineers beside pagerduty, which takes their place: keep one'],
    },
    {
      name: 'PagerDuty without a place to look, and without a fallback',
      text: `${SOURCES}roster:\n  pagerduty: {}\n`,
      says: ['3:14 CONFIG_INVALID roster.pagerduty must have one of escalation_policy and schedule', "3:14 CONFIG_INVALID roster.pagerduty must have required property 'fallback'"],
    },
    {
      name: 'PagerDuty with two places to look',
      text: `${SOURCES}roster:\n  pagerduty: { schedule: PI7DH85, escalation_policy: PUS0KTE, fallback: "@lea" }\n`,
      says: ['3:14 CONFIG_INVALID roster.pagerduty must have one of escalation_policy and schedule'],
    },
    {
      name: 'a layer that is over before it starts',
      text: duty('', layer.replace('rotation', 'until: 2026-11-01, rotation')),
      says: ['5:51 CONFIG_INVALID roster.engineers.layers.0.until is before 2026-11-02, when the layer starts'],
    },
    { name: 'a day that does not exist', text: duty('', layer.replace('2026-11-02', '2027-02-29')), says: ['5:32 CONFIG_INVALID roster.engineers.layers.0.start must be a day such as 2026-12-31'] },
    {
      name: 'a zone that does not exist',
      text: duty('', layer.replace('rotation', 'time_zone: Europe/Bonn, rotation')),
      says: ['5:55 CONFIG_INVALID roster.engineers.layers.0.time_zone must be a time zone such as Europe/Berlin'],
    },
    {
      name: 'a weekday that does not exist',
      text: duty('', layer.replace('from', 'days: mon-fry, from')),
      says: [expect.stringMatching(/^5:95 CONFIG_INVALID roster\.engineers\.layers\.0\.shifts\.0\.days must match pattern .*, such as "mon-fri"$/)],
    },
    {
      name: 'a time without an offset',
      text: override('2026-12-24T08:00:00', '2026-12-26T08:00:00Z'),
      says: ['7:17 CONFIG_INVALID roster.engineers.overrides.0.from must be a time such as 2026-11-20T02:07:00Z'],
    },
    {
      name: 'a second that no clock here has',
      text: override('2026-12-24T08:00:00Z', '2026-12-31T23:59:60Z'),
      says: ['7:43 CONFIG_INVALID roster.engineers.overrides.0.to must be a time such as 2026-11-20T02:07:00Z'],
    },
    {
      name: 'an override that ends as it begins',
      text: override('2026-12-24T08:00:00+01:00', '2026-12-24T07:00:00Z'),
      says: ['7:48 CONFIG_INVALID roster.engineers.overrides.0.to must be later than from'],
    },
    {
      name: 'an override for more than a year',
      text: override('2026-12-24T08:00:00Z', '2027-12-26T08:00:00Z'),
      says: ['7:43 CONFIG_INVALID roster.engineers.overrides.0.to must be within a year of from: for longer, change the rotation'],
    },
    {
      name: 'an account of two people',
      text: `${SOURCES}people:\n  - { gitlab: "@ana", pagerduty_email: Sirt@example.com }\n  - { gitlab: "@Ana", pagerduty_email: sirt@example.com }\n`,
      says: ['4:15 CONFIG_INVALID people.1.gitlab stands for two people', '4:40 CONFIG_INVALID people.1.pagerduty_email stands for two people'],
    },
  ])('$name', async ({ text, says }) => {
    expect((await mistakesIn(text)).map((mistake) => mistake.replace('oncall.yml:', ''))).toEqual(says);
  });

  it('but not who is missing in a roster, since a running job has its fallback', async () => {
    expect(await mistakesIn(duty('', layer.replace('from', 'days: mon, to: "20:00", from')))).toEqual([]);
  });

  it('with all others, in the order of the file', async () => {
    const mistakes = await mistakesIn('gate: { max_reopens: 0, mode: strict }\nsources: [{ projct: 42 }]\nday: { from: noon }\n');
    expect(mistakes.map((mistake) => mistake.split(' ')[0])).toEqual(['oncall.yml:1:22', 'oncall.yml:1:31', 'oncall.yml:2:13', 'oncall.yml:3:14']);
  });
});

describe('a configuration in force', () => {
  it('has its defaults, and our form where it names no schemas', async () => {
    const installation = await readConfig(await fileWith(SOURCES));
    expect(installation).toMatchObject({ time_zone: 'UTC', gate: { mode: 'enforce', max_reopens: 3 }, managers: [], schemas: {} });
    expect(installation.form).toBe(OUR_FORM);
  });

  it('is everything at its default where a project has none', () => {
    expect(defaultInstallation()).toEqual(fullConfig({ sources: [{ project: 1 }], managers: [] }));
  });

  it('watches projects and groups in its order, by number also where that stands in quotes', () => {
    const sources = sourcesOf(config({ sources: [{ group: 'sirt' }, { project: '42' }, { group: 7 }, { project: 'sirt/4711' }, { project: '4711a' }] }));
    expect(sources).toEqual([
      { kind: 'group', id: 'sirt' },
      { kind: 'project', id: 42 },
      { kind: 'group', id: 7 },
      { kind: 'project', id: 'sirt/4711' },
      { kind: 'project', id: '4711a' },
    ]);
  });

  it('that names a source which is not there is told how to mend it, with the cause', () => {
    const cause = new Error('404');
    const error = sourceNotThere({ kind: 'group', id: 'sirt' }, cause);
    expect(error).toBeInstanceOf(SetupError);
    expect(error.message).toBe('The group sirt does not exist, or the bot may not see it. Correct sources in the configuration, or give the bot the role Developer there.');
    expect(error.cause).toBe(cause);
  });
});

describe('a configuration that is refused', () => {
  it('is a setup error with all mistakes and the page to read', async () => {
    const file = await fileWith('sources: [{ project: 42 }]\ngate: { mode: strict }\nday: { from: noon }\n');
    await expect(readConfig(file)).rejects.toThrow(
      new SetupError(`${file}:2:15: gate.mode must be one of enforce, observe; ${file}:3:14: day.from must match pattern "^([01]\\d|2[0-3]):[0-5]\\d$", such as "08:00". See docs/configuration.md.`),
    );
  });

  it('because it is not there says so, and where to name one', async () => {
    const reading = readConfig('/nowhere/oncall.yml');
    await expect(reading).rejects.toThrow(SetupError);
    await expect(reading).rejects.toThrow(/^The configuration cannot be read: ENOENT.*\. Write one, or name it in WATCHKEEPER_CONFIG\.$/);
    await expect(reading).rejects.toHaveProperty('cause.code', 'ENOENT');
  });
});
