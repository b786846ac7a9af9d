import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Locked = { dev?: boolean; hasInstallScript?: boolean; resolved?: string; integrity?: string };

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const production = Object.entries(packages).filter(([name, { dev }]) => name !== '' && dev !== true);

it('nothing runs while dependencies are installed', () => {
  expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
  // tsx stands on esbuild, whose script only saves it a few milliseconds.
  expect(production.filter(([, { hasInstallScript }]) => hasInstallScript).map(([name]) => name)).toEqual(['node_modules/esbuild']);
});

it('every dependency is pinned by what is in it, and by no address', () => {
  expect(production.filter(([, { integrity, resolved }]) => integrity === undefined || resolved !== undefined)).toEqual([]);
});
