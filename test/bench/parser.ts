import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { judgeText } from '../../scripts/decide/remarks.ts';
import { defaultInstallation } from '../../scripts/read/config.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { growth, median } from './figures.ts';
import { MOMENT } from './moment.ts';
import { descriptionOf, SHAPES } from './shapes.ts';
import type { Stand } from './stand.ts';
import type { Topic } from './topic.ts';

const KIB = [1, 4, 16, 64, 256, 1024];
const QUICK_KIB = [1, 16, 256];
const ENOUGH_MS = 300;
const MOST_RUNS = 50;
const WARM_UP = 300;

type Parse = (text: string) => unknown;

/** Reading a description, and judging it as the gate does, by shape and size; and what another parser takes for the same text. */
export async function measureParser(stand: Stand): Promise<Topic> {
  const installation = defaultInstallation();
  const read: Parse = (text) => readRecord(text, 'UTC', installation.form);
  const judge: Parse = (text) => judgeText({ file: 'description.md', text, installation }, 'closing', MOMENT);
  const other = await otherParser(stand.scratch);
  for (let time = 0; time < WARM_UP; time += 1) for (const parse of [judge, ...(other ? [other] : [])]) parse(descriptionOf('prose', 1024));
  const rows: Topic['rows'] = [];
  for (const shape of SHAPES) {
    stand.say(`parser: ${shape}`);
    let before: { size: number; cost: number } | undefined;
    for (const kib of stand.isQuick ? QUICK_KIB : KIB) {
      const text = descriptionOf(shape, kib * 1024);
      const size = text.length / 1024;
      const [readMs, judgeMs] = [timed(read, text), timed(judge, text)];
      const theirs = other && timed(other, text.replaceAll(/^## /gm, '### '));
      const cost = { size, cost: readMs };
      rows.push({
        ...{ shape, KiB: size, 'read ms': readMs, 'read ms/KiB': readMs / size, 'growth read': before && growth(before, cost) },
        ...{ 'read and judge ms': judgeMs, 'issue-parser ms': theirs, 'x issue-parser': theirs === undefined ? undefined : readMs / theirs },
      });
      before = cost;
    }
  }
  const notes = [
    'In one process that has warmed up; medians of up to 50 runs. growth: 2 is linear.',
    other
      ? 'issue-parser is @github/issue-parser, which cuts the text at its headings (### here) and reads nothing inside.'
      : 'issue-parser: left out, because @github/issue-parser is not installed in the folder that --scratch names.',
  ];
  return { name: 'parser', title: 'Parser: reading a description', notes, rows };
}

/** The median time of a parse, in ms. */
function timed(parse: Parse, text: string): number {
  const times: number[] = [];
  parse(text);
  for (let all = 0; times.length < 3 || (all < ENOUGH_MS && times.length < MOST_RUNS);) {
    const start = performance.now();
    parse(text);
    times.push(performance.now() - start);
    all += times.at(-1) ?? 0;
  }
  return median(times);
}

async function otherParser(scratch: string | undefined): Promise<Parse | undefined> {
  const file = path.resolve(scratch ?? '', 'node_modules/@github/issue-parser/dist/index.js');
  if (scratch === undefined || !existsSync(file)) return undefined;
  const { parseIssue } = (await import(pathToFileURL(file).href)) as { parseIssue: Parse };
  return parseIssue;
}
