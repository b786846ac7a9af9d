import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Complaint } from './judge.ts';
import { TALLY } from './provided.ts';

type Ending = () => Promise<void>;

const [ofTest, ofFile]: [Ending[], Ending[]] = [[], []];
let isHeld = false;
let complaints: Complaint[] = [];
let judged = 0;

/** Stops something once the test that runs is over. Throws where nothing would: where a configuration leaves around-each.ts out. */
export function afterThisTest(...endings: Ending[]): void {
  hold();
  ofTest.push(...endings);
}

/** Stops something once all tests of the file that runs are over. */
export function afterThisFile(ending: Ending): void {
  hold();
  ofFile.push(ending);
}

/** Counts an answer that was judged, and fails the test where there is something against it. */
export function verdict(against: readonly Complaint[]): void {
  complaints.push(...against);
  judged += 1;
}

/** Says that `endTest` and `endFile` will be called. */
export function promiseEndings(): void {
  isHeld = true;
}

/** Stops all that a test has started, then says what is against answers that it got. */
export async function endTest(): Promise<void> {
  await endAll(ofTest);
  const found = complaints;
  complaints = [];
  expect(found, "what GitLab's own data has against answers of the embedded one").toEqual([]);
}

/** Stops all that a file has started, and adds what was judged to the tally. */
export async function endFile(): Promise<void> {
  await endAll(ofFile);
  if (TALLY !== undefined && judged > 0) appendFileSync(TALLY, `${judged}\n`);
  judged = 0;
}

function hold(): void {
  if (!isHeld) throw new Error('nothing is stopped after a test: name test/support/around-each.ts under setupFiles');
}

async function endAll(endings: Ending[]): Promise<void> {
  await Promise.all(endings.splice(0).map((end) => end()));
}
