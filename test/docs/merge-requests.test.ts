import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reconcileEvent } from '../../scripts/apply/event.ts';
import type { Event } from '../../scripts/read/event.ts';
import { STATUS_NAME } from '../../scripts/decide/merge-request.ts';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { opensMergeRequest } from '../support/merge-requests.ts';
import { opened } from '../support/scenarios.ts';

const PAGE = readFileSync(new URL('../../docs/merge-requests.md', import.meta.url), 'utf8');

/** What the table of calls says of a case. */
const told = (what: string): string => (PAGE.split('\n').find((line) => line.startsWith(`| ${what}`)) ?? '').split('|')[2]?.trim() ?? '';

/** The calls of a run. */
async function callsOf(scene: Scene, event: Event): Promise<{ reads: number; writes: number }> {
  const { gitlab, count } = scene.connect();
  await reconcileEvent(event, scene.tools({ gitlab }));
  return count;
}
const ofIssue: Event = { kind: 'issue', ref: { projectId: 42, iid: 1 }, userId: undefined };
const ofMergeRequest: Event = { kind: 'merge_request', ref: { projectId: 42, iid: 1 } };

describe('docs/merge-requests.md', () => {
  it('counts the calls of a merge request as they are', async () => {
    const scene = await stage();
    opened(scene, TOO_EARLY);
    await opensMergeRequest(scene, 'Closes #1');
    const first = await callsOf(scene, ofMergeRequest);
    expect(told('one that would close one incident')).toBe(`${first.reads} reads, ${first.writes} writes`);
    const again = await callsOf(scene, ofMergeRequest);
    expect([told('the same again'), again.writes]).toEqual([`${again.reads} reads`, 0]);
  });

  it('counts the calls of a merge request that closes nothing as they are', async () => {
    const scene = await stage();
    await opensMergeRequest(scene, 'Mend it');
    const { reads, writes } = await callsOf(scene, ofMergeRequest);
    expect([told('a merge request that closes no issue'), writes]).toEqual([`${reads} reads`, 0]);
  });

  it('counts the calls of an event on an incident as they are', async () => {
    const scene = await stage();
    opened(scene, COMPLETE);
    expect([told('an event on an incident that no merge request names'), await callsOf(scene, ofIssue)]).toEqual(['none beside its own 3 reads', { reads: 3, writes: 0 }]);
    await opensMergeRequest(scene, 'Closes #1');
    await callsOf(scene, ofMergeRequest);
    expect([told('an event on one that a merge request would close'), await callsOf(scene, ofIssue)]).toEqual([
      'its own and 1 read, and 5 reads for each merge request',
      { reads: 3 + 1 + 5, writes: 0 },
    ]);
  });

  it('and the comment name the status as it is set', () => {
    const words = readFileSync(new URL('../../templates/comments/merge-request.hbs', import.meta.url), 'utf8');
    expect([PAGE, words].filter((text) => !text.includes(`\`${STATUS_NAME}\``))).toEqual([]);
  });
});
