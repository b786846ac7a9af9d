import type { Finding } from '../decide/findings.ts';
import { levelOf } from '../decide/findings.ts';
import type { Step } from '../decide/setup-deeds.ts';
import type { CallCount } from '../gitlab/port.ts';
import { renderArtifacts, tally } from './setup.ts';

/** How a run of setup went. */
export type SetUp = {
  steps: readonly Step[];
  findings: readonly Finding[];
  undone: number;
  isDry: boolean;
  isCheck: boolean;
  count: CallCount;
};

/** The last line, the exit code and the artifacts of a run of setup: a check fails on errors, an apply on what was not done. */
export function endingOf({ steps, findings, undone, isDry, isCheck, count }: SetUp): {
  summary: string;
  exitCode: 0 | 1 | 3;
  artifacts: Record<string, string>;
} {
  const isWrong = findings.some((finding) => levelOf(finding) === 'error');
  const exitCode = undone > 0 ? 3 : isCheck && isWrong ? 1 : 0;
  const rest = findings.filter(({ code }) => !code.startsWith('DRIFT_'));
  const many = `${steps.length} step${steps.length === 1 ? '' : 's'}`;
  const done = undone > 0 ? `${steps.length - undone} of ${many} done` : `${many} done`;
  const todo = steps.length === 0 ? 'nothing to do' : isDry ? `${many} to do` : done;
  const hint = isDry && !isCheck && steps.length > 0 ? '; --apply does it' : '';
  const calls = `${count.reads} reads, ${count.writes} writes`;
  const summary = `watchkeeper setup: ${isCheck ? tally(findings) : `${todo}${hint}; else ${tally(rest)}`} | ${calls}`;
  return { summary, exitCode, artifacts: renderArtifacts(exitCode, steps, findings) };
}
