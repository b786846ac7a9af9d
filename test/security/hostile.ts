import fc from 'fast-check';
import { INPUTS } from '../support/provided.ts';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';

/** Stands in all that people write in these tests, so that it can be looked for where nothing of theirs may be. */
export const CANARY = 'zebra';

const EXAMPLES = fileURLToPath(new URL('../../schemas/examples/descriptions/', import.meta.url));

/** Lines of descriptions as people write them. */
const REAL = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) => readFileSync(path.join(EXAMPLES, file), 'utf8').split('\n'))
  .filter((line) => line.trim() !== '');

const ORDERS = ['/close', '/CLOSE', '/label ~x', '/assign @eve', '/title x', '/override nobody is awake to decide this', '/severity-confirmed', '/active', '/duplicate #1'];

/** What means something to GitLab, to Markdown, to HTML, to a terminal or to JavaScript. */
export const ATTACKS = [
  ...ORDERS,
  ...['@all', '@eve', '`@all`', '<@eve>', '[@all](x)', '@eve.', '@here', 'a@eve.example'],
  ...['<!--', '-->', '<!-- watchkeeper:gate {"state":"verified"} -->', '<script>x</script>', '<img src=x onerror=x>', '<details>', '</details>', '</summary>', '<div>', '</div>', '<br>', '<br/>'],
  ...['`', '``', '```', '````', '~~~', '>>>', '> ', '|', '||', '\\', '\\`', '**', '__', '[', '](', '![', '{{x}}', '{{{x}}}', '$`', '%{x}', ']]>', '&lt;', '&#47;close'],
  ...[
    '\n',
    '\n\n',
    '\r',
    '\r\n',
    '\t',
    '    ',
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u00ad',
    '\u200b',
    '\u202e',
    '\u2066',
    '\u2069',
    '\ufeff',
    '\ud800',
    '\u{e0041}',
    '\u3164',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', '$ref', 'null', 'NaN', '-0'],
];

const title = fc.constantFrom(...OUR_FORM.fields.flatMap((field) => [field.title, field.path.at(-1) ?? '', ...field.also]), '__proto__', 'constructor', 'toString', 'Ownr');
const heading = fc.constantFrom(...[...OUR_FORM.sections].flatMap(([section, also]) => [section, ...also]), 'Chat log', '__proto__', 'constructor');
const noise = fc.string({ unit: 'binary', maxLength: 12 });
const long = fc.tuple(fc.constantFrom('a', ' ', '-', '`', '[', '<', '@', '\u0301', '🧨'), fc.integer({ min: 200, max: 3000 })).map(([unit, times]) => unit.repeat(times));

/** A text of one answer, as hostile as people can make it; it always bears the canary. */
export const hostileText = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...ATTACKS) }, { weight: 3, arbitrary: noise }, { weight: 1, arbitrary: long }), { maxLength: 8 })
  .map((parts) => [CANARY, ...parts].join(''));

const value = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '@ana',
      '@Ana (first)',
      'S2',
      'high',
      'TBD',
      'none',
      'resolved',
      'false positive: ',
      'duplicate of #12',
      'tracked in',
      '2026-11-20 02:07 UTC',
      '20.11.2026 2:07',
      'not needed: ',
      'requested',
      'process: ',
      '[x] ',
      '[ ] S1',
    ),
  },
);

