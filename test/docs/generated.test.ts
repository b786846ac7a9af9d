import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { decideGate } from '../../scripts/decide/gate.ts';
import { readConfig } from '../../scripts/read/config.ts';
import { renderGenerated } from '../../scripts/render/generated.ts';
import { analysisInstallation } from '../../scripts/decide/analysis-issue.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { renderAnalysisTemplate } from '../../scripts/render/analysis.ts';
import { renderIssueTemplates } from '../../scripts/render/issue-templates.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { analysisCodes, fieldCodes, OTHER_CODES } from '../../scripts/schema/codes.ts';
import { FINDINGS } from '../../scripts/schema/finding-codes.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { SCHEMAS } from '../../scripts/schema/schemas.ts';
import { stage } from '../support/gitlab.ts';
import { config, fullConfig, NOW, snapshot } from '../support/snapshot.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const generated = await renderGenerated((path) => Promise.resolve(read(path)));

describe('npm run generate', () => {
  it.each(Object.keys(generated))('left %s fresh', (path) => {
    expect(read(path)).toBe(generated[path]);
  });

  it('left no template behind', () => {
    const templates = Object.keys(generated).filter((path) => path.startsWith('.gitlab/issue_templates/'));
    expect(
      readdirSync(new URL('../../.gitlab/issue_templates/', import.meta.url))
        .map((name) => `.gitlab/issue_templates/${name}`)
        .sort(),
    ).toEqual(templates.sort());
  });
});

const TEMPLATES = Object.entries(renderIssueTemplates(config()));

/** What the incident of the design answers, by label or, for a section that is one field, by the section's name. */
const ANSWERS: Record<string, string> = {
  Summary: 'A leaked deploy token was used from an unknown address to clone two private projects.',
  Owner: '@ana',
  'Acknowledged at': '2026-11-20 02:07 UTC',
  Responsible: '@ben',
  Stakeholders: '@legal-oncall, @cto',
  Severity: 'S2',
  'Detected at': '2026-11-20 01:58 UTC',
  'Mitigated at': '2026-11-20T03:10:00Z',
  'Resolved at': '2026-11-20 09:30 UTC',
  'Affected systems': 'deploy-token service, projects 311 and 312',
  'Affected users': 'none known',
  Timeline: '2026-11-20 02:07 UTC: @ana acknowledges',
  Evidence: 'access log export: https://storage.example.com/ir/2026-11-20/access.log',
  Correspondence: '2026-11-20 03:00 UTC: internal, with legal, about the clones',
  'Issue summary': 'token revoked, reading the clone logs for 311 and 312',
  'Related issues': 'infra/access#77',
  "Who's engaged": '@ben, @dora (infrastructure)',
  'Active bridge': 'none',
  'Slack channels/threads': '#sirt_1187',
  'Next steps': '@ben finishes the log review by 12:00 UTC',
  Outcome: 'resolved',
  'Root cause analysis': '#31',
};

/** What an analysis answers, by section. */
const ANALYSIS: Record<string, string> = {
  'Root cause': 'deploy tokens never expire',
  'Contributing factors': 'the token stood in the job log of a fork',
  'What went well': 'the canary token fired within two minutes',
  'What went wrong': 'approval cost 24 minutes',
  'Where we got lucky': 'none: nothing that we can think of could have been worse',
  'Corrective actions': '@ben, 2026-12-24: rotate the runner tokens',
};

/** A template filled in; `place` puts an answer where a hint stands. */
function fillIn(template: string, place: (answer: string, hint: string) => string, answers = ANSWERS): string {
  let section = '';
  return template
    .split('\n')
    .map((line) => {
      section = /^## (.*)/.exec(line)?.[1] ?? section;
      const [, label] = /^- \*\*(.+)\*\*: /.exec(line) ?? [];
      const kind = /^- (process|tooling|knowledge base): /.exec(line)?.[1];
      const answer = kind ? 'revoke first and ask later; approval cost 24 minutes' : answers[label ?? section];
      const isNote = /^<!-- (?:asked for|if there|voluntary)/.test(line);
      return isNote || answer === undefined ? line : line.replace(/<!-- .* -->$/, (hint) => place(answer, hint));
    })
    .join('\n');
}

