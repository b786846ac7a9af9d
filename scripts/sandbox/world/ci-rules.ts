import { ConfigurationError } from './errors.ts';

/** A rule of a job, as far as pipelines without changed files need it. Source: GitLab docs, ci/yaml, rules. */
export type Rule = { if?: string; when?: string; start_in?: string };

const COMPARISON =
  /^(\$\w+|"[^"]*"|'[^']*'|null)(?:\s*(==|!=)\s*(\$\w+|"[^"]*"|'[^']*'|null)|\s*(=~|!~)\s*\/(.+)\/(i?))?$/;

/** The first rule that holds; without one the job is left out. Source: GitLab docs, ci/yaml, rules. */
export function ruleThatHolds(
  place: string,
  rules: readonly Rule[],
  variables: Readonly<Record<string, string>>,
): Rule | undefined {
  return rules.find((rule) => rule.if === undefined || holds(place, rule.if, variables));
}

/** `&&` binds before `||`. Brackets are not spoken here, nor patterns in variables or with `&&` or `||` in them. Source: GitLab docs, ci/jobs/job_rules, CI/CD variable expressions. */
function holds(place: string, condition: string, variables: Readonly<Record<string, string>>): boolean {
  return condition
    .split('||')
    .some((all) => all.split('&&').every((comparison) => compare(place, comparison.trim(), variables)));
}

function compare(place: string, comparison: string, variables: Readonly<Record<string, string>>): boolean {
  const match = COMPARISON.exec(comparison);
  if (!match) throw new ConfigurationError(`${place}:rules:rule if invalid expression syntax`);
  const [, left = '', operator, right = '', matching, pattern = '', flag = ''] = match;
  const value = valueOf(left, variables);
  // What is not set matches nothing. Source: lib/gitlab/ci/pipeline/expression/lexeme/matches.rb.
  if (matching !== undefined)
    return (value !== undefined && new RegExp(pattern, flag).test(value)) === (matching === '=~');
  if (operator === undefined) return value !== undefined && value !== '';
  return (value === valueOf(right, variables)) === (operator === '==');
}

function valueOf(word: string, variables: Readonly<Record<string, string>>): string | undefined {
  if (word === 'null') return undefined;
  return word.startsWith('$') ? variables[word.slice(1)] : word.slice(1, -1);
}
