import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../scripts/read/config.ts';
import { FALSE_POSITIVE } from '../../scripts/sandbox/story/descriptions.ts';
import { at, does, expectEnd, run, says, sweeps, sweepsAt, taken, type Happening, type Row } from '../support/duty.ts';
import { accepted, commanded, filled, handed, owned, rosterOf, SIX, taking, two } from '../support/handoff.ts';
import { say } from '../support/scenarios.ts';
import { stageDuty } from '../support/shifts.ts';

/** Somebody edits a comment of theirs. */
function edits(from: string, to: string): Happening {
  return ({ gitlab: { world } }, issue) => {
    const note = world.notes.of(issue).find(({ body }) => body === from)!;
    Object.assign(note, { body: to });
  };
}
function deletes(text: string): Happening {
  return ({ gitlab: { world } }, issue) => {
    world.notes.remove(world.notes.of(issue).find(({ body }) => body === text)!);
  };
}

const reply = (who: string, command: string, words: RegExp): RegExp => new RegExp(`^@${who}: \`/${command}\`${words.source}`);

describe('/handoff hands one incident over at any time', () => {
  const end = { ...owned, several: true };
  it.each<Row>([
    {
      name: 'to whom it names',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), run)],
      ...end,
      says: { ack: taken('ana', '10:05'), handoff: [commanded('ana', 'kim', '20 12:00'), /^@kim [^@]*$/, /Comment `\/accept` to take it\./, SIX] },
      assignees: ['kim', 'ana'],
    },
    {
      name: 'in any letters',
      happens: [...taking, at('12:00', says('ana', '/handoff KIM'), run)],
      ...end,
      says: { ack: /./, handoff: commanded('ana', 'kim', '20 12:00') },
      assignees: ['kim', 'ana'],
    },
    {
      name: 'to the engineer on call, where it names nobody',
      happens: [...taking, at('20:30', sweeps), at('21:00', says('kim', '/handoff'), run)],
      ...end,
      says: { ack: /./, handoff: [commanded('kim', 'ben', '20 21:00'), /^@ben /] },
      assignees: ['ben', 'ana'],
    },
    {
      name: 'to nobody whom GitLab does not know',
      happens: [...taking, at('12:00', says('ana', '/handoff @nobody'), run)],
      ...end,
      says: { ack: /./, 'reply-n': reply('ana', 'handoff', /.*/) },
      assignees: ['ana'],
    },
    {
      name: 'to nobody by a sentence',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim please'), run)],
      ...end,
      says: { ack: /./, 'reply-n': reply('ana', 'handoff', /.*/) },
      assignees: ['ana'],
    },
    { name: 'not to a guest', happens: [...taking, at('12:00', says('ana', '/handoff @gus'), run)], ...end, says: { ack: /./, 'reply-n': reply('ana', 'handoff', /.*/) }, assignees: ['ana'] },
    { name: 'not by a guest', happens: [...taking, at('12:00', says('gus', '/handoff @kim'), run)], ...end, says: { ack: /./, 'reply-n': reply('gus', 'handoff', /.*/) }, assignees: ['ana'] },
    {
      name: 'by a colleague who does not own it',
      happens: [...taking, at('12:00', says('ben', '/handoff @kim'), run)],
      ...end,
      says: { ack: taken('ana', '10:05'), handoff: commanded('ben', 'kim', '20 12:00') },
      assignees: ['kim', 'ana'],
    },
    { name: 'to oneself', happens: [...taking, at('12:00', says('ben', '/handoff @ben'), run)], ...end, says: { ack: /./, handoff: commanded('ben', 'ben', '20 12:00') }, assignees: ['ben', 'ana'] },
    {
      name: 'back to the owner',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), run), at('12:30', says('kim', '/handoff @ana'), run)],
      ...end,
      says: { ack: /./, handoff: commanded('kim', 'ana', '20 12:30') },
      assignees: ['ana'],
    },
    {
      name: 'twice, the last of which counts',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), run), at('12:10', says('ana', '/handoff @ben'), run)],
      ...end,
      says: { ack: /./, handoff: [commanded('ana', 'ben', '20 12:10'), /^@ben /] },
    },
    {
      name: 'twice, seen by one run',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim')), at('12:10', says('ana', '/handoff @ben'), run)],
      ...end,
      says: { ack: /./, handoff: commanded('ana', 'ben', '20 12:10') },
      assignees: ['ben', 'ana'],
    },
    {
      name: 'once, though the comment is edited to name another',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), run), at('12:10', edits('/handoff @kim', '/handoff @ben'), run)],
      ...end,
      says: { ack: /./, handoff: commanded('ana', 'kim', '20 12:00') },
      assignees: ['kim', 'ana'],
    },
    {
      name: 'not, when the comment is gone before anybody looks',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), deletes('/handoff @kim')), at('12:10', run)],
      ...end,
      says: { ack: /./ },
      assignees: ['ana'],
    },
    {
      name: 'for good, though the comment is gone afterwards',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), run), at('12:10', deletes('/handoff @kim'), run)],
      ...end,
      says: { ack: /./, handoff: commanded('ana', 'kim', '20 12:00') },
      assignees: ['kim', 'ana'],
    },
    { name: 'not before anybody took it', happens: [run, at('10:05', says('ana', '/handoff @kim'), run)], labels: ['ack::pending'], says: { 'reply-n': reply('ana', 'handoff', /.*/) }, assignees: [] },
    {
      name: 'in the comment that takes it',
      happens: [run, at('10:05', says('ana', '/ack\n/handoff @kim'), run)],
      ...end,
      says: { ack: taken('ana', '10:05'), handoff: commanded('ana', 'kim', '20 10:05') },
      assignees: ['kim'],
    },
    {
      name: 'not what is closed',
      happens: [...taking, at('12:00', does('ana', { stateEvent: 'close', description: FALSE_POSITIVE }), run), at('12:10', says('ana', '/handoff @kim'), run)],
      labels: ['ack::done', 'closure::verified'],
      says: { ack: /./, gate: /./, 'reply-n': reply('ana', 'handoff', /.*/) },
    },
    {
      name: 'not what is mere paperwork',
      happens: [...taking, at('12:00', does('ana', { stateEvent: 'close' }), run), at('12:10', says('ana', '/handoff @kim'), run)],
      labels: ['ack::done', 'closure::blocked'],
      says: { ack: /./, gate: /./, 'reply-n': reply('ana', 'handoff', /.*/) },
    },
    {
      name: 'by name, where there is no roster',
      config: { roster: undefined, escalation: {} },
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), run)],
      ...end,
      says: { ack: /./, handoff: commanded('ana', 'kim', '20 12:00') },
    },
    {
      name: 'to nobody without a name, where there is no roster',
      config: { roster: undefined, escalation: {} },
      happens: [...taking, at('12:00', says('ana', '/handoff'), run)],
      ...end,
      says: { ack: /./, 'reply-n': reply('ana', 'handoff', /.*/) },
    },
    {
      name: 'not where hand-offs are off',
      config: { handoff: { mode: 'off' } },
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), run)],
      ...end,
      says: { ack: /./, 'reply-n': reply('ana', 'handoff', /.*/) },
      assignees: ['ana'],
    },
    {
      name: 'on record alone where they observe',
      config: { handoff: { mode: 'observe' } },
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), run)],
      ...end,
      says: { ack: /./, handoff: /^[^@]*only observe/ },
      assignees: ['ana'],
    },
    {
      name: 'until the change of shift, at which whoever had it hands over',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim'), run), at('20:00', sweeps)],
      ...end,
      says: { ack: /./, handoff: handed('kim', 'ben', '20 20:00') },
      assignees: ['ben', 'ana'],
    },
    {
      name: 'after a change that nobody saw yet, of which the command is the later',
      happens: [...taking, at('20:05', says('ana', '/handoff @kim'), run)],
      ...end,
      says: { ack: /./, handoff: commanded('ana', 'kim', '20 20:05') },
    },
    {
      name: 'before a change, seen after it',
      happens: [...taking, at('19:50', says('ana', '/handoff @kim')), at('20:05', run)],
      ...end,
      says: { ack: /./, handoff: handed('kim', 'ben', '20 20:00') },
    },
  ])('$name', expectEnd);
});

