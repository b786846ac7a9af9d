import { readFile, writeFile } from 'node:fs/promises';
import { generateTypes, TYPES_FILE } from './schema/generate.ts';
import { generateTables, withTables } from './schema/tables.ts';

const README = new URL('../README.md', import.meta.url);

await writeFile(TYPES_FILE, await generateTypes());
await writeFile(README, withTables(await readFile(README, 'utf8'), generateTables()));
console.log('generated scripts/schema/types.gen.ts and the tables of README.md from schemas/');
