import { describe, expect, it } from 'vitest';
import { judgeText, remarksOn } from '../../scripts/decide/remarks.ts';
import { defaultInstallation } from '../../scripts/read/config.ts';
import type { Paper } from '../../scripts/read/papers.ts';
import { renderReport } from '../../scripts/render/report.ts';
import { renderValidation, type Format } from '../../scripts/render/validation.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { NOW } from '../support/snapshot.ts';
import { ordersIn, peoplesTextIn, strangeHtmlIn } from './comment.ts';
import { dutyComments, dutyDescriptions, dutyEvidence } from './duty.ts';
import { ATTACKS, CANARY } from './hostile.ts';
import { commentOn, decide, STAGES, type Written } from './incident.ts';
import { contentOf, TEMPLATES, writtenBy } from './templates.ts';

/** Values that templates write bare because no person wrote them, and where each comes from; `*` holds for all templates. */
const OURS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '*': {
    line: 'a line number',
    'meant.line': 'a line number',
    'instead.line': 'a line number',
    'into.line': 'a line number',
    title: 'the title of a field in a schema, checked in own-fields.ts',
    'instead.title': 'the title of a field in a schema',
    section: 'a section of a schema (x-section), checked by the engine',
    'into.section': 'a section of a schema',
    help: 'x-help of a schema, checked by the engine, or what the engine says of a value',
  },
  'comments/gate': {
    'failing.length': 'a count',
    'waived.length': 'a count',
    'passing.length': 'a count',
    maxReopens: 'a number of the configuration',
    recordedSeverity: 'a number from 1 to 4',
    resolutionLine: 'a line number',
    code: 'a reason code (x-code of a schema), checked by the engine: capitals and underscores',
    command: 'the name of a command of ours',
    thing: 'a word of ours',
    record: 'a hash',
    verifiedAt: 'a time that we took',
    text: 'hints and titles of a schema, in a fence',
    template: 'hints and titles of a schema, in a fence',
    falsePositive: 'a hint of our own schema',
  },
  'comments/meant': { meant: 'a name of a field or section in a schema (x-also), checked by the engine', 'means.section': 'a section of a schema' },
  'comments/problems/missing': { because: 'a number from 1 to 4', hours: 'a number of ours' },
  'issues/incident': { name: 'a section of a schema', when: 'words of ours', this: 'hints and titles of a schema, or a label of the configuration' },
  'comments/ack': { acknowledgedAt: 'a time', pagedAt: 'a time', this: 'a time', alarmResolvedAt: 'a time', updatedAt: 'a time' },
  'comments/analysis-overdue': { dueOn: "a day, of GitLab's own making" },
  'comments/digest': {
    ...{ start: 'a time', end: 'a time', at: 'a time', what: 'a word of ours' },
    ...{ this: "a reference, of GitLab's own making", reference: "a reference, of GitLab's own making" },
    ...{ 'missed.length': 'a count', 'seen.length': 'a count' },
  },
  'comments/escalation': {
    ...{ acknowledgedAt: 'a time', alarmResolvedAt: 'a time', pagedAt: 'a time', minutes: 'a number of the configuration' },
    this: 'a policy of the configuration, on one line and without quotation marks, which is meant to be ordered',
  },
  'comments/handoff': { at: 'a time', acceptedAt: 'a time', 'missing.length': 'a count', this: 'the title of a field in a schema' },
  'comments/handoff-due': {
    ...{ at: 'a time', reference: "a reference, of GitLab's own making", severity: 'S and a number' },
    this: "the title of a field in a schema, or a reference, of GitLab's own making",
  },
  'comments/handoff-late': { minutes: 'a number', this: "a reference, of GitLab's own making" },
  'comments/doctor': { 'rows.length': 'a count', code: 'the code of a finding', cure: 'words of ours, with numbers and roles' },
  'issues/token-expiry': { day: "a day, of GitLab's own making", days: 'a count' },
  'setup/manual': {
    ...{ home: 'a place of the configuration, on a terminal', sources: 'the same', where: 'the same', ref: 'a branch of the configuration, on a terminal' },
    ...{ config: 'a path, on a terminal', since: 'a time', url: 'an address, on a terminal', events: 'words of ours', template: 'words of ours' },
    ...{ description: 'words of ours', cron: 'a rhythm of ours', inputs: 'words of ours', names: 'labels of the configuration, on a terminal', this: 'a path of ours' },
  },
  'setup/oncall.yml': { project: 'a path that setup has checked', home: 'the same' },
  'comments/learning': { reference: "a reference, of GitLab's own making" },
  'comments/log': {
    ...{ start: 'a time', end: 'a time', at: 'a time', handedAt: 'a time', minutes: 'a number', more: 'a count', missed: 'a count', seen: 'a count' },
    ...{ before: "a reference, of GitLab's own making", after: "a reference, of GitLab's own making", reference: "a reference, of GitLab's own making" },
    ...{ severity: 'S and a number, or words of ours', this: "a reference, of GitLab's own making" },
  },
  'comments/major': { severity: 'a number from 1 to 4' },
  'comments/major-check': { this: 'the title of a field in a schema' },
  'comments/merge-request': {
    ...{ 'failing.length': 'a count', 'checks.length': 'a count', code: 'a reason code, checked by the engine' },
    ...{ reference: "a reference, of GitLab's own making", first: 'the same', this: 'the same' },
  },
  'comments/nudge': { dueOn: 'a day' },
  'comments/note': { incident: "a reference, of GitLab's own making" },
  'comments/reply': { command: 'the name of a command of ours' },
  'comments/shift-handoff': {
    ...{ at: 'a time', acceptedAt: 'a time', 'rows.length': 'a count', severity: 'S and a number' },
    ...{ before: "a reference, of GitLab's own making", reference: "a reference, of GitLab's own making" },
    this: "the title of a field in a schema, or a reference, of GitLab's own making",
  },
  'comments/weekly-review': {
    ...{ from: 'a day', to: 'a day', week: 'a week', dueOn: 'a day', since: 'a time', reference: "a reference, of GitLab's own making" },
    ...{ status: 'words of ours', severity: 'S and a number', code: 'a reason code', count: 'a count', 'open.count': 'a count', 'open.more': 'a count' },
    ...{ 'closed.count': 'a count', 'closed.more': 'a count', 'followUps.count': 'a count', 'followUps.more': 'a count', 'analyses.count': 'a count', 'analyses.more': 'a count', name: 'a week' },
    ...{ most: 'a count', opened: 'a count', closed: 'a count', this: "a reference, of GitLab's own making, words of ours, or a reason code" },
  },
  'comments/update': { at: 'a time' },
  'comments/update-due': { minutes: 'a number of the configuration', since: 'a time' },
  'issues/follow-up': { incident: "a reference, of GitLab's own making", severity: 'a number from 1 to 4', dueOn: 'a day' },
  'evidence/report': {
    ...{ from: 'a time', to: 'a time', made_at: 'a time', at: 'a time', start: 'a time', end: 'a time', accepted_at: 'a time' },
    ...{ 'sweeps.longest.from': 'a time', 'sweeps.longest.to': 'a time', 'sweeps.longest.minutes': 'a number', 'sweeps.runs': 'a count' },
    ...Object.fromEntries(['verified', 'exempt', 'overridden', 'disputed', 'open', 'unjudged'].map((name) => [`classes.${name}`, 'a count'])),
    ...{ total: 'a count', gitlab: 'a count', missing: 'a count', more: 'a count', count: 'a count', seen: 'a count', missed: 'a count' },
    ...{ 'in_force.schema': 'a hash', 'in_force.config': 'a commit', schema: 'a hash', config: 'a commit', 'verified.schema': 'a hash', 'verified.config': 'a commit' },
    ...{ reference: "a reference, of GitLab's own making", on: 'the same', severity: 'a number from 1 to 4', class: 'a word of ours', code: 'the code of an exemption' },
    ...{ what: 'a word of ours', 'source.kind': 'a word of ours', 'source.id': 'an id', this: 'an id', note: 'an id' },
  },
  'issues/rca': {
    ...{ reference: "a reference, of GitLab's own making", dueOn: 'a day that we took', label: 'a label of the configuration, which is meant to be ordered' },
    ...{ name: 'a section of a schema', when: 'a word of ours', this: 'hints and titles of a schema' },
  },
  'issues/page': { template: 'hints and titles of a schema' },
  'issues/weekly-review': { from: 'a day', to: 'a day' },
  'issues/shift-log': { start: 'a time', end: 'a time' },
  'setup/release-notes': { changes: 'our own changelog', project: 'the path of the project that releases', tag: 'a version, checked', bundle_url: 'an address of ours', sha256: 'a digest' },
  'setup/gitlab-ci.yml': {
    include: 'a word of ours',
    from: 'the address of a component, chosen by who sets up',
    bundle_url: 'an address, chosen by who sets up',
    bundle_sha256: 'a digest',
    config: 'a path, chosen by who sets up',
  },
  junit: { 'cases.length': 'a count', failures: 'a count', skipped: 'a count' },
  'validate/roster': { this: 'a user name, checked by its format', duty: 'a word of ours', span: 'times and a zone that exists', more: 'a count', days: 'a number of ours' },
  'validate/paste': { text: 'hints and titles of a schema, on a terminal' },
};