const byKim: Happening[] = [...taking, at('12:00', says('ana', '/handoff @kim'), run)];

describe('/accept says that somebody has it', () => {
  it.each<Row>([
    {
      name: 'by whom it is for',
      happens: [...byKim, at('12:05', says('kim', '/accept'), run)],
      ...owned,
      says: { ack: taken('ana', '10:05'), handoff: [/^\*\*Hand-off\*\* from \S*ana\S* to \S*kim\S* at 2026-11-20 12:00/, accepted('kim', '20 12:05'), SIX] },
    },
    { name: 'by the engineer on call', happens: [...byKim, at('20:30', says('ben', '/accept'), run)], ...owned, says: { ack: /./, handoff: accepted('ben', '20 20:30') } },
    { name: 'by a manager', happens: [...byKim, at('12:05', says('lea', '/accept'), run)], ...owned, says: { ack: /./, handoff: accepted('lea', '20 12:05') } },
    {
      name: 'not by a stranger',
      happens: [...byKim, at('12:05', says('ben', '/accept'), run)],
      ...owned,
      says: { ack: /./, handoff: commanded('ana', 'kim', '20 12:00'), 'reply-n': reply('ben', 'accept', /.*/) },
    },
    {
      name: 'not by a guest',
      happens: [...byKim, at('12:05', says('gus', '/accept'), run)],
      ...owned,
      says: { ack: /./, handoff: commanded('ana', 'kim', '20 12:00'), 'reply-n': reply('gus', 'accept', /.*/) },
    },
    {
      name: 'once: the first counts',
      happens: [...byKim, at('12:05', says('lea', '/accept'), run), at('12:06', says('kim', '/accept'), run)],
      ...owned,
      says: { ack: /./, handoff: accepted('lea', '20 12:05') },
    },
    {
      name: 'twice, seen by one run: the first counts',
      happens: [...byKim, at('12:05', says('lea', '/accept')), at('12:06', says('kim', '/accept'), run)],
      ...owned,
      says: { ack: /./, handoff: accepted('lea', '20 12:05') },
    },
    { name: 'of nothing', happens: [...taking, at('12:05', says('ana', '/accept'), run)], ...owned, says: { ack: /./, 'reply-n': reply('ana', 'accept', /.*/) } },
    {
      name: 'seen with the hand-off by one run',
      happens: [...taking, at('12:00', says('ana', '/handoff @kim')), at('12:05', says('kim', '/accept'), run)],
      ...owned,
      says: { ack: /./, handoff: [accepted('kim', '20 12:05'), /^[^@]*$/] },
    },
    {
      name: 'in the comment that hands over to oneself',
      happens: [...taking, at('20:30', says('ben', '/handoff @ben\n/accept'), run)],
      ...owned,
      says: { ack: /./, handoff: accepted('ben', '20 20:30') },
    },
    {
      name: 'of what came by a change of shift',
      happens: [...taking, at('20:00', sweeps), at('20:05', says('ben', '/accept'), run)],
      ...owned,
      says: { ack: /./, handoff: [/^\*\*Hand-off\*\* from \S*ana\S* to \S*ben\S* at 2026-11-20 20:00/, accepted('ben', '20 20:05')] },
    },
    { name: 'of a change that nobody saw yet', happens: [...taking, at('20:05', says('ben', '/accept'), run)], ...owned, says: { ack: /./, handoff: accepted('ben', '20 20:05') } },
    {
      name: 'not of the hand-off that comes next',
      happens: [...byKim, at('12:05', says('kim', '/accept'), run), at('12:30', says('kim', '/handoff @ben'), run)],
      ...owned,
      says: { ack: /./, handoff: commanded('kim', 'ben', '20 12:30') },
      silent: { handoff: /accepted/ },
    },
    {
      name: 'not where hand-offs are off',
      config: { handoff: { mode: 'off' } },
      happens: [...taking, at('12:05', says('ana', '/accept'), run)],
      ...owned,
      says: { ack: /./, 'reply-n': reply('ana', 'accept', /.*/) },
    },
  ])('$name', expectEnd);
});

