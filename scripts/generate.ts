import { writeFile } from 'node:fs/promises';
import { generateTypes, TYPES_FILE } from './schema/generate.ts';

await writeFile(TYPES_FILE, await generateTypes());
console.log('generated scripts/schema/types.gen.ts from schemas/');
