import Handlebars from 'handlebars';

/** Texts are Markdown, in which nothing is escaped, and a name that is not there is a mistake. */
const OPTIONS = { noEscape: true, strict: true } as const;

type Engine = typeof Handlebars;

const engines = new Map<unknown, Engine>();

/** Compiles the text of a template, with an engine that `equip` has given its helpers. Throws where it is no template. */
export function compileSource(source: string, equip: (engine: Engine) => Engine): HandlebarsTemplateDelegate {
  const engine = engines.get(equip) ?? equip(Handlebars.create());
  engines.set(equip, engine);
  return engine.compile(source, OPTIONS);
}

/** A template as JavaScript, which the library without its compiler makes a template of. */
export function precompileSource(source: string): string {
  // The types say an object, which it is only once it was run.
  return Handlebars.precompile(source, OPTIONS) as string;
}
