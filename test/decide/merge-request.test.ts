import { describe, expect, it } from 'vitest';
import { asIfClosed, decideMergeRequest, judgeClosing, type Judged } from '../../scripts/decide/merge-request.ts';
import type { Check } from '../../scripts/decide/plan.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { renderMergeComment } from '../../scripts/render/merge-request.ts';
import { COMPLETE, FALSE_POSITIVE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { ana, config, lea, NOW, snapshot } from '../support/snapshot.ts';

const override = { name: 'override', argument: 'a pentest that was announced last week', noteId: 70, author: lea, at: '2026-11-20T09:40:00.000Z', accessLevel: 40 } as const;

/** What the gate says of an incident that is open, if @ana closed it now by merging. */
function judged(description: string, around: Partial<Snapshot> = {}, more: object = {}, issue: Partial<Issue> = {}): Judged {
  const seen = snapshot({ description, ...issue, state: 'opened', closedAt: undefined, closedBy: undefined }, { read: readRecord(description, 'UTC', OUR_FORM), ...around });
  const closing = { ...seen, issue: asIfClosed(seen.issue, ana, NOW) };
  return { issue: seen.issue, finding: judgeClosing(closing, config(more), NOW) };
}

const failing = (reference: string, codes: string[], more: Partial<Issue> = {}): Judged => {
  const { issue } = judged('');
  const checks = codes.map((code): Check => ({ code, status: 'fail', kind: 'missing', field: 'owner', section: 'Ownership', given: ['<b>@all</b>'], help: 'Who it is.' }));
  return { issue: { ...issue, reference, ...more }, finding: { state: 'blocked', codes, checks } };
};

describe('an incident that merging would close is judged as if it were closed now', () => {
  it.each([
    { name: 'complete', one: () => judged(COMPLETE), state: 'ready' },
    { name: 'a false positive with its reason', one: () => judged(FALSE_POSITIVE), state: 'ready' },
    { name: 'incomplete', one: () => judged(TOO_EARLY), state: 'blocked' },
    { name: 'incomplete while the gate observes', one: () => judged(TOO_EARLY, {}, { gate: { mode: 'observe' } }), state: 'observed' },
    { name: 'incomplete, within the time of grace that a closing has', one: () => judged(TOO_EARLY, {}, { gate: { grace_minutes: 60 } }), state: 'blocked' },
    { name: 'incomplete, and overridden by a Maintainer', one: () => judged(TOO_EARLY, { commands: [override] }), state: 'exempt' },
    { name: 'incomplete, and overridden by who would close it', one: () => judged(TOO_EARLY, { commands: [{ ...override, author: ana }] }), state: 'blocked' },
    {
      name: 'complete for severity 3, once severity 1 and lowered by nobody who may',
      one: () => judged(COMPLETE, { gate: { state: 'open', severity: 1, severity_at: '2026-11-20T02:00:00.000Z' } }, {}, { labels: ['severity::3'] }),
      state: 'blocked',
    },
    { name: 'no incident', one: () => judged(TOO_EARLY, { incident: 'no' }), state: 'not an incident' },
    { name: 'silenced by a Maintainer', one: () => judged(TOO_EARLY, { off: true }), state: 'off' },
  ])('$name: $state', ({ one, state }) => {
    expect(one().finding.state).toBe(state);
  });
});

describe('a merge request', () => {
  const ready = judged(COMPLETE);
  it.each([
    { name: 'that closes nothing, of which nothing was said', all: [], isKnown: false, status: undefined, says: undefined },
    { name: 'that closes nothing any more', all: [], isKnown: true, status: 'success: closes no incident', says: /closes no incident any more/ },
    { name: 'that closes what is no incident', all: [judged('', { incident: 'no' }), judged('', { off: true })], isKnown: false, status: undefined, says: undefined },
    { name: 'that closes one in order', all: [ready], isKnown: false, status: 'success: closes 1 incident, all in order', says: undefined },
    { name: 'that closes one in order by now', all: [ready], isKnown: true, status: 'success: closes 1 incident, all in order', says: /is written down[^]*In order: sirt\/incidents#7/ },
    {
      name: 'that closes one of two too early',
      all: [ready, failing('a/b#1', ['OWNER_MISSING'])],
      isKnown: false,
      status: 'failed: 1 of 2 incidents not in order: OWNER_MISSING',
      says: /close 1 incident whose[^]*a\/b#1[^]*\*\*Owner\*\*[^]*close it, write `Related to a\/b#1`[^]*In order: sirt/,
    },
    {
      name: 'that closes two too early for the same',
      all: [failing('a/b#1', ['OWNER_MISSING']), failing('a/b#2', ['OWNER_MISSING'])],
      isKnown: false,
      status: 'failed: 2 of 2 incidents not in order: OWNER_MISSING',
      says: /close 2 incidents[^]*close them/,
    },
    {
      name: 'that closes a confidential one too early',
      all: [failing('a/b#1', ['OWNER_MISSING'], { confidential: true })],
      isKnown: false,
      status: 'failed: 1 of 1 incident not in order: OWNER_MISSING',
      says: /a\/b#1[^]*- `OWNER_MISSING`\n/,
    },
  ])('$name', ({ all, isKnown, status, says }) => {
    const plan = decideMergeRequest(all, isKnown);
    expect(plan.status && `${plan.status.state}: ${plan.status.description}`).toBe(status);
    const body = plan.comment && renderMergeComment(plan.comment, OUR_FORM);
    if (says) expect(body).toMatch(says);
    else expect(body).toBeUndefined();
    expect(body ?? '').not.toContain('@all');
  });

  it('of which a confidential incident is in the way says nothing of its fields', () => {
    const { comment } = decideMergeRequest([failing('a/b#1', ['OWNER_MISSING'], { confidential: true })], false);
    expect(renderMergeComment(comment!, OUR_FORM)).not.toMatch(/Ownership|Who it is/);
  });

  it('has a status of 255 characters at the most, whatever is missing', () => {
    const codes = Array.from({ length: 60 }, (_, index) => `SOMETHING_RATHER_LONG_${String.fromCharCode(65 + (index % 26))}_MISSING_${'X'.repeat(index)}`);
    const { description = '' } = decideMergeRequest([failing('a/b#1', codes)], false).status ?? {};
    expect(description.length).toBeLessThanOrEqual(255);
    expect(description).toMatch(/ and \d+ more$/);
  });

  it('is said the same as long as the same is missing', () => {
    const said = (one: Judged): string | undefined => decideMergeRequest([one], false).comment?.facts.said;
    expect(said(failing('a/b#1', ['OWNER_MISSING']))).toBe(said(failing('a/b#1', ['OWNER_MISSING'], { title: 'another' })));
    expect(said(failing('a/b#1', ['OWNER_MISSING']))).not.toBe(said(failing('a/b#1', ['RCA_MISSING'])));
  });
});
