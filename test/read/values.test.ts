import { describe, expect, it } from 'vitest';
import {
  noteKind,
  readAnalysis,
  readChoice,
  readEntry,
  readLetter,
  readNote,
  readNumber,
  readOutcome,
  readSeverity,
  readUser,
  readYesOrNo,
  severityOfLabel,
  splitLabel,
  unwrap,
} from '../../scripts/read/values.ts';

describe('marks around a text', () => {
  it.each([
    { text: '**bold**', plain: 'bold' },
    { text: ' \t`code` ', plain: 'code' },
    { text: '~~struck~~', plain: 'struck' },
    { text: 'one [link](https://example.com/a) and [two](b)', plain: 'one link and two' },
    { text: '[link](https://example.com/a "title")', plain: '[link](https://example.com/a "title")' },
    { text: '[](https://example.com/a)', plain: '[](https://example.com/a)' },
    { text: 'line\\\nline', plain: 'line\nline' },
    { text: 'C:\\temp', plain: 'C:\\temp' },
    { text: '✅ done', plain: 'done' },
    { text: ':white_check_mark: done', plain: 'done' },
    { text: '✅ 2', plain: '✅ 2' },
    { text: 'done ✅', plain: 'done ✅' },
    { text: '***', plain: '' },
    { text: '', plain: '' },
  ])('$text', ({ text, plain }) => {
    expect(unwrap(text)).toBe(plain);
  });
});

describe('users', () => {
  it.each([
    { text: '@ana', user: '@ana' },
    { text: '**@ana.b-c_d**', user: '@ana.b-c_d' },
    { text: '@ana.', user: '@ana' },
    { text: '@ana,', user: '@ana' },
    { text: '@ana;', user: '@ana' },
    { text: '@ana (first responder)', user: '@ana' },
    { text: '@ana(first responder).', user: '@ana' },
    { text: '@a', user: '@a' },
    { text: '@ana and @ben', user: '@ana and @ben' },
    { text: '@ana (first) (second)', user: '@ana (first) (second)' },
    { text: '@ana!', user: '@ana!' },
    { text: 'cc @ana', user: 'cc @ana' },
    { text: 'ana', user: 'ana' },
    { text: '@', user: '@' },
  ])('$text', ({ text, user }) => {
    expect(readUser(text)).toBe(user);
  });
});

describe('severities', () => {
  it.each([
    { text: 'P1', severity: 1 },
    { text: 'sev 3', severity: 3 },
    { text: 'SEV: 3', severity: 3 },
    { text: 'Severity 4', severity: 4 },
    { text: 'severity-4', severity: 4 },
    { text: 's-2', severity: 2 },
    { text: '"2"', severity: 2 },
    { text: '~severity::1', severity: 1 },
    { text: 'critical', severity: 1 },
    { text: 'Medium: two hosts', severity: 3 },
    { text: 'low', severity: 4 },
    { text: 'S2: 3 hosts', severity: 2 },
    { text: 'S2, 50% of users', severity: 2 },
    { text: 'S3 - 1.5 hours', severity: 3 },
    { text: 'S2 (S1 at first)', severity: 2 },
    { text: '2', severity: 2 },
  ])('$text is $severity', ({ text, severity }) => {
    expect(readSeverity(text)).toBe(severity);
  });

  it.each(['S0', 'S12', 'S2a', 'x2', 'lowest', 'highly likely', 'very high', 'not S2', 'S1 or 2', 'S2 to 3', 'S1 – 2', 'S2>1', 'sev1 p2', 'high, was critical', 'S2, low', 'S1 and S2', ''])(
    '%j is none',
    (text) => {
      expect(readSeverity(text)).toBe(text);
    },
  );

  it.each([
    { label: 'severity::1', severity: 1 },
    { label: 'severity::4', severity: 4 },
    { label: 'severity::5', severity: undefined },
    { label: 'severity::12', severity: undefined },
    { label: 'severity:1', severity: undefined },
    { label: 'x severity::1', severity: undefined },
  ])('the label $label gives $severity', ({ label, severity }) => {
    expect(severityOfLabel(label)).toBe(severity);
  });
});