describe.each(TEMPLATES)('the issue template %s', (name, template) => {
  const judge = (description: string): string[] => decideGate(snapshot({ description }), config(), NOW).finding.codes;

  it('as it stands lacks exactly what an empty description lacks', () => {
    expect(judge(template)).toEqual(judge(''));
    expect(judge('')).toEqual(['SUMMARY', 'OWNER', 'ACKNOWLEDGED_AT', 'SEVERITY', 'OUTCOME', 'IMPROVEMENT_NOTES'].map((stem) => `${stem}_MISSING`));
  });

  it.each([
    { how: 'over the hints', place: (answer: string) => answer },
    { how: 'behind the hints', place: (answer: string, hint: string) => `${hint} ${answer}` },
    { how: 'before the hints', place: (answer: string, hint: string) => `${answer} ${hint}` },
  ])('filled in $how it passes', ({ place }) => {
    const severity = name === 'Incident.md' ? 'S3' : 'S2';
    expect(judge(fillIn(template, place, { ...ANSWERS, Severity: severity }))).toEqual([]);
  });

  it('makes a confidential incident with its label, and leaves no command in the text', async () => {
    const { gitlab, project, call } = await stage();
    const before = createIssue(gitlab.world, gitlab.world.userNamed('lea'), project, 'has the label', 'issue');
    await call('lea', 'PUT', `/projects/42/issues/${before.iid}`, { add_labels: 'incident' });
    const made = await call('ana', 'POST', '/projects/42/issues', { title: 'Token leaked', description: template });
    expect(made).toMatchObject({ issue_type: 'incident', confidential: true, labels: ['incident'] });
    expect(made['description']).not.toMatch(/^\//m);
  });
});

describe('the issue template of a root cause analysis', () => {
  const { 'Root cause analysis.md': template = '' } = renderAnalysisTemplate(fullConfig());
  const installation = analysisInstallation(fullConfig());
  const judge = (description: string): string[] =>
    decideGate(snapshot({ description, isIncidentType: false, labels: ['rca'] }, { read: readRecord(description, 'UTC', installation.form) }), installation, NOW).finding.codes;

  it('as it stands lacks exactly what an empty description lacks', () => {
    expect(judge(template)).toEqual(judge(''));
    expect(judge('')).toEqual(['ROOT_CAUSE', 'CONTRIBUTING_FACTORS', 'WENT_WELL', 'WENT_WRONG', 'GOT_LUCKY', 'CORRECTIVE_ACTIONS'].map((stem) => `${stem}_MISSING`));
  });

  it.each([
    { how: 'over the hints', place: (answer: string) => answer },
    { how: 'behind the hints', place: (answer: string, hint: string) => `${hint} ${answer}` },
    { how: 'before the hints', place: (answer: string, hint: string) => `${answer} ${hint}` },
  ])('filled in $how it passes', ({ place }) => {
    expect(judge(fillIn(template, place, ANALYSIS))).toEqual([]);
  });

  it('makes a confidential issue with its label, and leaves no command in the text', async () => {
    const { gitlab, project, call } = await stage();
    const before = createIssue(gitlab.world, gitlab.world.userNamed('lea'), project, 'has the label', 'issue');
    await call('lea', 'PUT', `/projects/42/issues/${before.iid}`, { add_labels: 'rca' });
    const made = await call('ana', 'POST', '/projects/42/issues', { title: 'Why the token leaked', description: template });
    expect(made).toMatchObject({ issue_type: 'issue', confidential: true, labels: ['rca'] });
    expect(made['description']).not.toMatch(/^\//m);
  });

  it('is not there where analyses are off', () => {
    expect(renderAnalysisTemplate(config({ rca: { mode: 'off' } }))).toEqual({});
  });
});

it("the templates of a project's own schemas have its fields, and lack what it asks for", async () => {
  const own = await readConfig('schemas/examples/own/regulated/oncall.yml');
  const { 'Incident.md': short = '', 'Incident - full.md': full = '' } = renderIssueTemplates(own);
  expect(short).toContain('## Data protection\n\n- **Personal data affected**: <!-- yes, no or unknown -->\n');
  expect(full).toContain('- **Assessment**: <!-- whose data, which ones, how many people, and what was decided -->');
});

describe('docs/codes.md', () => {
  it('gives each code once, with a cause and a cure', () => {
    const codes = [...fieldCodes(OUR_FORM), ...analysisCodes(), ...Object.values(OTHER_CODES).flat()];
    expect(codes.filter(({ cause, cure }) => !/[.!]$/.test(cause) || !/[.!)]$/.test(cure))).toEqual([]);
    const rows = read('docs/codes.md')
      .split('\n')
      .flatMap((line) => /^\| `([A-Z_]+)` \|/.exec(line)?.[1] ?? []);
    expect(rows.length).toBe(new Set(rows).size);
    expect(new Set(rows)).toEqual(new Set(codes.map(({ code }) => code)));
  });

  it('names every code that stands in the rules', () => {
    const rules = ['decide', 'read'].flatMap((room) => readdirSync(new URL(`../../scripts/${room}/`, import.meta.url)).map((file) => read(`scripts/${room}/${file}`)));
    const codes = [...rules.join('\n').matchAll(/(?:code: |CODE = |\? )'([A-Z]+_[A-Z_]+|DUPLICATE|MOVED|OVERRIDDEN)'/g)].map((match) => match[1] ?? '');
    expect(codes.length).toBeGreaterThan(10);
    const told = read('docs/codes.md') + read('docs/doctor.md');
    expect([...new Set(codes)].filter((code) => !told.includes(`\`${code}\``))).toEqual([]);
  });
});

describe('docs/doctor.md', () => {
  it('gives each finding once, with what it means and a cure', () => {
    const rows = [...read('docs/doctor.md').matchAll(/^\| `([A-Z_]+)` \| (error|warning|note) \| (.+) \| (.+) \|$/gm)];
    expect(rows.map(([, code]) => code)).toEqual(Object.keys(FINDINGS));
    expect(rows.filter(([, , , cause = '', cure = '']) => !/[.)}]$/.test(cause) || !/\.$/.test(cure))).toEqual([]);
  });
});

