import Runtime from 'handlebars/runtime.js';
import { shortened } from '../decide/show.ts';
import { compileSource } from './compile.ts';
import { TEMPLATES } from './templates.ts';
import { showMinutes } from './times.ts';

const LONGEST = 200;
const NOTHING = '(nothing)';

type Render = HandlebarsTemplateDelegate;
type Engine = typeof Handlebars;

const ACCESS = { allowedProtoProperties: {}, allowedProtoMethods: {} } as const;
const templates = new Map<string, Render>();
let engine: Engine | undefined;

/** Renders `templates/NAME.hbs` with data. A name that the template uses and the data lacks is our mistake, and throws. */
export function render(name: string, data: object): string {
  return templateNamed(name)(data, ACCESS);
}

/** A rendered text as it is written: no more than one empty line at a time, and one line end behind it. */
export function tidy(text: string): string {
  return `${text.replace(/\n{3,}/g, '\n\n').trim()}\n`;
}

/** Renders a template of the project's own, with the helpers of ours. Throws an Error that says what is wrong with it. */
export function renderOwn(source: string, data: object): string {
  return compileSource(source, withHelpers)(data, ACCESS);
}

/**
 * Makes people's text inert: one line between backticks, none inside, so that GitLab runs no quick action, notifies
 * nobody, and shows markup as text; halves of characters, which GitLab refuses, are left out. Source: GitLab docs, user/project/quick_actions (inline code is exempt when on one line).
 */
export function inert(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('inert: the template names a value that its data does not carry');
  const line = onOneLine(value.replace(/[`|]+/g, ' '));
  return line === '' ? NOTHING : `\`${line}\``;
}

/**
 * Makes people's text safe in HTML, as text or in an attribute between quotation marks: one line of at most 200 characters,
 * without what cannot be seen or turns the text around it, and no character that HTML knows as its own. Numbers are ours.
 */
function html(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw new TypeError('html: the template names a value that its data does not carry');
  return escapeHtml(onOneLine(value) || NOTHING);
}

/** The attribute `href` of a link to an address of the web; nothing for any other address, so that the link leads nowhere. */
function href(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('href: the template names a value that its data does not carry');
  const address = URL.canParse(value) ? new URL(value) : undefined;
  return address && /^https?:$/.test(address.protocol) ? ` href="${escapeHtml(address.href)}"` : '';
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A text on one line, without controls, what cannot be seen, and halves of characters; cut where it is long. */
function onOneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ').trim();
  return line.length > LONGEST ? `${shortened(line, LONGEST)}…` : line;
}

/** GitLab's own user names consist of these; anything else would be no mention and is shown as text. */
function mention(value: unknown): string {
  const name = typeof value === 'string' ? value.replace(/^@/, '') : '';
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) && name.toLowerCase() !== 'all' ? `@${name}` : inert(name);
}

/** A number of a report as people read it; a dash where there is none. */
function amount(value: unknown, unit: unknown): string {
  if (typeof value !== 'number') return '–';
  if (unit === 'rate') return `${Math.round(value * 100)} %`;
  return unit === 'minutes' ? showMinutes(value) : String(value);
}

/** A template of ours, compiled here unless the bundle has it compiled. */
function templateNamed(name: string): Render {
  const known = templates.get(name);
  if (known) return known;
  const template = TEMPLATES[name];
  if (template === undefined) throw new Error(`there is no template ${name}`);
  engine ??= createEngine();
  const made = typeof template === 'string' ? compileSource(template, withOurs) : engine.template(template);
  templates.set(name, made);
  return made;
}

function createEngine(): Engine {
  // Its types say nothing; it is the library without what compiles.
  return withOurs((Runtime as unknown as Engine).create());
}

/** The engine with our helpers, and with our templates as partials, each of which is made when it is first used. */
function withOurs(engine: Engine): Engine {
  const get = (name: string) => (): Render => templateNamed(name);
  for (const name of Object.keys(TEMPLATES)) Object.defineProperty(engine.partials, name, { get: get(name) });
  return withHelpers(engine);
}

function withHelpers(engine: Engine): Engine {
  engine.registerHelper('inert', inert);
  engine.registerHelper('mention', mention);
  engine.registerHelper('plain', (value: unknown) => inert(value).replaceAll('`', ''));
  engine.registerHelper('html', html);
  engine.registerHelper('href', href);
  engine.registerHelper('is', (left: unknown, right: unknown) => left === right);
  engine.registerHelper(
    'plural',
    (count: unknown, one: string, many: string) => `${String(count)} ${count === 1 ? one : many}`,
  );
  engine.registerHelper('amount', amount);
  engine.registerHelper('problem', (kind: unknown) => `comments/problems/${String(kind).replaceAll(' ', '-')}`);
  engine.registerHelper('reply', (why: unknown) => `comments/replies/${String(why).replaceAll(' ', '-')}`);
  engine.registerHelper('xml', (value: unknown) =>
    String(value)
      .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ' ')
      .replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`),
  );
  return engine;
}