/** What a template writes bare, or counts. */
const trustedBy = (source: string): string[] => writtenBy(source).flatMap((each) => (each.kind === 'bare' ? [each.name] : each.kind === 'helper' && each.name === 'plural' ? each.values : []));

const MAKES_INERT = ['inert', 'mention', 'plain'];
/** Partials, and the helpers that name one of ours. */
const PARTIALS = ['problem', 'reply', 'comments/meant'];
/** The pages are HTML: what people write, and all else, enters them by helpers of their own, and they include parts of theirs. */
const isPage = (name: string): boolean => name.startsWith('pages/');
const helpersOf = (name: string): string[] => (isPage(name) ? ['html', 'href'] : [...MAKES_INERT, 'plural', 'amount', ...(name === 'junit' ? ['xml'] : [])]);

describe.each(TEMPLATES)('the template $name', ({ name, source }) => {
  const written = writtenBy(source);
  const helpers = written.filter(({ kind }) => kind === 'helper').map((each) => each.name);

  it('escapes no helper and holds nothing but values, conditions, loops and partials', () => {
    expect(written.filter(({ kind }) => kind === 'unescaped' || kind === 'other')).toEqual([]);
    expect(written.filter((each) => each.kind === 'partial' && !(isPage(name) ? isPage(each.name) : PARTIALS.includes(each.name)))).toEqual([]);
  });

  it('lets what people write in through helpers that make it inert', () => {
    expect(helpers.filter((helper) => !helpersOf(name).includes(helper))).toEqual([]);
    expect(trustedBy(source).filter((value) => !Object.hasOwn({ ...OURS['*'], ...OURS[name] }, value))).toEqual([]);
  });
});