describe('outcomes', () => {
  it.each([
    { text: 'RESOLVED', outcome: { kind: 'resolved' } },
    { text: 'resolved by @ana', outcome: { kind: 'resolved' } },
    { text: 'false positive', outcome: { kind: 'false positive' } },
    { text: 'false positive: TBD', outcome: { kind: 'false positive' } },
    { text: 'false_positive — the load test', outcome: { kind: 'false positive', reason: 'the load test' } },
    { text: 'falsepositive the load test', outcome: { kind: 'false positive', reason: 'the load test' } },
    { text: 'FP. (The load test.)', outcome: { kind: 'false positive', reason: 'The load test.' } },
    { text: 'fp. the load test (of Monday)', outcome: { kind: 'false positive', reason: 'the load test (of Monday)' } },
    { text: 'fp; the load test', outcome: { kind: 'false positive', reason: 'the load test' } },
    { text: 'dup of #12', outcome: { kind: 'duplicate', duplicate_of: '#12' } },
    { text: 'dupe #12', outcome: { kind: 'duplicate', duplicate_of: '#12' } },
    { text: 'Duplicate of JIRA-7', outcome: { kind: 'duplicate', duplicate_of: 'JIRA-7' } },
    { text: 'tracked in: sirt/incidents#3 and others', outcome: { kind: 'tracked in', tracked_in: 'sirt/incidents#3' } },
    { text: 'tracked as SEC-7', outcome: { kind: 'tracked in', tracked_in: 'SEC-7' } },
    { text: 'tracked in', outcome: { kind: 'tracked in' } },
    { text: 'transferred to legal', outcome: { kind: 'transferred', transferred_to: 'legal' } },
    { text: 'transferred', outcome: { kind: 'transferred' } },
    { text: 'resolvedly', outcome: { kind: 'resolvedly' } },
    { text: 'duplicated', outcome: { kind: 'duplicated' } },
    { text: 'not resolved', outcome: { kind: 'not resolved' } },
    { text: 'resolved?', outcome: { kind: 'resolved?' } },
    { text: 'duplicate of?', outcome: { kind: 'duplicate of?' } },
  ])('$text', ({ text, outcome }) => {
    expect(readOutcome(text)).toEqual(outcome);
  });
});

describe('decisions on a root cause analysis', () => {
  it.each([
    { text: 'requested', analysis: { decision: 'requested' } },
    { text: '**Requested** by @lea', analysis: { decision: 'requested' } },
    { text: 'requestedly', analysis: { decision: 'requestedly' } },
    { text: 'not needed: the token was a test', analysis: { decision: 'not needed', reason: 'the token was a test' } },
    { text: 'Not-needed – the token was a test', analysis: { decision: 'not needed', reason: 'the token was a test' } },
    { text: 'waived, the token was a test', analysis: { decision: 'not needed', reason: 'the token was a test' } },
    { text: 'no rca; see #12', analysis: { decision: 'not needed', reason: 'see #12' } },
    { text: 'notneeded', analysis: { decision: 'not needed' } },
    { text: 'not needed: tbd', analysis: { decision: 'not needed' } },
    { text: 'not neededness', analysis: { decision: 'not neededness' } },
    { text: '#31', analysis: { decision: 'reference', reference: '#31' } },
    { text: 'see sirt/rca#31 for all', analysis: { decision: 'reference', reference: 'sirt/rca#31' } },
    { text: '[the analysis](https://gitlab.example.com/a/b/-/issues/31)', analysis: { decision: 'reference', reference: 'https://gitlab.example.com/a/b/-/issues/31' } },
    { text: 'somebody slept', analysis: { decision: 'somebody slept' } },
    { text: 'it was waived', analysis: { decision: 'it was waived' } },
    { text: 'not requested', analysis: { decision: 'not requested' } },
  ])('$text', ({ text, analysis }) => {
    expect(readAnalysis(text)).toEqual(analysis);
  });
});

describe('numbers, choices, yes and no', () => {
  it.each([
    { text: '12', number: 12 },
    { text: '-3', number: -3 },
    { text: '`12,500`', number: 12_500 },
    { text: '1,234,567.5', number: 1_234_567.5 },
    { text: '123456789.25', number: 123_456_789.25 },
    { text: '1,23', number: '1,23' },
    { text: '12,5000', number: '12,5000' },
    { text: '1234567890123456', number: '1234567890123456' },
    { text: '12 hosts', number: '12 hosts' },
    { text: 'about 12', number: 'about 12' },
    { text: '1.', number: '1.' },
    { text: '', number: '' },
  ])('$text is the number $number', ({ text, number }) => {
    expect(readNumber(text)).toBe(number);
  });

  it.each([
    { text: 'yes', answer: true },
    { text: '**True**', answer: true },
    { text: 'No', answer: false },
    { text: 'false.', answer: false },
    { text: 'yes, 12 of them', answer: true },
    { text: 'yes: names', answer: true },
    { text: 'no(by the log)', answer: false },
    { text: 'no (by the log)', answer: false },
    { text: 'no – by the log', answer: false },
    { text: 'no - by the log', answer: false },
    { text: 'yes; why not', answer: true },
    { text: 'yes, or is it?', answer: 'yes, or is it?' },
    { text: 'no-one knows', answer: 'no-one knows' },
    { text: 'yesterday', answer: 'yesterday' },
    { text: 'yes and no', answer: 'yes and no' },
    { text: 'oh yes', answer: 'oh yes' },
    { text: 'maybe', answer: 'maybe' },
  ])('$text is the answer $answer', ({ text, answer }) => {
    expect(readYesOrNo(text)).toBe(answer);
  });

  it.each([
    { text: 'CONFIDENTIAL', choice: 'Confidential' },
    { text: '`public`', choice: 'public' },
    { text: '**secret**', choice: 'secret' },
  ])('$text is the choice $choice', ({ text, choice }) => {
    expect(readChoice(text, ['public', 'Confidential'])).toBe(choice);
  });
});

