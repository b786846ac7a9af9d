import { Session } from 'node:inspector/promises';

/** Counts from here on: only what is loaded later is counted, so this module is imported before what it measures. */
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** How often each block of JavaScript ran, added up: what a call costs in steps, whatever the machine. Built-ins count as one. */
async function stepsOf(run: () => unknown): Promise<number> {
  await session.post('Profiler.takePreciseCoverage');
  await run();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const inCode = result.filter(({ url }) => /\/scripts\/|\/node_modules\/(?:yaml|markdown-it)\//.test(url));
  return inCode.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count))).reduce((sum, count) => sum + count, 0);
}

/** How many times the steps a call takes when its text is made twice as long: 2 where its time is linear, 4 where it is quadratic. */
export async function growth(run: (text: string) => unknown, text: (times: number) => string, times: number): Promise<number> {
  // Code that runs for the first time does more.
  await run(text(1));
  const [once, twice] = [await stepsOf(() => run(text(times))), await stepsOf(() => run(text(2 * times)))];
  return twice / once;
}