it('no value is trusted that no template writes', () => {
  const trusted = Object.entries(OURS).flatMap(([name, values]) => Object.keys(values).map((value) => ({ name, value })));
  const isWritten = ({ name, value }: { name: string; value: string }): boolean => TEMPLATES.some((template) => (name === '*' || name === template.name) && trustedBy(template.source).includes(value));
  expect(trusted.filter((each) => !isWritten(each))).toEqual([]);
});

const nobody = { id: 5, username: 'ana' };
const quiet: Written = { description: '', title: 'x', label: 'x', argument: 'x', duplicateOf: '#12', closer: nobody, assignee: nobody, acknowledgedBy: nobody, stage: 'blocked' };

/** One line with everything in it that people can write on one, and with line ends between. */
const PAYLOADS = [' ', '\n', '\r\n', '\u2028'].map((end) => `${CANARY} ${ATTACKS.join(end)} ${CANARY}`);
const onOneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

/** Where people write: each gives the incident that bears a hostile text there. */
const PLACES: { place: string; incident: (text: string) => Partial<Written> }[] = [
  ...OUR_FORM.fields.flatMap(({ path, title, section }) => [
    { place: `${title} (${section}) in a bullet`, incident: (text: string) => ({ description: `## ${section}\n\n- ${title}: ${text}\n` }) },
    { place: `${title} (${section}) twice`, incident: (text: string) => ({ description: `## ${section}\n\n- ${title}: ${onOneLine(text)}\n- ${title}: @eve ${text}\n` }) },
    { place: `${title} (${section}) in a table`, incident: (text: string) => ({ description: `## ${section}\n\n| a | b |\n| - | - |\n| ${title} | ${onOneLine(text).replaceAll('|', '')} |\n` }) },
    { place: `${title} (${section}) in YAML`, incident: (text: string) => ({ description: `## ${section}\n\n\`\`\`yaml\n${path.at(-1) ?? ''}: ${JSON.stringify(text)}\n\`\`\`\n` }) },
  ]),
  ...[...OUR_FORM.sections.keys()].flatMap((section) => [
    { place: `a second heading ${section}`, incident: () => ({ description: `## ${section}\n\n## ${section} (${CANARY} <b>@all</b> \u202e)\n` }) },
    { place: `a broken YAML block in ${section}`, incident: (text: string) => ({ description: `## ${section}\n\n\`\`\`yaml\n${text}: [\n&a *b ${onOneLine(text)}\n\`\`\`\n` }) },
    { place: `a heading like ${section}`, incident: () => ({ description: `## ${section}x (${CANARY}@all)\n` }) },
  ]),
  ...OUR_FORM.fields.map(({ title }) => ({ place: `a field ${title} outside its section`, incident: (text: string) => ({ description: `${title} (${CANARY}@all): ${text}\n` }) })),
  { place: 'Resolved at before Acknowledged at', incident: () => ({ description: '## Ownership\n- Acknowledged at: 2026-11-20 05:00 UTC\n## Impact\n- Resolved at: 2026-11-20 02:00 UTC\n' }) },
  { place: 'the owner, who is not assigned', incident: (text) => ({ description: '## Ownership\n- Owner: @eve\n', assignee: { id: 7, username: `-${text}` } }) },
  ...STAGES.map((stage) => ({
    place: `title, label, names and arguments of an incident that is ${stage}`,
    incident: (text: string) => ({
      stage,
      title: text,
      label: text,
      argument: text,
      duplicateOf: text,
      closer: { id: 5, username: `-${text}` },
      assignee: { id: 6, username: `-${text}` },
      acknowledgedBy: { id: 7, username: `-${text}` },
    }),
  })),
];

