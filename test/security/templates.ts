import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';

const FOLDER = fileURLToPath(new URL('../../templates/', import.meta.url));

/** All templates by name, without the ending. */
export const TEMPLATES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.hbs'))
  .map((file) => ({ name: file.replaceAll('\\', '/').slice(0, -'.hbs'.length), source: readFileSync(`${FOLDER}${file}`, 'utf8') }));

/** What a template writes: a value bare, a helper's answer, or a partial; `line` counts from 1. */
export type Written = { line: number; kind: 'bare' | 'helper' | 'partial' | 'unescaped' | 'other'; name: string; values: string[] };

type Expression = hbs.AST.Expression;

/** What an expression is called: a path as written, without the way up to it. */
function nameOf(expression: Expression): string {
  if (isPath(expression)) return expression.original.replace(/^(?:\.\.\/)+|^\.\//, '');
  return expression.type === 'SubExpression' ? nameOf((expression as hbs.AST.SubExpression).path) : expression.type;
}

function isPath(expression: Expression): expression is hbs.AST.PathExpression {
  return expression.type === 'PathExpression';
}

/** Paths among the arguments of a helper; literals are our own words. */
function pathsIn(expressions: readonly Expression[]): string[] {
  return expressions.flatMap((expression) => (isPath(expression) ? [nameOf(expression)] : expression.type === 'SubExpression' ? pathsIn((expression as hbs.AST.SubExpression).params) : []));
}

/** Everything that a template can write, in its order. */
export function writtenBy(source: string): Written[] {
  const found: Written[] = [];
  const take = (statement: hbs.AST.Statement): void => {
    const line = statement.loc.start.line;
    if (statement.type === 'MustacheStatement') found.push(mustache(statement as hbs.AST.MustacheStatement, line));
    else if (statement.type === 'BlockStatement') {
      const { path, program, inverse } = statement as hbs.AST.BlockStatement;
      if (!['if', 'unless', 'each'].includes(path.original)) found.push({ line, kind: 'other', name: `#${path.original}`, values: [] });
      const parts: (hbs.AST.Program | undefined)[] = [program, inverse];
      for (const part of parts) part?.body.forEach(take);
    } else if (statement.type === 'PartialStatement') found.push({ line, kind: 'partial', name: nameOf((statement as hbs.AST.PartialStatement).name), values: [] });
    else if (!['ContentStatement', 'CommentStatement'].includes(statement.type)) found.push({ line, kind: 'other', name: statement.type, values: [] });
  };
  Handlebars.parse(source).body.forEach(take);
  return found;
}

function mustache({ path, params, hash, escaped }: hbs.AST.MustacheStatement, line: number): Written {
  const name = nameOf(path);
  const values = pathsIn([...params, ...((hash as hbs.AST.Hash | undefined)?.pairs.map((pair) => pair.value) ?? [])]);
  if (!escaped) return { line, kind: 'unescaped', name, values };
  return { line, kind: params.length > 0 ? 'helper' : 'bare', name, values };
}

/** The longest words of a template's own, by which what it rendered is known. */
export function contentOf(source: string): string {
  const words: string[] = [];
  const take = (statement: hbs.AST.Statement): void => {
    if (statement.type === 'ContentStatement') words.push(...(statement as hbs.AST.ContentStatement).value.split('\n'));
  };
  Handlebars.parse(source).body.forEach(take);
  return words.map((word) => word.trim().replaceAll('**', '')).sort((a, b) => b.length - a.length)[0] ?? '';
}
