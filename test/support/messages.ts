import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const SCRIPTS = new URL('../../scripts/', import.meta.url);
const VARIES = '…';

/** An error class of ours, and the class of ours at the root of its family: what decides how a run ends. */
export type ErrorClass = { name: string; file: string; root: string };

/** All that a job runs, parsed; the embedded GitLab's own errors end no run. */
const NODES = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox/'))
  .map((file) => ts.createSourceFile(`scripts/${file}`, readFileSync(new URL(file, SCRIPTS), 'utf8'), ts.ScriptTarget.Latest, true))
  .flatMap(everyNode);

function everyNode(node: ts.Node): ts.Node[] {
  const inner: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    inner.push(...everyNode(child));
  });
  return [node, ...inner];
}

function fileOf(node: ts.Node): string {
  return node.getSourceFile().fileName;
}

const CLASSES = NODES.filter(ts.isClassDeclaration).flatMap((declared) => {
  const base = declared.heritageClauses?.[0]?.types[0]?.expression.getText();
  return declared.name && base ? [{ name: declared.name.text, file: fileOf(declared), base }] : [];
});

/** The root of a class's family; a class of the same file goes before one of the same name elsewhere. */
function rootOf(name: string, file: string): string | undefined {
  const named = CLASSES.filter((each) => each.name === name);
  const found = named.find((each) => each.file === file) ?? named[0];
  return found && (/^\w*Error$/.test(found.base) && !CLASSES.some((each) => each.name === found.base) ? name : rootOf(found.base, found.file));
}

/** What each error that is made is given to say, and its family. */
const SAID = NODES.flatMap((node) => {
  const isSuper = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;
  if (!isSuper && !ts.isNewExpression(node)) return [];
  const name = isSuper ? ts.findAncestor(node, ts.isClassDeclaration)?.name?.text : node.expression.getText();
  const root = rootOf(name ?? '', fileOf(node));
  const [said] = node.arguments ?? [];
  return root && said ? [{ root, said }] : [];
});

/** Every error class of `scripts/`. */
export const ERRORS: ErrorClass[] = CLASSES.flatMap(({ name, file }) => {
  const root = rootOf(name, file);
  return root === undefined ? [] : [{ name, file, root }];
});

/** All that errors of a family say. */
export function saidByErrors(root: string): string[] {
  return distinct(SAID.filter((each) => each.root === root).flatMap(({ said }) => messages(said)));
}

/** What errors are given instead of words: texts that others wrote. */
export function givenWithoutWords(): string[] {
  return distinct(SAID.filter(({ said }) => messages(said).length === 0).map(({ said }) => said.getText()));
}

/** All that is said under a name: what a property or a variable is set to, and what a function (`a`, `a.push`) is given. */
export function saidUnder(name: string): string[] {
  return distinct(
    NODES.flatMap((node): readonly (ts.Expression | undefined)[] => {
      if (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) return node.name.getText() === name ? [node.initializer] : [];
      return ts.isCallExpression(node) && node.expression.getText() === name ? node.arguments.slice(0, 1) : [];
    }).flatMap((said) => (said ? messages(said) : [])),
  );
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)].sort();
}

/** What an expression says where it is a whole message. A parameter says what callers give, a call what it returns; nothing without a constant part. */
function messages(node: ts.Expression): string[] {
  if (ts.isAwaitExpression(node)) return messages(node.expression);
  if (ts.isConditionalExpression(node)) return [...messages(node.whenTrue), ...messages(node.whenFalse)];
  if (ts.isCallExpression(node)) return returnsOf(node).flatMap(messages);
  if (ts.isIdentifier(node)) {
    const { given, value } = origin(node);
    return given ? given.flatMap(messages) : value ? messages(value) : [];
  }
  return wordings(node).filter((text) => /\p{L}/u.test(text));
}

/** How an expression reads inside a text: constants as they stand, a choice as each of its branches, all else as `…`. */
function wordings(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...wordings(node.whenTrue), ...wordings(node.whenFalse)];
  if (ts.isIdentifier(node)) return wordingsOf([origin(node).value]);
  if (ts.isElementAccessExpression(node)) return wordingsOf(entriesOf(node.expression));
  if (!ts.isTemplateExpression(node)) return [VARIES];
  const texts = node.templateSpans.reduce((begun, { expression, literal }) => begun.flatMap((text) => wordings(expression).map((word) => text + word + literal.text)), [node.head.text]);
  return texts.map((text) => text.replace(/…{2,}/g, VARIES));
}

function wordingsOf(values: readonly (ts.Expression | undefined)[]): string[] {
  const known = values.flatMap((value) => (value ? wordings(value) : []));
  return known.length > 0 ? known : [VARIES];
}

/** The values of a table that is written out. */
function entriesOf(table: ts.Expression): ts.Expression[] {
  const { value } = ts.isIdentifier(table) ? origin(table) : {};
  return value && ts.isObjectLiteralExpression(value) ? value.properties.flatMap((entry) => (ts.isPropertyAssignment(entry) ? [entry.initializer] : [])) : [];
}

/** Where a name comes from, looked for outwards: a parameter with what its callers give, or a `const` with its value. */
function origin(name: ts.Identifier): { given?: ts.Expression[]; value?: ts.Expression } {
  for (let scope: ts.Node = name.parent; ; scope = scope.parent) {
    if (ts.isFunctionLike(scope)) {
      const index = scope.parameters.findIndex((each) => each.name.getText().match(/\w+/g)?.includes(name.text));
      if (index >= 0) return { given: ts.isFunctionDeclaration(scope) ? callsOf(scope).flatMap((call) => call.arguments[index] ?? []) : [] };
    }
    if (ts.isBlock(scope) || ts.isSourceFile(scope)) {
      const constants = scope.statements.filter(ts.isVariableStatement).flatMap(({ declarationList: list }) => (list.flags & ts.NodeFlags.Const ? [...list.declarations] : []));
      const { initializer } = constants.find((each) => each.name.getText() === name.text) ?? {};
      if (initializer) return { value: initializer };
    }
    if (ts.isSourceFile(scope)) return {};
  }
}

function callsOf(declared: ts.FunctionDeclaration): ts.CallExpression[] {
  return NODES.filter(ts.isCallExpression).filter((call) => fileOf(call) === fileOf(declared) && call.expression.getText() === declared.name?.text);
}

/** What the function of a call returns, when it stands in the same file. */
function returnsOf(call: ts.CallExpression): ts.Expression[] {
  const called = NODES.filter(ts.isFunctionDeclaration).find((each) => fileOf(each) === fileOf(call) && each.name?.text === call.expression.getText());
  return called ? everyNode(called).flatMap((node) => (ts.isReturnStatement(node) && node.expression ? [node.expression] : [])) : [];
}