describe('of what nobody accepts the manager hears', () => {
  const end = { ...owned, several: true };
  it.each<Row>([
    { name: 'not before half an hour', happens: [...byKim, at('12:29', sweeps)], ...end, says: { ack: /./, handoff: /./ } },
    {
      name: 'after half an hour',
      happens: [...byKim, at('12:30', run)],
      ...end,
      says: { ack: /./, handoff: /./, 'handoff-late': [/^@lea: /, /nobody accepted the hand-off to \S*kim\S* for 30 minutes/] },
    },
    { name: 'by a sweep, late', happens: [...byKim, at('13:10', sweeps)], ...end, says: { ack: /./, handoff: /./, 'handoff-late': [/^@lea: /, /for 70 minutes/] } },
    {
      name: 'by name, also where nobody is assigned',
      config: { handoff: { assign: 'none' } },
      happens: [...byKim, at('12:30', run)],
      ...end,
      says: { ack: /./, handoff: /./, 'handoff-late': /the hand-off to \S*kim\S* for/ },
    },
    { name: 'once', happens: [...byKim, ...sweepsAt('12:30', '13:00', '13:30', '15:00')], ...end, says: { ack: /./, handoff: /./, 'handoff-late': /for 30 minutes/ } },
    {
      name: 'again of another hand-off',
      happens: [...byKim, at('12:30', run), at('13:00', says('ana', '/handoff @ben'), run), at('13:30', run)],
      ...end,
      says: { ack: /./, handoff: /./, 'handoff-late': /to \S*ben\S* for 30 minutes/ },
    },
    { name: 'not of what was accepted', happens: [...byKim, at('12:20', says('kim', '/accept'), run), at('12:30', run)], ...end, says: { ack: /./, handoff: /./ } },
    { name: 'not of what was accepted just then', happens: [...byKim, at('12:31', says('kim', '/accept'), run)], ...end, says: { ack: /./, handoff: /./ } },
    {
      name: "after a time of the team's own",
      config: { handoff: { accept_minutes: 10 } },
      happens: [...byKim, at('12:10', run)],
      ...end,
      says: { ack: /./, handoff: /./, 'handoff-late': /for 10 minutes/ },
    },
    { name: 'never, if the team says so', config: { handoff: { accept_minutes: 0 } }, happens: [...byKim, at('14:00', run)], ...end, says: { ack: /./, handoff: /./ } },
    { name: 'not where hand-offs observe', config: { handoff: { mode: 'observe' } }, happens: [...byKim, at('14:00', run)], ...end, says: { ack: /./, handoff: /./ } },
    { name: 'not by night where it is minor', happens: [...taking, at('20:30', says('ben', '/handoff @kim'), run), at('21:00', run)], ...end, says: { ack: /./, handoff: /./ } },
    {
      name: 'in the morning where it is minor, as far as the change of shift did not settle it',
      config: { roster: rosterOf({ shifts: [{ from: '10:00' }, { from: '20:00' }] }) },
      happens: [...taking, at('20:30', says('ben', '/handoff @kim'), run), at('21:00', run), at('09:05', sweeps)],
      labels: ['ack::done', 'handoff::needed'],
      says: { ack: /./, handoff: commanded('ben', 'kim', '20 20:30'), 'handoff-late': /^@lea: / },
    },
    {
      name: 'by night where it is severe',
      issue: two,
      happens: [...taking, at('20:30', says('ben', '/update nothing new'), says('ben', '/handoff @kim'), run), at('21:00', run)],
      labels: ['ack::done', 'severity::2'],
      several: true,
      says: { ack: /./, gate: /./, 'update-n': /./, handoff: /./, 'handoff-late': /^@lea: / },
    },
    {
      name: 'not once it is closed',
      happens: [...byKim, at('12:20', does('ana', { stateEvent: 'close' }), run), at('12:30', run)],
      labels: ['ack::done', 'closure::blocked'],
      says: { ack: /./, gate: /./, handoff: /./ },
    },
  ])('$name', expectEnd);
});

