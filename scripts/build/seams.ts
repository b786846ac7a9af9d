import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OnLoadResult, Plugin } from 'esbuild';
import { compileTemplates, componentTexts } from './templates.ts';
import { compileValidators } from './validators.ts';

/** Files that the source reads or computes at run time, and the bundle has inside, each with how it is imported there. */
type Seam = { file: string; exported: string; modules: () => Record<string, string> };

const SEAMS: readonly Seam[] = [
  { file: 'scripts/schema/validators.ts', exported: 'VALIDATORS', modules: compileValidators },
  { file: 'scripts/render/templates.ts', exported: 'TEMPLATES', modules: compileTemplates },
  { file: 'scripts/render/components.ts', exported: 'COMPONENTS', modules: componentTexts },
];

/**
 * What libraries evaluate at once and is never called here. Of gitbeaker: since `gitlab/requester.ts` calls GitLab and
 * `gitlab/connect.ts` paces that, a limiter with a store for each of eight databases, and a matcher of paths for it.
 */
const UNUSED: Readonly<Record<string, string>> = {
  'rate-limiter-flexible': 'export const RateLimiterQueue = undefined, RateLimiterMemory = undefined;',
  'picomatch-browser': 'export default {};',
  // Of markdown-it, for links in lines of text, which `read/markdown.ts` leaves as they are; it has the largest expressions.
  'linkify-it': 'export class LinkifyIt {}',
  // The same for characters that are written by their names, addresses, and what is a punctuation mark.
  entities: 'export const decodeHTMLStrict = undefined;',
  mdurl: 'export default {};',
  'uc.micro': 'export default {};',
  'punycode.js': 'export default {};',
  // Of qs: a map, for engines that have none.
  'side-channel': 'module.exports = () => new Map();',
};

/** In the place of a seam's file stands a table of modules, each of which is evaluated when it is first looked up. */
export function seams(root: string): Plugin {
  return {
    name: 'seams',
    setup: (build) => {
      for (const { file, exported, modules } of SEAMS) {
        const made = modules();
        const space = exported.toLowerCase();
        const names = Object.keys(made);
        build.onLoad({ filter: toFilter(path.join(root, file)) }, () =>
          fromRoot(root, tableOf(exported, space, names)),
        );
        build.onResolve({ filter: new RegExp(`^${space}:`) }, ({ path: id }) => ({
          path: id.slice(space.length + 1),
          namespace: space,
        }));
        build.onLoad({ filter: /.*/, namespace: space }, ({ path: name }) => fromRoot(root, made[name] ?? ''));
      }
      build.onResolve({ filter: new RegExp(`^(?:${Object.keys(UNUSED).join('|')})$`) }, ({ path: name }) => ({
        ...{ path: name, namespace: 'unused' },
      }));
      build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path: name }) => ({ contents: UNUSED[name] ?? '' }));
      // V8 reads a long text of JSON in half the time of a program that says the same.
      build.onLoad({ filter: /\.schema\.json$/ }, async ({ path: file }) => {
        const compact = JSON.stringify(JSON.parse(await readFile(file, 'utf8')));
        return { contents: `export default JSON.parse(${JSON.stringify(compact)});` };
      });
      // The form of yaml for bundlers: what is imported of it is inside, and no wrapper around each of its files.
      build.onResolve({ filter: /^yaml$/ }, () => ({
        path: path.join(root, 'node_modules/yaml/browser/dist/index.js'),
      }));
      // All that rest adds to core is a way to call GitLab, which `gitlab/requester.ts` is given in the place of.
      build.onResolve({ filter: /^@gitbeaker\/rest$/ }, ({ kind, resolveDir }) =>
        build.resolve('@gitbeaker/core', { kind, resolveDir }),
      );
      build.onResolve({ filter: /^scripts\// }, ({ path: file }) => ({ path: path.join(root, file) }));
    },
  };
}

function tableOf(exported: string, space: string, names: readonly string[]): string {
  const imports = names.map((name, index) => `import module${index} from ${JSON.stringify(`${space}:${name}`)};`);
  const entries = names.map((name, index) => `  get ${JSON.stringify(name)}() { return module${index}; },`);
  return [...imports, `export const ${exported} = {`, ...entries, '};'].join('\n');
}

function fromRoot(root: string, contents: string): OnLoadResult {
  return { contents, loader: 'js', resolveDir: root };
}

function toFilter(file: string): RegExp {
  return new RegExp(`^${file.replace(/[^\w/]/g, '\\$&')}$`);
}
