import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundleDoors } from './bundle.ts';
import { HAS_CONTRACT } from './contract.ts';
import type {} from './provided.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'judged-'));
const tally = path.join(folder, 'tally');

/** Once before all tests: bundles the doors, and says where the tests count the answers that were judged. */
export async function setup({ provide }: TestProject): Promise<void> {
  provide('judged', tally);
  await bundleDoors();
}

/** Once after all tests: says how many answers of the embedded GitLab were judged. */
export function teardown(): void {
  const counts = existsSync(tally) ? readFileSync(tally, 'utf8').split('\n').map(Number) : [];
  const total = counts.reduce((sum, count) => sum + count, 0);
  rmSync(folder, { recursive: true });
  if (HAS_CONTRACT) console.log(`judges: ${total} answers of the embedded GitLab held against GitLab's schemas, OpenAPI document and examples`);
  else console.log("judges: skipped, since GitLab's own data does not lie beside the project (../shared/contract)");
}
