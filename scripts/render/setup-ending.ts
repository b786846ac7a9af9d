import type { Finding } from '../decide/findings.ts';
import { levelOf } from '../decide/findings.ts';
import type { Step } from '../decide/setup-deeds.ts';
import type { CallCount } from '../gitlab/port.ts';
import { renderArtifacts, tally } from './setup.ts';

/** How a run of setup went: what was planned, what of it could not be done, and how the installation stands now. */
export type SetUp = {
  planned: readonly Step[];
  undone: readonly Step[];
  steps: readonly Step[];
  findings: readonly Finding[];
  others: readonly Finding[];
  doesIt: boolean;
  isCheck: boolean;
  count: CallCount;
};

/** The last line, the exit code and the artifacts of a run of setup: a check fails on errors, an apply on what was not done. */
export function endingOf(run: SetUp): { summary: string; exitCode: 0 | 1 | 3; artifacts: Record<string, string> } {
  const { planned, undone, steps, findings, others, doesIt, isCheck, count } = run;
  const isWrong = findings.some((finding) => levelOf(finding) === 'error');
  const exitCode = undone.length > 0 ? 3 : isCheck && isWrong ? 1 : 0;
  const many = `${planned.length} step${planned.length === 1 ? '' : 's'}`;
  const done = undone.length > 0 ? `${planned.length - undone.length} of ${many} done` : `${many} done`;
  const todo = planned.length === 0 ? 'nothing to do' : doesIt ? done : `${many} to do, --apply does it`;
  const told = isCheck ? tally(findings) : `${todo}; ${doesIt ? tally(findings) : `else ${tally(others)}`}`;
  const summary = `watchkeeper setup: ${told} | ${count.reads} reads, ${count.writes} writes`;
  return { summary, exitCode, artifacts: renderArtifacts(exitCode, steps, findings) };
}
