import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sinceOf, withSince } from '../../scripts/read/since.ts';

const SINCE = '2026-11-20T10:00:00.000Z';

describe('gate.since is written into a configuration', () => {
  it.each([
    { name: 'without a gate', text: '# Ours.\nsources: [{ project: 42 }]\n' },
    { name: 'with a gate, comments and all', text: "sources:\n  - project: 42 # mine\ngate: # strict\n    # for the first weeks\n    mode: observe\nmanagers: ['@lea']\n" },
    { name: 'with the gate in one line', text: 'sources: [{ project: 42 }]\ngate: { mode: observe } # for now\n' },
    { name: 'with a gate that is empty', text: 'sources: [{ project: 42 }]\ngate: {}\n' },
    { name: 'all in one line', text: '{ sources: [{ project: 42 }], time_zone: UTC }\n' },
    { name: 'as JSON', text: '{\n  "sources": [{ "project": 42 }],\n  "gate": { "mode": "observe" }\n}\n' },
    { name: 'that ends as documents may', text: 'sources: [{ project: 42 }]\n...\n' },
    { name: 'with line ends of Windows', text: 'sources:\r\n  - project: 42\r\ngate:\r\n  mode: observe\r\n' },
  ])('$name', ({ text }) => {
    const written = withSince(text, SINCE);
    const before = parse(text) as { gate?: object };
    expect(parse(written)).toEqual({ ...before, gate: { ...before.gate, since: SINCE } });
    expect(sinceOf(written)).toBe(SINCE);
    expect(withSince(written, '2027-01-01T00:00:00Z')).toBe(written);
    for (const [comment] of text.matchAll(/#.*/g)) expect(written).toContain(comment.trim());
  });
});