describe("a hand-off by the team's own schema", () => {
  const short = { properties: { issue_summary: { $ref: 'urn:watchkeeper:handoff#/properties/issue_summary' } }, required: ['issue_summary'], type: 'object' };
  const more = {
    allOf: [{ $ref: 'urn:watchkeeper:handoff' }],
    properties: { customer: { type: 'string', filled: true, title: 'Customer', 'x-reads': 'text', 'x-code': 'HANDOFF_CUSTOMER', 'x-help': 'Whose it is.', 'x-hint': 'whose it is' } },
    required: ['customer'],
  };
  it.each([
    { name: 'asks for fields of its own beside the six', schema: more, description: filled(), missing: ['Customer'], label: 'handoff::needed' },
    { name: 'is ready once they are there', schema: more, description: filled({ Customer: 'example.com' }), missing: [], label: 'handoff::ready' },
    { name: 'asks for less', schema: short, description: '## Hand-off\n\n- Issue summary: the token is revoked, the logs are being read\n', missing: [], label: 'handoff::ready' },
    { name: 'asks for what is left', schema: short, description: '', missing: ['Issue summary'], label: 'handoff::needed' },
  ])('$name', async ({ schema, description, missing, label }) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'own-'));
    await writeFile(path.join(folder, 'oncall.yml'), JSON.stringify({ sources: [{ project: 42 }], schemas: { handoff: 'own.json' } }));
    await writeFile(path.join(folder, 'own.json'), JSON.stringify({ title: 'Own', description: 'Own.', ...schema }));
    const { form } = await readConfig(path.join(folder, 'oncall.yml'));
    const duty = await stageDuty();
    duty.installation.form = form;
    const page = duty.page('18:55', { description });
    duty.at('19:00');
    say(duty, page, '/ack');
    await duty.event(page);
    expect(page.labels).toContain(label);
    duty.at('20:03');
    await duty.tend();
    const [, told = ''] = /missing\*\*: (.*?)\. Ask/.exec(duty.text(page, 'handoff')) ?? [];
    expect(told.split(', ').filter((title) => title !== '')).toEqual(missing);
  });
});