describe('lines of a timeline and of correspondence', () => {
  it.each([
    { text: '2026-11-20 01:58 UTC: **alert fires**', entry: { at: '2026-11-20T01:58:00Z', text: 'alert fires' } },
    { text: '**2026-11-20 01:58 UTC** | alert fires', entry: { at: '2026-11-20T01:58:00Z', text: 'alert fires' } },
    { text: '2026-11-20 01:58 - alert fires', entry: { at: '2026-11-20T00:58:00Z', text: 'alert fires' } },
    { text: '`told the board`', entry: { text: 'told the board' } },
    { text: '2026-11-20 01:58 UTC', entry: { at: '2026-11-20T01:58:00Z', text: '' } },
  ])('$text', ({ text, entry }) => {
    expect(readEntry(text, 'Europe/Berlin')).toEqual(entry);
    expect(readLetter(text, 'Europe/Berlin')).toEqual(entry);
  });

  it.each([
    { text: '2026-11-20 03:00 UTC: External, told the customer', letter: { at: '2026-11-20T03:00:00Z', audience: 'external', text: 'External, told the customer' } },
    { text: 'told legal (internal)', letter: { audience: 'internal', text: 'told legal (internal)' } },
    { text: 'internalised and externally', letter: { text: 'internalised and externally' } },
  ])('$text', ({ text, letter }) => {
    expect(readLetter(text, 'UTC')).toEqual(letter);
  });
});

describe('improvement notes', () => {
  it.each([
    { text: 'process: revoke first', note: { kind: 'process', text: 'revoke first' } },
    { text: '[ ] Tools: mask tokens', note: { kind: 'tooling', text: 'mask tokens', done: false } },
    { text: '[X] mask tokens', note: { text: 'mask tokens', done: true } },
    { text: 'note: mask tokens', note: { text: 'note: mask tokens' } },
    { text: 'mask [x] tokens', note: { text: 'mask [x] tokens' } },
  ])('$text', ({ text, note }) => {
    expect(readNote(text)).toEqual(note);
  });

  it('take their kind from above, unless they name their own', () => {
    expect(readNote('mask tokens', 'tooling')).toEqual({ kind: 'tooling', text: 'mask tokens' });
    expect(readNote('risk: mask tokens', 'tooling')).toEqual({ kind: 'risk', text: 'mask tokens' });
  });

  it.each([
    { kind: 'process', names: ['Process', 'processes'] },
    { kind: 'tooling', names: ['tooling', 'tool', 'tools'] },
    { kind: 'knowledge base', names: ['Knowledge base', 'knowledge', 'KB', 'runbook', 'documentation'] },
    { kind: 'automation', names: ['automation'] },
    { kind: 'risk', names: [' risk ', 'risky decision'] },
    { kind: 'question', names: ['question', 'questions'] },
    { kind: undefined, names: ['note', ''] },
  ])('of the kind $kind are called $names', ({ kind, names }) => {
    expect(names.map(noteKind)).toEqual(names.map(() => kind));
  });
});

describe('a label before a value', () => {
  it.each([
    { text: 'Owner: @ana', label: 'Owner', value: '@ana' },
    { text: '**Owner:** @ana', label: 'Owner', value: '@ana' },
    { text: '**Owner**:@ana', label: 'Owner', value: '@ana' },
    { text: '__Owner__ @ana', label: 'Owner', value: '@ana' },
    { text: '**Owner**', label: 'Owner', value: '' },
    { text: '[x] Owner: @ana', label: 'Owner', value: '@ana' },
    { text: '👤 Owner : @ana', label: 'Owner', value: '@ana' },
    { text: 'Owner：@ana', label: 'Owner', value: '@ana' },
    { text: 'Owner: @ana\nsince: two', label: 'Owner', value: '@ana\nsince: two' },
    { text: 'Owner:', label: 'Owner', value: '' },
    { text: `${'a'.repeat(60)}: b`, label: 'a'.repeat(60), value: 'b' },
  ])('$text', ({ text, label, value }) => {
    expect(splitLabel(text)).toEqual({ label, value });
  });

  it.each(['Owner @ana', ': @ana', '--- : @ana', `${'a'.repeat(80)}: b`, '**Owner**@ana', 'see **Owner** there', ''])('is none in %j', (text) => {
    expect(splitLabel(text)).toBeUndefined();
  });
});