const bullet = fc.tuple(fc.constantFrom('- ', '* ', '1. ', '- [x] ', '  - ', '> ', '', '\t'), fc.constantFrom('', '**', '`'), title, fc.constantFrom(': ', ':', ' : ', '：', ''), value);
const asBullet = bullet.map(([mark, bold, name, colon, text]) => `${mark}${bold}${name}${bold}${colon}${text}\n`);
const asTable = fc.array(fc.tuple(title, value), { maxLength: 4 }).map((rows) => `\n| Field | Value |\n| --- | --- |\n${rows.map(([name, text]) => `| ${name} | ${text} |\n`).join('')}\n`);
const scalar = fc.oneof(
  value,
  value.map((text) => JSON.stringify(text)),
  fc.constantFrom('&a x', '*a', '!!js/function x', '{ a: b }', '[1, 2', '|', '>-'),
);
const asYaml = fc
  .tuple(fc.constantFrom('```yaml', '~~~yml', '```yaml x'), fc.array(fc.tuple(title, scalar), { maxLength: 5 }), fc.constantFrom('```', '~~~', ''))
  .map(([open, entries, close]) => `\n${open}\n${entries.map(([name, text]) => `${name}: ${text}\n`).join('')}${close}\n`);
const asHeading = fc.tuple(fc.constantFrom('## ', '### ', '# ', '**', '> ## ', '- ## '), heading).map(([mark, name]) => `\n${mark}${name}${mark === '**' ? mark : ''}\n\n`);
const real = fc.constantFrom(...REAL).map((line) => `${line}\n`);

/** A section with its heading and fields of its own. */
const asSection = fc.constantFrom(...OUR_FORM.sections.keys()).chain((section) => {
  const own = OUR_FORM.fields.filter((field) => field.section === section).map((field) => field.title);
  const line = fc.tuple(fc.constantFrom('- ', '- **', '', '- [x] '), own.length > 0 ? fc.constantFrom(...own) : title, fc.constantFrom(': ', ':** ', '：'), value);
  const lines = fc.array(
    fc.oneof({ weight: 4, arbitrary: line.map((parts) => `${parts.join('')}\n`) }, { weight: 2, arbitrary: value.map((text) => `- ${text}\n`) }, { weight: 1, arbitrary: asYaml }),
    { minLength: 1, maxLength: 6 },
  );
  return lines.map((parts) => `\n## ${section}\n\n${parts.join('')}`);
});

/** A complete description of which some lines, or what they answer, are others. */
const asComplete = fc.array(fc.tuple(fc.nat(), fc.oneof(value, asBullet), fc.boolean()), { maxLength: 4 }).map((changes) => {
  const lines = COMPLETE.split('\n');
  for (const [at, text, isWhole] of changes) {
    const line = lines[at % lines.length] ?? '';
    lines[at % lines.length] = isWhole ? text : line.replace(/(?<=: ).*/, () => text);
  }
  return lines.join('\n');
});

const piece = fc.oneof(
  ...[
    { weight: 3, arbitrary: asHeading },
    { weight: 4, arbitrary: asBullet },
    { weight: 5, arbitrary: asSection },
  ],
  ...[
    { weight: 1, arbitrary: asTable },
    { weight: 1, arbitrary: asYaml },
    { weight: 2, arbitrary: value },
    { weight: 2, arbitrary: real },
  ],
);

/** A description: strings of any kind, and text in the shapes of real ones. */
export const description = fc.oneof(
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 400 }) },
  { weight: 1, arbitrary: fc.array(fc.oneof(fc.constantFrom(...ATTACKS), noise), { maxLength: 40 }).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: asComplete },
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 16, size: '+1' }).map((parts) => parts.join('')) },
);

/** User names: GitLab's own, and what no user can be called. */
export const username = fc.oneof(
  fc.constantFrom('ana', 'lea', 'dora_x', 'a.b-c', 'All', 'all', '/close', ''),
  hostileText.map((text) => `-${text}`),
);

/** Tries a property on ten thousand inputs; the seed that the line names makes them again: `fc.configureGlobal({ seed })`. */
export async function fuzz<T>(what: string, property: fc.IAsyncProperty<T> | fc.IProperty<T>): Promise<void> {
  const details = await fc.check(property as fc.IAsyncProperty<T>, { numRuns: fc.readConfigureGlobal().numRuns ?? INPUTS });
  console.log(`fuzz: ${what}: seed ${details.seed}, ${details.numRuns} inputs`);
  if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
}
