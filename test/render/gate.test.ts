import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideGate } from '../../scripts/decide/gate.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { readMarkers } from '../../scripts/read/markers.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import { inert } from '../../scripts/render/engine.ts';
import { renderGateComment } from '../../scripts/render/gate.ts';
import { renderReport } from '../../scripts/render/report.ts';
import { BY_ALERT, COMPLETE, FALSE_POSITIVE, HOSTILE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { interpret } from '../../scripts/sandbox/world/quick-actions.ts';
import { World } from '../../scripts/sandbox/world/world.ts';
import { ana, bot, config, lea, NOW, snapshot } from '../support/snapshot.ts';

function comment(issue: Partial<Issue>, around: Partial<Snapshot> = {}, more: object = {}): string {
  const { plan } = decideGate(snapshot(issue, around), config(more), NOW);
  if (!plan.comment) throw new Error('there is no comment');
  return renderGateComment(plan.comment);
}

const override = { name: 'override', argument: 'a pentest that `was` announced </details> @all', noteId: 70, author: lea, at: '2026-11-20T09:40:00.000Z', accessLevel: 40 } as const;
const thrice = { state: 'blocked', closed_at: '2026-11-20T08:00:00.000Z', reopens: ['2026-11-20T06:00:00.000Z', '2026-11-20T07:00:00.000Z', '2026-11-20T08:00:00.000Z'] } as const;

describe('the gate comment', () => {
  it.each([
    { name: 'blocked', body: () => comment({ description: TOO_EARLY }) },
    { name: 'blocked, none of our sections', body: () => comment({ description: BY_ALERT }) },
    { name: 'blocked, hostile text', body: () => comment({ description: HOSTILE, title: '/close' }) },
    { name: 'blocked, conflicts', body: () => comment({ description: `${COMPLETE}\n## Timeline\n`, labels: ['severity::1'], assignees: [lea] }, { ack: { by: ana, at: '2026-11-20T03:00:00.000Z' } }) },
    { name: 'blocked, override refused', body: () => comment({}, { commands: [{ ...override, author: ana }] }) },
    { name: 'observed', body: () => comment({ description: TOO_EARLY }, {}, { gate: { mode: 'observe' } }) },
    { name: 'disputed', body: () => comment({ description: TOO_EARLY }, { gate: { ...thrice, reopens: [...thrice.reopens] } }) },
    { name: 'complete, still open', body: () => comment({ description: COMPLETE, state: 'opened', closedAt: undefined }, { gate: { state: 'blocked' } }) },
    { name: 'active', body: () => comment({ state: 'opened', closedAt: undefined }, { gate: { state: 'active' }, commands: [{ ...override, name: 'active' }] }) },
    { name: 'blocked, overridden since', body: () => comment({ description: TOO_EARLY, state: 'opened', closedAt: undefined }, { gate: { state: 'blocked', closed_by: 2 }, commands: [override] }) },
    { name: 'verified', body: () => comment({ description: FALSE_POSITIVE }) },
    { name: 'overridden', body: () => comment({}, { commands: [override] }) },
    {
      name: 'severity lowered',
      body: () => comment({ description: COMPLETE.replace('S2', 'S4').replace('requested', 'soon') }, { gate: { state: 'open', severity: 1, severity_at: '2026-11-20T09:00:00.000Z' } }),
    },
  ])('$name', async ({ name, body }) => {
    await expect(body()).toMatchFileSnapshot(`comments/${name}.md`);
  });

  it('is found again by its marker, facts and all', () => {
    const body = comment({ description: TOO_EARLY });
    const [marked] = readMarkers([{ id: 5, body, author: bot, system: false, createdAt: '' }], bot, []);
    expect(marked).toMatchObject({ slot: 'gate', noteId: 5, own: true, facts: { state: 'blocked', closed_by: 1 } });
  });

  it('has a marker of ids, numbers, hashes and times alone', () => {
    const [first = ''] = comment({ description: HOSTILE, title: 'secret' }).split('\n');
    const facts = JSON.parse(/\{.*\}/.exec(first)?.[0] ?? '') as Record<string, unknown>;
    for (const value of Object.values(facts).flat()) expect(String(value)).toMatch(/^(?:[a-z]+|[A-Z][A-Z0-9_]*|\d+|[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+Z)$/);
  });

  it('offers text that, once filled in, passes, and that does not pass unedited', () => {
    const [, template = ''] = /```markdown\n([^]*?)```/.exec(comment({ description: BY_ALERT })) ?? [];
    expect(decideGate(snapshot({ description: template }), config(), NOW).finding.codes).toEqual([
      'SUMMARY_MISSING',
      'OWNER_MISSING',
      'ACKNOWLEDGED_AT_MISSING',
      'SEVERITY_MISSING',
      'OUTCOME_MISSING',
      'IMPROVEMENT_NOTES_MISSING',
    ]);
    const filled = template
      .replace('what happened, in a sentence or two', 'A disk was full.')
      .replaceAll('@username', '@ana')
      .replace('- **Acknowledged at**: YYYY-MM-DD HH:MM UTC', '- **Acknowledged at**: 2026-11-20 02:07 UTC')
      .replace('S1, S2, S3 or S4', 'S3')
      .replace('resolved, or false positive: reason, or duplicate of #issue', 'resolved')
      .replace('process: what would have helped', 'process: clean the disk before it is full');
    expect(decideGate(snapshot({ description: filled }), config(), NOW).finding.codes).toEqual([]);
  });
});

describe('the offer for a false alarm', () => {
  it.each([
    { name: 'an empty description', description: '' },
    { name: 'a description with a resolution', description: '## Resolution\n\nnot yet\n' },
    { name: 'a false positive without its reason', description: '## Resolution\n\n- **Outcome**: false positive\n' },
  ])('fails as it stands and passes once filled in: $name', ({ description }) => {
    const body = comment({ description });
    const fences = [...body.matchAll(/```markdown\n([^]*?)```/g)].map((match) => match[1] ?? '');
    const offered = fences.at(-1) ?? '';
    const pasted = (text: string): string => (body.includes('Instead of what line') ? description.replace(/- .*\n/, text) : description + text);
    expect(decideGate(snapshot({ description: pasted(offered) }), config(), NOW).finding.state).toBe('blocked');
    const filled = offered.replace(/(false positive: ).*|resolved, or .*/, 'false positive: the load test tripped the rule');
    expect(decideGate(snapshot({ description: pasted(filled) }), config(), NOW).finding).toMatchObject({ state: 'verified' });
  });
});

describe('text that people wrote', () => {
  const world = new World(() => NOW);
  const actor = world.addUser('bot');
  const issue = createIssue(world, actor, world.addProject('a/b', { bot: 50 }), 'x', 'incident');
  const hostile = fc.oneof(
    fc.constantFrom('/close', '/label ~x', '@all', '<!-- watchkeeper:gate -->', '|', '`', '```', '</details>', '\n', '\r', '\u2028', '\u200b', '~~~', '>>>', '<div>\n'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const texts = fc.array(hostile, { maxLength: 12 }).map((parts) => parts.join(''));

  it('is one line of code, whatever it is', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(inert(text)).toMatch(/^(?:`[^`|\r\n\u2028\u2029]+`|\(nothing\))$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives no order and no new section in a comment, wherever it stands', () => {
    fc.assert(
      fc.property(texts, texts, (owner, outcome) => {
        const description = `## Ownership\n- Owner: ${owner}\n\n## Resolution\n- Outcome: ${outcome}\n`;
        const body = comment({ description, title: owner }, { commands: [{ ...override, argument: owner, author: { id: 4, username: 'dora' }, accessLevel: 10 }] });
        expect(interpret(world, actor, issue, body).commands).toBe(0);
        expect(body.split('\n').filter((line) => /^<!--|@all|^<\/details>/.test(line.replace(/`[^`]*`/g, '')))).toHaveLength(body.includes('</details>\n') ? 2 : 1);
        expect(readRecord(body.replace(/```markdown[^]*?```/g, ''), 'UTC', OUR_FORM).sections.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the report', () => {
  const render = (issue: Partial<Issue>, around: Partial<Snapshot> = {}): ReturnType<typeof renderReport> => {
    const seen = snapshot(issue, around);
    const { finding } = decideGate(seen, config(), NOW);
    const incident = { issue: seen.issue, finding, actions: [], bodies: [], planned: [], warnings: [] };
    return renderReport({ door: 'on-event', dryRun: false, count: { reads: 4, writes: 2 }, tookMs: 1234, incidents: [incident], leftOver: [] });
  };

  it('has a JUnit suite for each incident, and a case for each check: failed, waived or passed', async () => {
    const failed = render({ description: TOO_EARLY });
    await expect(failed.artifacts['junit.xml']).toMatchFileSnapshot('junit/blocked.xml');
    await expect(render({}, { commands: [override] }).artifacts['junit.xml']).toMatchFileSnapshot('junit/overridden.xml');
    expect(failed.summary).toBe('watchkeeper on-event: sirt/incidents#7 blocked: OWNER_MISSING ACKNOWLEDGED_AT_MISSING RCA_MISSING IMPROVEMENT_NOTES_MISSING | 4 reads, 2 writes, 1.2 s');
  });

  it('carries neither title nor text of an incident', () => {
    const { artifacts, lines, summary } = render({ title: 'zebra', description: '## Ownership\n- Owner: zebra\n', confidential: true });
    expect([...Object.values(artifacts), ...lines, summary].join('')).not.toContain('zebra');
  });
});

describe('the templates', () => {
  it('let no text of people in but through the inert helper', () => {
    const template = readFileSync(new URL('../../templates/comments/gate.hbs', import.meta.url), 'utf8');
    const bare = [...template.matchAll(/\{\{(?![#/!>]|else)([^}]*)\}\}/g)].map((match) => match[1]);
    const ours =
      /^(?:inert|mention|plural) |^(?:code|thing|title|text|template|command|recordedSeverity|record|verifiedAt|into\.section|into\.line|instead\.line|instead\.title|resolutionLine|falsePositive)$/;
    expect(bare.filter((expression) => !ours.test(expression ?? ''))).toEqual([]);
  });
});
