import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

const SCHEMA_FOLDER = new URL('../../schemas/', import.meta.url);
const SUFFIX = '.schema.json';
const CONDITIONS = ['if', 'then', 'else', 'allOf', 'contains'];

/** Where the generated types lie. */
export const TYPES_FILE = fileURLToPath(new URL('types.gen.ts', import.meta.url));

/** The TypeScript types of all schemas, as text; `Shapes` maps each schema's name to its type. */
export async function generateTypes(): Promise<string> {
  const files = (await readdir(SCHEMA_FOLDER)).filter((name) => name.endsWith(SUFFIX)).sort();
  const names = files.map((file) => file.slice(0, -SUFFIX.length));
  const shapes: JSONSchema = {
    title: 'Shapes',
    description: 'Each schema by its name.',
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { $ref: `urn:watchkeeper:${name}` }])),
    required: names,
  };
  return compile(shapes, 'Shapes', {
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    bannerComment: '/* Generated from schemas/ by `npm run generate`. */',
    style: { singleQuote: true, printWidth: 120 },
    $refOptions: { resolve: { schemas: { order: 1, canRead: /^urn:watchkeeper:/, read: readShape } } },
  });
}

async function readShape({ url }: { url: string }): Promise<object> {
  const name = url.replace(/^urn:watchkeeper:/, '').replace(/#.*$/, '');
  const schema: unknown = JSON.parse(await readFile(new URL(name + SUFFIX, SCHEMA_FOLDER), 'utf8'));
  return toShape(schema) as object;
}

/** Conditions say what is demanded, not what shape a value has; and what has a default is always there once read. */
function toShape(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toShape);
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key]) => !isBesideTheShape(key, node));
  const shape: Record<string, unknown> = Object.fromEntries(kept.map(([key, value]) => [key, toShape(value)]));
  const defaulted = defaultedProperties(shape['properties']);
  return defaulted.length > 0
    ? { ...shape, required: [...((shape['required'] as string[] | undefined) ?? []), ...defaulted] }
    : shape;
}

/**
 * A title names a type of its own, which only objects deserve (a property may be called so); alternatives beside a type only
 * narrow it, and words beside a reference would make a second type of what it refers to.
 */
function isBesideTheShape(key: string, node: { type?: unknown; title?: unknown }): boolean {
  if (key === 'title') return typeof node.title === 'string' && node.type !== 'object';
  if (key === 'description' && '$ref' in node) return true;
  return CONDITIONS.includes(key) || key.startsWith('x-') || (key === 'anyOf' && 'type' in node);
}

function defaultedProperties(properties: unknown): string[] {
  if (properties === null || typeof properties !== 'object') return [];
  return Object.entries(properties as Record<string, object>).flatMap(([key, value]) =>
    'default' in value ? [key] : [],
  );
}
