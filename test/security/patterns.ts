import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SCRIPTS = fileURLToPath(new URL('../../scripts/', import.meta.url));

const SCHEMAS = fileURLToPath(new URL('../../schemas/', import.meta.url));

/** The rooms whose regular expressions meet what people, GitLab or an operator wrote. */
const ROOMS = ['read', 'decide', 'render', 'apply', 'gitlab', 'ci', 'schema'];

/** A regular expression of the code; `source` is missing where it could not be told from the code alone. */
export type Pattern = { file: string; line: number; flags: string; source: string | undefined };

/** Every regular expression of the code: literals, and those that are put together of constants of their file; and of our schemas. */
export const PATTERNS: readonly Pattern[] = [...ROOMS.flatMap(patternsOf), ...patternsOfSchemas()];

function patternsOf(room: string): Pattern[] {
  return readdirSync(path.join(SCRIPTS, room))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.gen.ts'))
    .flatMap((name) => patternsIn(`${room}/${name}`));
}

/** What `schema/engine.ts` gives to Node's own expressions, as it does. */
function patternsOfSchemas(): Pattern[] {
  const found: Pattern[] = [];
  for (const name of readdirSync(SCHEMAS).filter((each) => each.endsWith('.schema.json'))) {
    JSON.parse(readFileSync(path.join(SCHEMAS, name), 'utf8'), (key, value: unknown) => {
      if (key === 'pattern' && typeof value === 'string') found.push({ file: `schemas/${name}`, line: 1, flags: 'u', source: value });
      return value;
    });
  }
  return found;
}

function patternsIn(file: string): Pattern[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(SCRIPTS, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const found: { node: ts.Node; source: string | undefined; flags: string }[] = [];
  const collect = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) constants.set(node.name.text, node.initializer);
    if (ts.isRegularExpressionLiteral(node)) found.push({ node, ...partsOf(node.text) });
    if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const [pattern, flags] = node.arguments ?? [];
      found.push({ node, source: pattern && textOf(pattern, constants), flags: (flags && textOf(flags, constants)) ?? '' });
    }
    ts.forEachChild(node, collect);
  };
  collect(source);
  return found.map(({ node, ...pattern }) => ({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, ...pattern }));
}

function partsOf(literal: string): { source: string; flags: string } {
  const end = literal.lastIndexOf('/');
  return { source: literal.slice(1, end), flags: literal.slice(end + 1) };
}

/** The text that an expression of constants is: strings, templates, `NAME.source` and `NAMES.join('|')`. */
function textOf(node: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isIdentifier(node)) return textOf(constants.get(node.text) ?? ts.factory.createNull(), constants);
  if (ts.isAsExpression(node)) return textOf(node.expression, constants);
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map(({ expression, literal }) => [textOf(expression, constants), literal.text]);
    return parts.flat().includes(undefined) ? undefined : node.head.text + parts.flat().join('');
  }
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'source' && ts.isIdentifier(node.expression)) {
    const made = constants.get(node.expression.text);
    const [pattern] = made && ts.isNewExpression(made) ? (made.arguments ?? []) : [];
    return pattern && textOf(pattern, constants);
  }
  return ts.isCallExpression(node) ? joined(node, constants) : undefined;
}

function joined({ expression, arguments: [separator] }: ts.CallExpression, constants: ReadonlyMap<string, ts.Expression>): string | undefined {
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'join' || !ts.isIdentifier(expression.expression)) return undefined;
  const list = constants.get(expression.expression.text);
  const array = list && ts.isAsExpression(list) ? list.expression : list;
  const between = separator && textOf(separator, constants);
  const texts = array && ts.isArrayLiteralExpression(array) ? array.elements.map((element) => textOf(element, constants)) : [undefined];
  return between === undefined || texts.includes(undefined) ? undefined : texts.join(between);
}
