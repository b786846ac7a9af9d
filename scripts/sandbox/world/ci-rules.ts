import { ConfigurationError } from './errors.ts';

/** A rule of a job, as far as pipelines without changed files need it. Source: GitLab docs, ci/yaml, rules. */
export type Rule = { if?: string; when?: string; start_in?: string };

const COMPARISON = /^(\$\w+|"[^"]*"|'[^']*'|null)(?:\s*(==|!=)\s*(\$\w+|"[^"]*"|'[^']*'|null))?$/;

/** The first rule that holds; without one the job is left out. Source: GitLab docs, ci/yaml, rules. */
export function ruleThatHolds(
  place: string,
  rules: readonly Rule[],
  variables: Readonly<Record<string, string>>,
): Rule | undefined {
  return rules.find((rule) => rule.if === undefined || holds(place, rule.if, variables));
}

/** `&&` binds before `||`. Brackets and patterns are not spoken here. Source: GitLab docs, ci/jobs/job_rules, CI/CD variable expressions. */
function holds(place: string, condition: string, variables: Readonly<Record<string, string>>): boolean {
  return condition
    .split('||')
    .some((all) => all.split('&&').every((comparison) => compare(place, comparison.trim(), variables)));
}

function compare(place: string, comparison: string, variables: Readonly<Record<string, string>>): boolean {
  const match = COMPARISON.exec(comparison);
  if (!match) throw new ConfigurationError(`${place}:rules:rule if invalid expression syntax`);
  const [, left = '', operator, right = ''] = match;
  const value = valueOf(left, variables);
  if (operator === undefined) return value !== undefined && value !== '';
  return (value === valueOf(right, variables)) === (operator === '==');
}

function valueOf(word: string, variables: Readonly<Record<string, string>>): string | undefined {
  if (word === 'null') return undefined;
  return word.startsWith('$') ? variables[word.slice(1)] : word.slice(1, -1);
}
