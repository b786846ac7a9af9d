import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decideGate } from '../../scripts/decide/gate.ts';
import { config, NOW, snapshot } from '../support/snapshot.ts';

const FOLDER = new URL('../../schemas/examples/descriptions/', import.meta.url);

function examples(kind: 'passes' | 'fails'): { name: string; description: string }[] {
  return readdirSync(new URL(`${kind}/`, FOLDER)).map((file) => ({
    name: file.replace(/\.md$/, ''),
    description: readFileSync(new URL(`${kind}/${encodeURIComponent(file)}`, FOLDER), 'utf8'),
  }));
}

describe('schemas/examples/descriptions', () => {
  it.each(examples('passes'))('passes: $name', ({ description }) => {
    expect(decideGate(snapshot({ description }), config(), NOW).finding).toMatchObject({
      state: 'verified',
      codes: [],
    });
  });

  it.each(examples('fails'))('fails with exactly $name', ({ name, description }) => {
    const { state, codes } = decideGate(snapshot({ description }), config(), NOW).finding;
    expect(state).toBe('blocked');
    expect(codes.sort()).toEqual(
      name
        .replace(/ \(\d+\)$/, '')
        .split(' ')
        .sort(),
    );
  });

  it.each(examples('fails'))('reads the same with Windows line ends: $name', ({ description }) => {
    const codesOf = (text: string): string[] => decideGate(snapshot({ description: text }), config(), NOW).finding.codes;
    expect(codesOf(description.replaceAll('\n', '\r\n'))).toEqual(codesOf(description));
  });
});
