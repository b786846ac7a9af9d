import { ApiError, badParameter, notFound } from './errors.ts';
import { protectionsOf } from './protection.ts';
import type { Project } from './records.ts';

const VARIABLE_TYPES = ['env_var', 'file'] as const;

/** A CI/CD variable of a project. Source: GitLab docs, api/project_level_variables. */
export type Variable = {
  key: string;
  value: string;
  type: (typeof VARIABLE_TYPES)[number];
  protected: boolean;
  masked: boolean;
  /** Masked, and its value is never shown again; decided when it is made. */
  hidden: boolean;
  raw: boolean;
  environmentScope: string;
  description: string | null;
};

/** Source: app/models/concerns/ci/maskable.rb: one line, no spaces, 8 characters at least; of a small alphabet unless it is raw. */
const MASKABLE = /^[a-zA-Z0-9_+=/@:.~-]{8,}$/;
const MASKABLE_RAW = /^\S{8,}$/;

/** Throws 400 for what GitLab will not store. */
export function addVariable(project: Project, variable: Variable): void {
  demandValid(variable);
  demandFree(project, variable);
  project.variables.push(variable);
}

/**
 * Changes a variable as far as GitLab lets it be changed: what is hidden stays so, and what is not does not become it.
 * Source: app/models/concerns/ci/hidable_variable.rb.
 */
export function changeVariable(project: Project, variable: Variable, changes: Partial<Variable>): void {
  const wanted = { ...variable, ...changes };
  if (variable.hidden && wanted.masked !== variable.masked) {
    throw invalid('base', 'The visibility setting cannot be changed for masked and hidden variables.');
  }
  demandValid(wanted);
  if (wanted.environmentScope !== variable.environmentScope) demandFree(project, wanted);
  Object.assign(variable, wanted);
}

/** The variable of a key, and of a scope where several have the key. Source: lib/api/helpers/variables_helpers.rb. */
export function variableOf({ variables }: Project, key: string, scope: string | undefined): Variable {
  const [found, second] = variables.filter(
    (one) => one.key === key && (scope === undefined || one.environmentScope === scope),
  );
  if (second) {
    const says = "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'";
    throw new ApiError(409, { message: says });
  }
  if (!found) throw notFound('Variable');
  return found;
}

/**
 * What the jobs of a branch are given: protected variables on protected branches alone, and those of an environment to no job
 * here, since none has one. Source: GitLab docs, ci/variables, protect a CI/CD variable; ci/environments, limit the scope.
 */
export function variablesForJobs(project: Project, branch: string): Variable[] {
  const isProtected = protectionsOf(project, branch).length > 0;
  return project.variables.filter((one) => one.environmentScope === '*' && (isProtected || !one.protected));
}

export function variableTypeOf(text: string | undefined): Variable['type'] | undefined {
  const type = VARIABLE_TYPES.find((known) => known === text);
  if (text !== undefined && type === undefined) throw badParameter('variable_type does not have a valid value');
  return type;
}

/** Source: app/models/concerns/ci/has_variable.rb; GitLab docs, ci/variables, mask a CI/CD variable. */
function demandValid({ key, value, masked, hidden, raw }: Variable): void {
  if (!/^\w+$/.test(key)) throw invalid('key', "can contain only letters, digits and '_'.");
  if (key.length > 255) throw invalid('key', 'is too long (maximum is 255 characters)');
  if (hidden && !masked) throw invalid('masked', 'should be true when variable is hidden');
  if (masked && !(raw ? MASKABLE_RAW : MASKABLE).test(value)) throw invalid('value', 'is invalid');
}

function demandFree({ variables }: Project, { key, environmentScope }: Variable): void {
  const isTaken = variables.some((known) => known.key === key && known.environmentScope === environmentScope);
  if (isTaken) throw invalid('key', `(${key}) has already been taken`);
}

function invalid(field: string, says: string): ApiError {
  return new ApiError(400, { message: { [field]: [says] } });
}