describe('docs/configuration.md', () => {
  type Option = { description?: string; examples?: unknown[]; properties?: Record<string, Option>; default?: unknown };
  const options = (properties: Record<string, Option>, prefix = ''): [string, Option][] =>
    Object.entries(properties).flatMap(([name, option]) => [[prefix + name, option] as [string, Option], ...options(option.properties ?? {}, `${prefix}${name}.`)]);
  const all = options(SCHEMAS.config.properties);

  it.each(all)('%s has a description, and an example that is accepted', (path, option) => {
    expect(option.description).toMatch(/\.$/);
    if (option.properties) return;
    const value = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), option.examples?.[0]);
    expect(config(value as object)).toMatchObject(value as object);
  });
});

describe('oncall.schema.json', () => {
  const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true, strictTypes: false });
  formats.default(ajv);
  const check = ajv.compile(JSON.parse(read('oncall.schema.json')) as object);

  it.each([
    'oncall.yml',
    'scripts/sandbox/oncall.yml',
    ...['regulated', 'small-team', 'customer-notice'].map((name) => `schemas/examples/own/${name}/oncall.yml`),
    ...['guide', 'follow-the-sun'].map((name) => `schemas/examples/config/rosters/${name}.yml`),
  ])('accepts %s, as an editor would', (path) => {
    expect(check(parse(read(path)))).toBe(true);
  });

  it.each(readdirSync(new URL('../../schemas/examples/config/valid/', import.meta.url)))('accepts %s', (name) => {
    expect(check(JSON.parse(read(`schemas/examples/config/valid/${name}`)))).toBe(true);
  });

  it.each([
    { sources: [] },
    { sources: [{ project: 42 }], timezone: 'UTC' },
    { sources: [{ project: 42 }], gate: { mode: 'strict' } },
    { sources: [{ project: 42 }], commands: { override: 'anyone' } },
  ])('refuses %j', (value) => {
    expect(check(value)).toBe(false);
  });

  it('is named in the first line of the example', () => {
    expect(read('oncall.yml')).toMatch(/^# yaml-language-server: \$schema=\.\/oncall\.schema\.json\n/);
  });
});