function validated({ description }: Written, format: Format): string {
  const paper: Paper = { kind: 'description', file: 'incident.md', text: description, installation: defaultInstallation() };
  const judged = [judgeText(paper, 'closing', NOW), judgeText(paper, 'hand-off', NOW)];
  return renderValidation({ papers: [paper], judged, skipped: [], remarks: remarksOn([paper], judged, NOW) }, format, (_style, text) => text).output;
}

function reported(incident: Written): string {
  const { snapshot, finding } = decide(incident);
  return (
    renderReport({
      door: 'sweep',
      dryRun: false,
      count: { reads: 0, writes: 0 },
      tookMs: 0,
      incidents: [{ issue: snapshot.issue, finding, actions: [], bodies: [], planned: [], warnings: [] }],
      leftOver: [],
    }).artifacts['junit.xml'] ?? ''
  );
}

/** What is no tag of JUnit's, no reference to a character, and no control character that XML forbids. */
const strangeXmlIn = (xml: string): string => xml.replace(/<\?xml [^?]*\?>|<\/?(?:testsuites?|testcase|failure|skipped)(?: [a-z]+="[^"<]*")*\/?>|&#\d+;/g, '').replace(/[^<>&]/g, '');

const looseIn = (text: string): string[] => text.split('\n').filter((line) => line.replace(/`[^`]*`/g, '').includes(CANARY));
const unprintableIn = (text: string): string[] => text.match(/[\p{Cc}\p{Cf}\u2028\u2029]/gu)?.filter((character) => character !== '\n') ?? [];

/** What is rendered of an incident, and what may not be in it. */
const SURFACES: { surface: string; render: (incident: Written) => string; wrong: (text: string) => unknown[] }[] = [
  { surface: 'the comment', render: commentOn, wrong: (body) => [...ordersIn(body).lines, ...strangeHtmlIn(body), ...peoplesTextIn(body), ...unprintableIn(body)] },
  { surface: "a run's JUnit report", render: reported, wrong: (xml) => [strangeXmlIn(xml), ...(xml.includes(CANARY) ? [xml] : [])].filter((each) => each !== '') },
  { surface: 'what validate says', render: (incident) => validated(incident, 'text'), wrong: (text) => [...looseIn(text), ...unprintableIn(text)] },
  { surface: "validate's JUnit report", render: (incident) => validated(incident, 'junit'), wrong: (xml) => [strangeXmlIn(xml), ...unprintableIn(xml)].filter((each) => each !== '') },
];

describe.each(SURFACES)('in $surface, hostile text is inert', ({ render, wrong }) => {
  it.each(PLACES)('as $place', ({ incident }) => {
    for (const payload of PAYLOADS) expect(wrong(render({ ...quiet, ...incident(payload) }))).toEqual([]);
  });
});

describe('in what the duty says, hostile text is inert', () => {
  it.each(PAYLOADS.map((payload, index) => ({ name: `line ends of kind ${index + 1}`, payload })))('$name', ({ payload }) => {
    for (const body of [...dutyComments(payload), dutyEvidence(payload)]) expect([...ordersIn(body).lines, ...strangeHtmlIn(body), ...peoplesTextIn(body), ...unprintableIn(body)]).toEqual([]);
    const { page, log, calls } = dutyDescriptions(payload);
    for (const text of [log, calls]) expect([...ordersIn(text).lines, ...strangeHtmlIn(text), ...peoplesTextIn(text), ...unprintableIn(text)]).toEqual([]);
    expect([ordersIn(page).lines, unprintableIn(page)]).toEqual([[], []]);
    const [, fence = '', rest = ''] = /^\n*## Page\n\n```text\n([^`]*)\n```\n([^]*)$/.exec(page) ?? [];
    expect([fence.split('\n').every((line) => /^(?:Service|Alert|Triggered|Priority|Urgency|Number|Link): /.test(line)), rest.includes(CANARY)]).toEqual([true, false]);
  });
});

it('every template that shows what people write had to show it', () => {
  const rendered = PLACES.flatMap(({ incident }) => PAYLOADS.flatMap((payload) => SURFACES.map(({ render }) => render({ ...quiet, ...incident(payload) })))).join('\n');
  const duty = PAYLOADS.flatMap((payload) => [...dutyComments(payload), dutyEvidence(payload), ...Object.values(dutyDescriptions(payload))]).join('\n');
  const showing = TEMPLATES.filter(({ source }) => writtenBy(source).some(({ kind, name }) => kind === 'helper' && [...MAKES_INERT, 'xml'].includes(name)));
  expect(showing.filter(({ source }) => !(rendered + duty).replaceAll('**', '').includes(contentOf(source))).map(({ name }) => name)).toEqual([]);
});
