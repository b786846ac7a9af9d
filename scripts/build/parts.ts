import path from 'node:path';
import { build, transform, type BuildOptions, type Metafile, type Plugin } from 'esbuild';

/** A part of the bundle: JavaScript that runs when something of it is first used, and the files that it is made of, in bytes. */
export type Part = { name: string; code: string; inputs: Readonly<Record<string, number>> };

type Output = Metafile['outputs'][string];

/** Libraries that only some runs need though all import them; each would else be one part with who imports it. */
const APART = ['handlebars/runtime.js', 'temporal-polyfill'];

/** Where esbuild is told to write, which it does not. */
const OUT = 'dist/parts';

/**
 * Bundles doors with all that they need. Each file of ours becomes a part, and so does what several of them need of a library:
 * a run then reads and evaluates only what it uses. `seams` says which files have another form in the bundle.
 */
export async function partsOf(root: string, doors: readonly string[], seams: Plugin): Promise<Part[]> {
  const options = optionsFor(root, seams);
  const { metafile: graph } = await build({ ...options, entryPoints: [...doors] });
  const files = Object.keys(graph.inputs).filter((file) => !/node_modules\/|^unused:| with \{/.test(file));
  const entryPoints = [...files, ...APART].map((file) => ({ in: file, out: file.replace(/\W/g, '_') }));
  const { outputFiles = [], metafile } = await build({ ...options, entryPoints });
  const texts = new Map(outputFiles.map((file) => [path.relative(root, file.path).replaceAll('\\', '/'), file.text]));
  const used = reachableFrom(doors, metafile.outputs);
  const names = namesOf(used);
  return Promise.all(
    [...used].map(async ([file, { inputs }]) => ({
      name: names.get(file) ?? file,
      code: await toBody(
        texts.get(file) ?? '',
        Object.keys(inputs).every((input) => NAMELESS.test(input)),
        (target) => names.get(path.posix.join(path.posix.dirname(file), target)),
      ),
      inputs: Object.fromEntries(Object.entries(inputs).map(([input, { bytesInOutput }]) => [input, bytesInOutput])),
    })),
  );
}

function optionsFor(root: string, seams: Plugin): BuildOptions & { metafile: true } {
  return {
    ...{ absWorkingDir: root, outdir: OUT, write: false, metafile: true, plugins: [seams], logLevel: 'silent' },
    ...{
      define: { 'import.meta.url': 'here', FormData: 'NoForm' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
    },
  };
}

/** What the doors lead to; files that only say again what another one exports are left out. */
function reachableFrom(doors: readonly string[], outputs: Metafile['outputs']): Map<string, Output> {
  const found = new Map<string, Output>();
  const visit = (file: string): void => {
    const output = outputs[file];
    if (!output || found.has(file)) return;
    found.set(file, output);
    for (const { path: next } of output.imports) visit(next);
  };
  for (const [file, { entryPoint = '' }] of Object.entries(outputs)) if (doors.includes(entryPoint)) visit(file);
  return found;
}

/** A part is called after our file in it, else after the largest file of a package in it. */
function namesOf(used: ReadonlyMap<string, Output>): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [file, { entryPoint, inputs }] of used) {
    const [largest] = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
    const ours = Object.keys(inputs).filter((input) => !input.includes('node_modules/'));
    const wanted =
      entryPoint ??
      (ours.length === 1 ? ours[0] : undefined) ??
      (largest?.[0] ?? 'helpers').replace(/^.*node_modules\//, '');
    let name = wanted;
    for (let again = 2; taken.has(name); again += 1) name = `${wanted} ${again}`;
    names.set(file, name);
    taken.add(name);
  }
  return names;
}

/** The package that a file belongs to, the innermost where one lies in another; the file itself where none. */
export function packageIn(file: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file;
}

/** What never stands in a stack that tells much: made code, and libraries, whose stacks name the file and the line. */
const NAMELESS = /^(?:validators|templates):|node_modules\/|chart-library/;

/** An import for the sake of what a file does when it runs; ours do nothing, and libraries are called by what needs them. */
const BARE = /^import "[^"\n]+";$/gm;

const STATIC = /\brequire\("(\.[^"]+)"\)/g;
const DYNAMIC = /Promise\.resolve\(\)\.then\(\(\)=>(?:__toESM\()?later\(("[^"]+")\)\)?\)/g;

/** A module as the body of a function; what it imports of other parts comes `later`, when it is first used. */
async function toBody(
  text: string,
  isNameless: boolean,
  nameOf: (target: string) => string | undefined,
): Promise<string> {
  const { code } = await transform(text.replace(BARE, ''), {
    ...{ format: 'cjs', platform: 'node', target: 'node20', supported: { 'dynamic-import': false } },
    ...{ charset: 'ascii', minifyWhitespace: true, minifySyntax: true, lineLimit: 160, legalComments: 'none' },
    minifyIdentifiers: isNameless,
  });
  return code
    .replace(STATIC, (_all, target: string) => {
      const name = nameOf(target);
      if (name === undefined) throw new Error(`no part of the bundle is ${target}`);
      return `later(${JSON.stringify(name)})`;
    })
    .replace(DYNAMIC, 'Promise.resolve().then(()=>load($1))')
    .trimEnd();
}
