import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unmetDemands } from '../../scripts/decide/demands.ts';
import type { Action } from '../../scripts/read/actions.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { analysisForm } from '../../scripts/schema/rca-form.ts';

const rotate = { text: 'rotate runner tokens', owner: '@ben', due_on: '2026-12-24' };

/** What is read of the section of corrective actions, and the codes of what is wrong with it. */
function read(section: string): { actions: Action[] | undefined; codes: string[]; lines: number[] } {
  const { record, lines } = readRecord(`## Corrective actions\n\n${section}\n`, 'UTC', analysisForm());
  const { corrective_actions: actions } = record as { corrective_actions?: Action[] };
  const unmet = unmetDemands(record, analysisForm()).filter(({ field }) => field === 'corrective_actions');
  return { actions, codes: unmet.map(({ code, entries }) => [code, ...(entries ?? [])].join(' ')), lines: (actions ?? []).map((_action, index) => lines.get(`corrective_actions/${index}`) ?? 0) };
}

describe('corrective actions read well', () => {
  it.each<{ name: string; section: string; actions: Action[] }>([
    { name: 'with name and day before a colon', section: '- @ben, 2026-12-24: rotate runner tokens', actions: [rotate] },
    { name: 'with day and name', section: '1. 2026-12-24 @ben: rotate runner tokens', actions: [rotate] },
    { name: 'with name and day in brackets', section: '- rotate runner tokens (@ben, due 2026-12-24)', actions: [rotate] },
    { name: 'with labels', section: '- rotate runner tokens; owner: @ben; due: 2026-12-24', actions: [rotate] },
    { name: 'with marks around everything', section: '- **@ben**, `2026-12-24`: **rotate runner tokens**', actions: [rotate] },
    { name: 'with a German day', section: '- rotate runner tokens - @ben - 24.12.2026', actions: [rotate] },
    { name: 'as a task that is done', section: '- [x] @ben, 2026-12-24: rotate runner tokens', actions: [{ ...rotate, done: true }] },
    { name: 'as rows of a table', section: '| action | owner | due |\n| - | - | - |\n| rotate runner tokens | @ben | 2026-12-24 |', actions: [rotate] },
    { name: 'as rows that begin with the owner', section: '| owner | due | action |\n| - | - | - |\n| @ben | 2026-12-24 | rotate runner tokens |', actions: [rotate] },
    { name: 'with the owner and the day in bullets below', section: '- rotate runner tokens\n  - owner: @ben\n  - due: 2026-12-24', actions: [rotate] },
    { name: 'below a heading in the list', section: '- Short term:\n  - @ben, 2026-12-24: rotate runner tokens', actions: [rotate] },
    { name: 'below words that introduce them', section: 'We agreed with @lea on these:\n\n- @ben, 2026-12-24: rotate runner tokens', actions: [rotate] },
    { name: 'as lines', section: '@ben, 2026-12-24: rotate runner tokens\n#77', actions: [rotate, { text: '#77', reference: '#77' }] },
    { name: 'in YAML', section: '```yaml\n- text: rotate runner tokens\n  owner: "@ben"\n  due_on: 2026-12-24\n```', actions: [rotate] },
    {
      name: 'in YAML with words of their own',
      section: '```yaml\n- action: rotate runner tokens\n  owner: "@ben"\n  due: 2026-12-24\n```',
      actions: [{ ...rotate, text: 'action: rotate runner tokens' }],
    },
    { name: 'as an issue', section: '- infra/access#77', actions: [{ text: 'infra/access#77', reference: 'infra/access#77' }] },
    { name: 'as a link to an issue', section: '- [rotate](https://gitlab.example.com/a/b/-/issues/77)', actions: [{ text: 'rotate', reference: 'https://gitlab.example.com/a/b/-/issues/77' }] },
    { name: 'as none, with a reason', section: '- none: the playbook worked as written, in every step', actions: [{ none: 'none: the playbook worked as written, in every step' }] },
    { name: 'with other people and days in the words', section: '- @ben, 2026-12-24: ask @legal until 2026-12-01', actions: [{ ...rotate, text: 'ask @legal until 2026-12-01' }] },
    { name: 'with other people in the words before', section: '- ask @legal for leave (@ben, due 2026-12-24)', actions: [{ ...rotate, text: 'ask @legal for leave' }] },
  ])('$name', ({ section, actions }) => {
    expect(read(section)).toMatchObject({ actions, codes: [] });
  });

  it('each on its own line', () => {
    expect(read('- @ben, 2026-12-24: a first thing\n- a second\n  - owner: @ana\n- infra/access#77').lines).toEqual([3, 4, 6]);
  });
});

describe('corrective actions lack', () => {
  it.each([
    { name: 'all, where there are none', section: '', codes: ['CORRECTIVE_ACTIONS_MISSING'] },
    { name: 'all, where the hint stands', section: '- @owner, YYYY-MM-DD: what will be done', codes: ['CORRECTIVE_ACTIONS_MISSING'] },
    { name: 'all, where none has no reason', section: '- none', codes: ['CORRECTIVE_ACTIONS_MISSING'] },
    { name: 'all, where none has a short one', section: '- none: all is well', codes: ['CORRECTIVE_ACTIONS_MISSING'] },
    { name: 'all, where they are to come', section: '- TBD\n- TODO: write them', codes: ['CORRECTIVE_ACTIONS_MISSING'] },
    { name: 'owner and day', section: '- rotate runner tokens', codes: ['CORRECTIVE_ACTION_OWNER_MISSING 0', 'CORRECTIVE_ACTION_DUE_MISSING 0'] },
    { name: 'an owner, in the second', section: '- #77\n- until 2026-12-24 rotate them', codes: ['CORRECTIVE_ACTION_OWNER_MISSING 1'] },
    { name: 'an owner with an @', section: '- Ben, 2026-12-24: rotate them', codes: ['CORRECTIVE_ACTION_OWNER_MISSING 0'] },
    { name: 'one owner, where it is everybody', section: '- @all, 2026-12-24: rotate them', codes: ['CORRECTIVE_ACTION_OWNER_INVALID 0'] },
    { name: 'a day', section: '- @ben: rotate them soon', codes: ['CORRECTIVE_ACTION_DUE_MISSING 0'] },
    { name: 'a day that there is', section: '- @ben, 2026-02-30: rotate them', codes: ['CORRECTIVE_ACTION_DUE_INVALID 0'] },
    { name: 'what is to be done', section: '- @ben, 2026-12-24', codes: ['CORRECTIVE_ACTIONS_INVALID 0'] },
    { name: 'an issue, where a merge request is named, which has no day', section: '- fixed in !3', codes: ['CORRECTIVE_ACTION_OWNER_MISSING 0', 'CORRECTIVE_ACTION_DUE_MISSING 0'] },
  ])('$name', ({ section, codes }) => {
    expect(read(section).codes.sort()).toEqual([...codes].sort());
  });
});

it('an owner and a day are found wherever they stand, between any words', () => {
  const words = fc.stringMatching(/^[a-z]{2,8}( [a-z]{2,8}){0,4}$/);
  const property = fc.property(words, words, fc.constantFrom(', ', ' - ', ': ', ' '), (before, after, between) => {
    for (const line of [`@ben${between}2026-12-24${between}${after}`, `${before}${between}@ben${between}${after}${between}2026-12-24`, `2026-12-24${between}${before}${between}@ben`]) {
      expect(read(`- x ${line}`).actions).toMatchObject([{ owner: '@ben', due_on: '2026-12-24' }]);
    }
  });
  fc.assert(property, { numRuns: 100 });
});
