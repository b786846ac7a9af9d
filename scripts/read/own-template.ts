import Handlebars from 'handlebars';
import type { Place } from './source-file.ts';

/** What a value of a template is: text of people, a word of ours, a list, or a thing with parts. */
type Shape = 'text' | 'word' | { each: Shape } | { parts: Readonly<Record<string, Shape>> };

/** What the comment on a major incident is given; docs/on-call.md, "Major incidents", tells the same. */
export const MAJOR: Shape = {
  parts: {
    severity: 'word',
    by: 'text',
    tell: { each: 'text' },
    places: { each: { parts: { title: 'word', text: 'text' } } },
  },
};

const MAKES_INERT = ['inert', 'mention'];
const BLOCKS = ['if', 'unless', 'each'];
const LOOP: readonly string[] = ['first', 'last'];

/** What is wrong with a template, and where. */
class Flaw extends Error {
  readonly place: Place;

  constructor(message: string, { loc: { start } }: hbs.AST.Node) {
    super(message);
    this.place = { line: start.line, column: start.column + 1 };
  }
}

/**
 * What is wrong with a Handlebars template of the project's own that is given `shape`, if anything is. What passes can be
 * rendered whatever its values are, and shows people's text through helpers that make it inert alone.
 */
export function flawOf(source: string, shape: Shape): (Place & { says: string }) | undefined {
  try {
    const { body } = Handlebars.parse(source);
    for (const statement of body) check(statement, [shape]);
    return source.trim() === '' ? { line: 1, column: 1, says: 'has no words' } : undefined;
  } catch (error) {
    if (error instanceof Flaw) return { ...error.place, says: error.message };
    if (!(error instanceof Error)) throw error;
    const [, line = '1'] = /(?: on line | - )(\d+)/.exec(error.message) ?? [];
    const [reason = ''] = error.message.split(/:?\n/);
    return { line: Number(line), column: 1, says: `is no Handlebars template: ${reason}` };
  }
}

/** `around` is what names are looked for in: the innermost first. */
function check(statement: hbs.AST.Statement, around: readonly Shape[]): void {
  if (statement.type === 'MustacheStatement') checkValue(statement as hbs.AST.MustacheStatement, around);
  else if (statement.type === 'BlockStatement') checkBlock(statement as hbs.AST.BlockStatement, around);
  else if (!['ContentStatement', 'CommentStatement'].includes(statement.type))
    throw new Flaw('has a partial or a decorator, and there are none', statement);
}

function checkValue(statement: hbs.AST.MustacheStatement, around: readonly Shape[]): void {
  const { path, params, escaped } = statement;
  if (!escaped) throw new Flaw('has triple braces: write two', statement);
  if (params.length === 0) {
    const shape = shapeOf(path, around);
    if (shape === 'word') return;
    const name = originalOf(path);
    if (shape === 'text') throw new Flaw(`shows text of people: write {{inert ${name}}}`, statement);
    throw new Flaw(`shows ${name}, which is a list or a thing with parts`, statement);
  }
  const [first, ...others] = params;
  if (!first || others.length > 0 || !MAKES_INERT.includes(originalOf(path)))
    throw new Flaw(`has the helper ${originalOf(path)}; there are inert and mention, each of one value`, statement);
  if (shapeOf(first, around) !== 'text') throw new Flaw(`${originalOf(path)} is for text of people`, statement);
}

function checkBlock(statement: hbs.AST.BlockStatement, around: readonly Shape[]): void {
  const { path, params, program } = statement;
  const [first, ...others] = params;
  if (!first || others.length > 0 || !BLOCKS.includes(originalOf(path)))
    throw new Flaw(`has the block ${originalOf(path)}; there are if, unless and each, each of one value`, statement);
  const shape = shapeOf(first, around);
  const isEach = originalOf(path) === 'each';
  const items = typeof shape === 'object' && 'each' in shape ? shape.each : undefined;
  if (isEach && !items) throw new Flaw(`each is for lists, and ${originalOf(first)} is none`, statement);
  const otherwise: (hbs.AST.Program | undefined)[] = [statement.inverse];
  for (const inner of program.body) check(inner, items && isEach ? [items, ...around] : around);
  for (const inner of otherwise.flatMap((part) => part?.body ?? [])) check(inner, around);
}

function shapeOf(expression: hbs.AST.Expression, around: readonly Shape[]): Shape {
  if (!isPath(expression)) throw new Flaw('has more than a name in its braces', expression);
  const { data, depth, parts } = expression;
  if (data && parts.length === 1 && LOOP.includes(parts[0] ?? '') && around.length > 1) return 'word';
  let shape = data ? undefined : around[depth];
  for (const part of parts) {
    const inner = typeof shape === 'object' && 'parts' in shape ? shape.parts : {};
    shape = Object.hasOwn(inner, part) ? inner[part] : undefined;
  }
  if (shape !== undefined) return shape;
  throw new Flaw(`knows no ${originalOf(expression)} there`, expression);
}

function originalOf(expression: hbs.AST.Expression): string {
  return isPath(expression) ? expression.original : expression.type;
}

function isPath(expression: hbs.AST.Expression): expression is hbs.AST.PathExpression {
  return expression.type === 'PathExpression';
}
