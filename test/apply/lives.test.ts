import { describe, expect, it } from 'vitest';
import { COMPLETE, FALSE_POSITIVE, SMALL, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import { markDuplicate, moveIssue } from '../../scripts/sandbox/world/relations.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { marker } from '../../scripts/read/markers.ts';
import { acknowledges, assigns, at, does, pagerduty, run, says, sweeps, type Happening } from '../support/duty.ts';
import { filled, taking } from '../support/handoff.ts';
import { lived, told, type Lived } from '../support/history.ts';

type Row = Lived & { name: string; tells: object };

const rows = (title: string, table: Row[]): void => {
  describe(title, () => {
    it.each(table)('$name', async ({ tells, ...more }) => {
      const { scene, life } = await lived(more);
      expect(told(scene, life)).toMatchObject(tells);
    });
  });
};

const closes = (who = 'ana'): Happening => does(who, { stateEvent: 'close' });
const ofBot =
  (slot: string, facts: object): Happening =>
  (scene, issue) =>
    addNote(scene.gitlab.world, scene.bot, issue, `${marker(slot, facts)}\nWords.`, false);
const label = (...addLabels: string[]): Happening => does('lea', { addLabels });
/** What nobody did. */
const nothing = { closes: [], reopens: [], escalations: [], handoffs: [], missing: [], follow_ups: [] };

rows('a page', [
  { name: 'that nobody took', tells: { ...nothing, state: 'opened', paged_at: '10:00', created_at: '10:00', title: 'Token leaked', confidential: false } },
  {
    name: 'that was taken by command',
    happens: taking,
    tells: { acknowledged: { at: '10:05', by: 'ana', how: 'command' }, owned: { at: '10:05', by: 'ana' }, owner: 'ana', labels: ['ack::done'] },
  },
  { name: 'that was taken by assigning oneself', happens: [at('10:05', assigns('ben', 'ben'), run)], tells: { acknowledged: { at: '10:05', by: 'ben', how: 'assignment' }, owner: 'ben' } },
  { name: "that was taken by GitLab's status", happens: [at('10:05', acknowledges('ana'), run)], tells: { acknowledged: { at: '10:05', by: 'ana', how: 'status' } } },
  { name: 'that was given to somebody, who owns it and has not acknowledged', happens: [at('10:05', assigns('lea', 'ben'), run)], tells: { owned: { at: '10:05', by: 'ben' }, owner: 'ben' } },
  { name: "that an alert's bot gave to somebody, which is nobody's doing", happens: [at('10:05', assigns('alert-bot', 'ben'))], tells: { owner: 'ben' } },
  { name: 'whose owner the description names alone', issue: { description: SMALL }, config: { roster: undefined }, happens: [says('ben', 'on it')], tells: { owner: 'ben' } },
  { name: 'that was handed to another owner', happens: [...taking, at('10:10', says('ana', '/transfer @ben'), run)], tells: { acknowledged: { by: 'ana' }, owned: { by: 'ana' }, owner: 'ben' } },
  { name: 'that PagerDuty sent earlier', happens: [pagerduty({ pagedAt: '2026-11-20T09:58:00.000Z' })], tells: { paged_at: '09:58', created_at: '10:00' } },
  {
    name: 'that somebody took in PagerDuty whom nobody knows',
    happens: [pagerduty({ acknowledged: [undefined, '2026-11-20T10:03:00.000Z'] })],
    tells: { acknowledged: { at: '10:03', how: 'pagerduty' }, owned: { at: '10:03' } },
  },
  { name: 'that climbed the ladder, once', happens: [at('10:15', sweeps), at('10:30', sweeps)], tells: { escalations: [{ at: '10:15', by: 'watchkeeper-bot' }] } },
  {
    name: 'that PagerDuty escalated twice, which its label follows',
    happens: [pagerduty({}), at('10:20', pagerduty({ escalatedAt: '2026-11-20T10:16:00.000Z' })), at('10:40', pagerduty({ escalatedAt: '2026-11-20T10:36:00.000Z' }))],
    tells: { escalations: [{ at: '10:16' }, { at: '10:36' }] },
  },
  { name: 'whose label a person set, which is no escalation', happens: [label('ack::escalated')], tells: { escalations: [] } },
]);

rows('a closing', [
  {
    name: 'that the gate undid, with what it lacked',
    issue: { description: TOO_EARLY, labels: ['severity::2'] },
    happens: [at('10:10', closes(), run)],
    tells: {
      ...{ state: 'opened', gate: 'blocked', closes: [{ at: '10:10', by: 'ana' }], reopens: [{ at: '10:10', by: 'watchkeeper-bot', by_gate: true }] },
      ...{ missing: ['OWNER_MISSING', 'ACKNOWLEDGED_AT_MISSING', 'RCA_MISSING', 'IMPROVEMENT_NOTES_MISSING'], severity: 2, detected_at: '01:58', mitigated_at: '03:10' },
    },
  },
  {
    name: 'that the gate undid twice, with all that was lacking',
    issue: { description: TOO_EARLY },
    happens: [...taking, at('10:10', closes(), run), at('10:20', does('ana', { description: FALSE_POSITIVE.replace(/:[^\n]*$/m, ':') }), closes('ben'), run)],
    tells: { closes: [{ by: 'ana' }, { by: 'ben' }], reopens: [{ by_gate: true }, { by_gate: true }] },
  },
  {
    name: 'that a person undid',
    issue: { description: COMPLETE },
    happens: [at('10:10', closes(), run), at('10:20', does('lea', { stateEvent: 'reopen' }), run)],
    tells: { state: 'opened', gate: 'open', reopens: [{ at: '10:20', by: 'lea', by_gate: false }] },
  },
  {
    name: 'that the gate verified, with its record',
    issue: { description: COMPLETE },
    happens: [at('10:10', closes('ana'), run)],
    tells: {
      ...{ state: 'closed', gate: 'verified', outcome: 'resolved', closed_at: '10:10', severity: 2, rca: { decision: 'requested' } },
      verified: { at: '10:10', schema: expect.stringMatching(/^[0-9a-f]{16,}$/) as string },
      resolved_at: '09:30',
    },
  },
  { name: 'that the gate only observed', config: { gate: { mode: 'observe' } }, happens: [at('10:10', closes(), run)], tells: { state: 'closed', gate: 'observed', missing: [], reopens: [] } },
  {
    name: 'that was disputed',
    config: { gate: { max_reopens: 1 } },
    happens: [at('10:10', closes(), run), at('10:20', closes(), run)],
    tells: { state: 'closed', gate: 'disputed', closes: [{ at: '10:10' }, { at: '10:20' }], reopens: [{ by_gate: true }] },
  },
  {
    name: 'that somebody commanded, who is then who closed',
    happens: [...taking, at('10:10', says('ana', '/false-positive the load test tripped rule 311, as announced'), run)],
    tells: { state: 'closed', gate: 'verified', outcome: 'false positive', closes: [{ at: '10:10', by: 'ana' }] },
  },
  {
    name: 'that somebody commanded, and not who was refused after',
    happens: [
      ...taking,
      at('10:10', says('ana', '/false-positive the load test tripped rule 311, as announced')),
      at('10:11', says('rae', '/false-positive this is nothing at all, believe me, please'), run),
    ],
    tells: { state: 'closed', closes: [{ at: '10:11', by: 'ana' }] },
  },
  {
    name: 'that a manager let stand',
    happens: [at('10:10', closes(), says('lea', '/override a pentest that was announced to us last week'), run)],
    tells: { gate: 'exempt', exemption: 'OVERRIDDEN', override: { at: '10:10', by: 'lea' } },
  },
  {
    name: 'as a duplicate',
    happens: [
      at('10:10', (scene, issue) => {
        const { world } = scene.gitlab;
        markDuplicate(world, world.userNamed('ana'), issue, createIssue(world, world.userNamed('lea'), scene.project, 'The first', 'incident'));
      }),
      run,
    ],
    tells: { gate: 'exempt', exemption: 'DUPLICATE' },
  },
  {
    name: 'by a move',
    happens: [
      at('10:10', (scene, issue) => {
        const { world } = scene.gitlab;
        moveIssue(world, world.userNamed('ana'), issue, world.addProject('sirt/other', { ana: LEVEL.developer }, 43));
      }),
      run,
    ],
    tells: { gate: 'exempt', exemption: 'MOVED' },
  },
  { name: 'of an alert that recovered', happens: [at('10:10', closes('alert-bot'), run)], tells: { gate: 'exempt', exemption: 'ALERT_RECOVERED' } },
  {
    name: 'that nobody judged, though a person labelled it',
    config: { gate: { since: '2026-11-21T00:00:00Z' } },
    happens: [at('10:10', closes(), label('closure::exempt'))],
    tells: { closes: [{ at: '10:10', by: 'ana' }] },
  },
  { name: 'that GitLab keeps no event of', issue: { state: 'closed', closedAt: '2026-11-20T09:00:00.000Z', closedById: 2 }, tells: { closes: [{ at: '09:00' }] } },
]);

it('a closing that nobody judged has no gate', async () => {
  const { life } = await lived({ config: { gate: { since: '2026-11-21T00:00:00Z' } }, happens: [at('10:10', closes(), label('closure::exempt'))] });
  expect([life?.gate, life?.exemption]).toEqual([undefined, undefined]);
});

const outcome = (words: string): Partial<StoredIssue> => ({ description: `## Resolution\n- Outcome: ${words}\n` });
const analysis = (words: string): Partial<StoredIssue> => ({ description: `## Resolution\n- Root cause analysis: ${words}\n` });

rows('what people wrote', [
  { name: 'a duplicate', issue: outcome('duplicate of #12'), tells: { outcome: 'duplicate' } },
  { name: 'tracked elsewhere', issue: outcome('tracked in infra/access#7'), tells: { outcome: 'tracked in' } },
  { name: 'transferred', issue: outcome('transferred to legal/cases#7'), tells: { outcome: 'transferred' } },
  { name: 'a false positive by its label', issue: { labels: ['outcome::false-positive'] }, tells: { outcome: 'false positive' } },
  {
    name: 'noise that is known',
    issue: { labels: ['noise'] },
    config: { known_noise: [{ label: 'noise', reason: 'the scanner of the auditors, until they are gone', until: '2026-12-31' }] },
    tells: { outcome: 'false positive' },
  },
  { name: 'an analysis by its number', issue: analysis('#12'), tells: { rca: { decision: 'reference', project: 42, iid: 12 } } },
  { name: 'an analysis by its path, of a project that is known', issue: analysis('sirt/incidents#12'), tells: { rca: { decision: 'reference', project: 42, iid: 12 } } },
  { name: 'an analysis by its address', issue: analysis('https://gitlab.example.com/sirt/incidents/-/issues/12'), tells: { rca: { decision: 'reference', project: 42, iid: 12 } } },
  { name: 'an analysis in a project that nobody knows', issue: analysis('else/where#12'), tells: { rca: { decision: 'reference' } } },
  { name: 'that none is needed', issue: analysis('not needed: the cause is known, and was mended last week'), tells: { rca: { decision: 'not needed' } } },
  {
    name: 'that none is needed, by command, once that was carried out',
    issue: { description: TOO_EARLY },
    happens: [at('10:10', closes(), says('lea', '/rca not-needed the cause is known, and was mended last week'), run)],
    tells: { rca: { decision: 'not needed' } },
  },
  {
    name: 'what follows, as our comment has it',
    happens: [
      ofBot('learning', {
        items: [
          { n: 1, note: 'a'.repeat(32), kind: 'tooling', project: 42, iid: 20 },
          { n: 2, note: 'b'.repeat(32), project: 7, iid: 1 },
          { n: 3, note: 'c'.repeat(32), project: 7, iid: 2, gone: true },
        ],
        rca: { project: 42, iid: 21, due_on: '2026-12-01' },
      }),
    ],
    tells: {
      follow_ups: [
        { project: 42, iid: 20, kind: 'tooling' },
        { project: 7, iid: 1 },
      ],
      rca: { decision: 'requested', project: 42, iid: 21, due_on: '2026-12-01' },
    },
  },
  {
    name: 'the highest severity that labels ever gave',
    issue: { labels: ['severity::3'] },
    happens: [does('lea', { addLabels: ['severity::1'] }), does('lea', { removeLabels: ['severity::1'] })],
    tells: { severity: 1 },
  },
  { name: "GitLab's own severity", issue: { severity: 'HIGH' }, tells: { severity: 2 } },
  {
    name: 'a lower severity that a manager confirmed',
    issue: { description: TOO_EARLY, labels: ['severity::2'] },
    happens: [
      at('10:05', closes(), run),
      at('10:10', does('lea', { removeLabels: ['severity::2'], addLabels: ['severity::3'], description: TOO_EARLY.replace('S2', 'S3') }), says('lea', '/severity-confirmed'), run),
    ],
    tells: { severity: 3 },
  },
  { name: 'labels of our own, and no others', issue: { labels: ['oncall', 'ack::pending', 'customer: ACME', 'severity::2'] }, tells: { labels: ['ack::pending', 'oncall'] } },
]);

rows('a hand-off', [
  { name: 'at the change of shift, with what is missing', happens: [...taking, at('20:05', sweeps)], tells: { handoffs: [{ at: '20:00', from: 'ana', to: 'ben', missing: 6 }] } },
  {
    name: 'that was complete, and accepted',
    issue: { description: filled(), labels: ['severity::2'] },
    happens: [...taking, at('20:05', sweeps), at('20:10', says('ben', '/accept'), run)],
    tells: { handoffs: [{ at: '20:00', from: 'ana', to: 'ben', missing: 0, accepted_at: '20:10', accepted_by: 'ben' }] },
  },
  { name: 'by command', happens: [...taking, at('10:30', says('ana', '/handoff @kim'), run)], tells: { handoffs: [{ at: '10:30', from: 'ana', to: 'kim', missing: 6 }] } },
  {
    name: 'whose fields were filled in later, with what was missing then',
    issue: { labels: ['severity::2'] },
    happens: [...taking, at('20:05', sweeps), at('20:08', does('ana', { description: filled() }), run), at('20:10', says('ben', '/accept'), run)],
    tells: { handoffs: [{ missing: 6, accepted_by: 'ben' }] },
  },
]);

it('of a confidential incident no title is kept', async () => {
  const { life } = await lived({ issue: { confidential: true } });
  expect(life).toMatchObject({ confidential: true });
  expect(life).not.toHaveProperty('title');
});

it('what lost its mark after the gate had blocked it is still told of; what only bears a label of ours is not', async () => {
  const unmarked = await lived({ issue: { description: TOO_EARLY }, happens: [at('10:10', closes(), run), does('ana', { type: 'issue' })] });
  expect(unmarked.life).toMatchObject({ gate: 'blocked', closes: [{}], reopens: [{}] });
  expect((await lived({ issue: { type: 'issue' }, happens: [label('closure::blocked')] })).life).toBeUndefined();
});

it('facts that a person wrote are none', async () => {
  const forged: Happening = (scene, issue) =>
    addNote(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, `${marker('gate', { state: 'verified', verified_at: '2026-11-20T10:00:00.000Z' })}\nWords.`, false);
  const { life } = await lived({ happens: [forged] });
  expect(life).not.toHaveProperty('gate');
});

it('a closing that nobody judged yet has no verdict, though the gate verified the one before', async () => {
  const happens = [at('10:10', closes(), run), at('10:20', does('lea', { stateEvent: 'reopen', description: TOO_EARLY })), at('10:30', closes('lea'))];
  const { life } = await lived({ issue: { description: COMPLETE }, happens });
  expect(life).toMatchObject({ state: 'closed', closed_at: '2026-11-20T10:30:00.000Z' });
  expect(life).not.toHaveProperty('gate');
  expect(life).not.toHaveProperty('verified');
});
