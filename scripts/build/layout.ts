import { createHash } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import { transform } from 'esbuild';

/** A text in the bundle, by its name. */
type Body = { name: string; body: string };

/** `line` is 0 of what is packed. */
type Places = Record<string, [start: number, length: number, line: number]>;

/** Shorter texts are not worth to be packed. */
const SHORTEST_PACKED = 8 * 1024;

/** What most events use of libraries and of what is made of schemas and templates; and licences, which can be read without Node. */
const WARM =
  /^(?:yaml|markdown-it|@gitbeaker|qs|handlebars\/dist\/cjs\/handlebars\/runtime)|^validators:.*:(?:briefly|closure|event-(?:ids|issue|note)|facts-\w+)$|^templates:comments\/|^schemas\/|^licences$|^scripts\/(?!render\/(?:chart|calendar|csv)|read\/papers|outside\/slack|schema\/engine)/;

const END = '\n*/\n';

/**
 * Lays the bundle out. Its head is the program that V8 reads; the bodies stand in comments behind it, which V8 skims some thirty
 * times faster than it parses programs, and the head compiles those that a run uses. `known` are constants of the head. All is
 * ASCII, of which V8 needs half the time too; the same input gives the same bytes.
 */
export async function layOut(shell: string, known: object, bodies: readonly Body[]): Promise<string> {
  const { comments, places } = inComments(bodies);
  const { code } = await transform(shell, {
    ...{ loader: 'ts', format: 'cjs', platform: 'node', target: 'node20', charset: 'ascii' },
  });
  const build = createHash('sha256').update(comments).digest('hex');
  const constants = Object.entries({ ...known, BUILD: build, PLACES: places });
  const lines = constants.map(([name, value]) => `const ${name} = ${toAscii(JSON.stringify(value))};`);
  return withLength([...lines, code].join('\n')) + comments;
}

/** The head begins with how long it is, of fixed width, so that its length does not change with it. */
function withLength(rest: string): string {
  const lines = rest.split('\n').length + 1;
  const first = (bytes: number): string =>
    `#!/usr/bin/env node\n'use strict'; const HEAD_LINES = ${lines}, HEAD_BYTES = ${String(bytes).padStart(8)};\n`;
  return first(first(0).length + rest.length) + rest;
}

function inComments(bodies: readonly Body[]): { comments: string; places: Places } {
  const places: Places = {};
  let [comments, line] = ['', 0];
  for (const { name, body } of bodies) {
    const head = `/* ${name}\n`;
    const isPacked = body.length >= SHORTEST_PACKED && !WARM.test(name);
    const text = `${head}${isPacked ? pack(body) : toComment(name, body)}${END}`;
    places[name] = [comments.length + head.length, text.length - head.length - END.length, isPacked ? 0 : line + 1];
    comments += text;
    line += text.split('\n').length - 1;
  }
  return { comments, places };
}

/** Packed, as base64: Node reads the whole file before it runs the first line, and V8 skims it. */
function pack(body: string): string {
  const bytes = Buffer.from(toAscii(body));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).toString('base64');
}

/** What ends a comment is written otherwise; `shell.ts` reads it as it was. */
function toComment(name: string, body: string): string {
  if (body.includes('*#/')) throw new Error(`${name} has in it what stands for the end of a comment`);
  return toAscii(body).replaceAll('*/', '*#/');
}

/** In programs, where strings are escaped already, only regular expressions have more than ASCII, and read this as JSON does. */
function toAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
