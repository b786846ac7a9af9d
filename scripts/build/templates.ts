import { COMPONENTS } from '../render/components.ts';
import { precompileSource } from '../render/compile.ts';
import { TEMPLATES } from '../render/templates.ts';

/** Our templates as JavaScript modules, by their names. */
export function compileTemplates(): Record<string, string> {
  const modules = Object.entries(TEMPLATES).map(([name, text]) => [
    name,
    `export default ${precompileSource(text as string)};`,
  ]);
  return Object.fromEntries(modules) as Record<string, string>;
}

/** The texts of our components as JavaScript modules, by their names. */
export function componentTexts(): Record<string, string> {
  const modules = Object.entries(COMPONENTS).map(([name, text]) => [name, `export default ${JSON.stringify(text)};`]);
  return Object.fromEntries(modules) as Record<string, string>;
}
