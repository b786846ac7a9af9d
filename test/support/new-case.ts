import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { tellCase } from './case.ts';

const [name, file] = process.argv.slice(2);
const folder = fileURLToPath(new URL(`../cases/${name ?? ''}/`, import.meta.url));

if (name === undefined || file === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(name)) {
  console.error('npm run case -- NAME FILE: makes test/cases/NAME (small letters, digits, dashes) of a description; - reads the input.');
  process.exitCode = 2;
} else if (existsSync(folder)) {
  console.error(`test/cases/${name} is there already: choose another name, or edit it and run npm test -- -u.`);
  process.exitCode = 2;
} else {
  const description = readFileSync(file === '-' ? 0 : file, 'utf8');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'description.md'), description);
  const told = await tellCase(folder);
  for (const [part, text] of Object.entries(told)) writeFileSync(path.join(folder, part), text);
  console.log(`test/cases/${name}: read plan.json and comment.md, and say in issue.yml what GitLab knows beside it (then npm test -- -u).\n`);
  console.log(told['comment.md']);
}
