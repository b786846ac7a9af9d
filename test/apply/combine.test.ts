import { describe, expect, it } from 'vitest';
import { combine } from '../../scripts/apply/combine.ts';
import type { Action, Change, Post } from '../../scripts/apply/difference.ts';

const post = (slot = 'gate'): Post => ({ kind: 'post', slot, body: 'words', facts: {}, after: 0 });
const change = (more: Partial<Change> = {}): Change => ({ kind: 'change', addLabels: ['closure::blocked'], removeLabels: [], state: 'reopen', ...more });
const edit: Action = { kind: 'edit', slot: 'ack', noteId: 1, body: 'words' };
const remove: Action = { kind: 'delete', slot: 'gate', noteId: 2 };

/** What is written in which calls. */
const calls = (actions: Action[]): string[] => combine(actions).map((action) => action.kind + (action.kind === 'post' && action.change ? ' + change' : ''));

describe('a comment and the change after it', () => {
  it.each<{ name: string; actions: Action[]; calls: string[] }>([
    { name: 'are one call', actions: [post(), change()], calls: ['post + change'] },
    { name: 'are one call, before what the comment replaces is deleted', actions: [post(), remove, change()], calls: ['post + change', 'delete'] },
    { name: 'are one call, of several comments with the last', actions: [post(), post('ack'), change()], calls: ['post', 'post + change'] },
    { name: 'are one call, before what comes after', actions: [post(), change(), { kind: 'relate', reference: 'a/b#1' }], calls: ['post + change', 'relate'] },
    { name: 'are two where an edit of another comment is to come between', actions: [post(), edit, change()], calls: ['post', 'edit', 'change'] },
    { name: 'are two where the discussion is to be unlocked first', actions: [post(), { kind: 'unlock' }, change()], calls: ['post', 'unlock', 'change'] },
    { name: 'are two where somebody is assigned', actions: [post(), change({ assignee: 7 })], calls: ['post', 'change'] },
    { name: 'are two where the issue is closed, which is looked at', actions: [post(), change({ state: 'close' })], calls: ['post', 'change'] },
    { name: "are two where the words are a template of one's own", actions: [post('major'), change()], calls: ['post', 'change'] },
    { name: 'are two where a quick action cannot say a label', actions: [post(), change({ addLabels: ['say "no"'] })], calls: ['post', 'change'] },
    { name: 'are two where such a label goes', actions: [post(), change({ removeLabels: ['~home'] })], calls: ['post', 'change'] },
    { name: 'are what they are: a change alone', actions: [change()], calls: ['change'] },
    { name: 'are what they are: a comment alone', actions: [post()], calls: ['post'] },
    { name: 'are what they are: a comment after the change', actions: [change(), post()], calls: ['change', 'post'] },
  ])('$name', ({ actions, calls: wanted }) => {
    expect(calls(actions)).toEqual(wanted);
  });
});
