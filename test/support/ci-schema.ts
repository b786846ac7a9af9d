import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';

const RUNNER = fileURLToPath(new URL('../../node_modules/gitlab-ci-local/dist/index.js', import.meta.url));
const BEGIN = '{$schema:"http://json-schema.org/draft-07/schema#",$id:"https://gitlab.com/.gitlab-ci.yml"';

/** GitLab's JSON schema of CI files, which stands as an object in the bundle of gitlab-ci-local, and nowhere else. */
function readSchema(): object {
  const text = readFileSync(RUNNER, 'utf8');
  const start = text.indexOf(BEGIN);
  if (start < 0) throw new Error('gitlab-ci-local has the schema no more');
  return runInNewContext(`(${text.slice(start, endOf(text, start))})`) as object;
}

/** Where the object that begins there ends. */
function endOf(text: string, start: number): number {
  let depth = 0;
  for (const { index, 0: part } of text.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[{}]/g)) {
    depth += part === '{' ? 1 : part === '}' ? -1 : 0;
    if (depth === 0) return start + index + 1;
  }
  throw new Error('the schema has no end');
}

const check = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true });
formats.default(check);
const validate = check.compile(readSchema());

/** What GitLab's schema has against a CI file, or against its header; nothing where it is in order. */
export function complaintsOf(content: unknown): string[] {
  return validate(content) ? [] : (validate.errors ?? []).map(({ instancePath, message = '' }: ErrorObject) => `${instancePath} ${message}`);
}
