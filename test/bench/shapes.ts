import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';

/** What long descriptions are long of, a piece of each. Every piece ends its block. */
const PIECES: Record<string, string> = {
  prose: 'The token was **revoked** at once; `deploy-7` kept working until its sessions ended, see [the log](https://storage.example.com/a.log).\n\n',
  timeline: '- 2026-11-20 02:31 UTC: token revoked, sessions ended by @ben\n',
  table: '| 203.0.113.77 | 2026-11-20 02:31 UTC | `GET /api/v4/projects` | 200 |\n',
  'nested lists': ['- one host\n', '  - its account\n', '    - its session\n', '      - its address\n', '        - `203.0.113.77`\n'].join(''),
  fences: '```shell\ncurl --header "PRIVATE-TOKEN: x" https://gitlab.example.com/api/v4/user\n## no heading\n```\n\n',
  HTML: '<details><summary>more</summary>\n\n<!-- a remark --><b>bold</b> text<br>\n\n</details>\n\n',
};

const TABLE_HEAD = '| address | at | request | status |\n| --- | --- | --- | --- |\n';

/** The shapes that a description may have. */
export const SHAPES = [...Object.keys(PIECES), 'the record, repeated'];

/** A description of a shape, of so many bytes or a little more: a record in order, with what is long between its sections. */
export function descriptionOf(shape: string, bytes: number): string {
  const piece = PIECES[shape];
  if (piece === undefined) return COMPLETE.repeat(Math.max(1, Math.ceil(bytes / COMPLETE.length)));
  const filled = piece.repeat(Math.max(0, Math.ceil((bytes - COMPLETE.length) / piece.length)));
  const long = `## Notes\n\n${shape === 'table' ? TABLE_HEAD : ''}${filled}\n`;
  return COMPLETE.replace('## Evidence', () => `${long}## Evidence`);
}
