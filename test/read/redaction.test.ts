import { readdirSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differencesOf, redactRecording } from '../../scripts/apply/record.ts';
import { rehearse } from '../../scripts/apply/rehearse.ts';
import { readConfig, type Installation } from '../../scripts/read/config.ts';
import { readRecorded } from '../../scripts/read/recorded-files.ts';
import type { Recording } from '../../scripts/read/recording.ts';
import { readRehearsalQuestion } from '../../scripts/read/rehearsal-question.ts';
import { vocabularyOf, wordsOf } from '../../scripts/read/vocabulary.ts';
import { analysisForm } from '../../scripts/schema/rca-form.ts';
import { SCHEMAS } from '../../scripts/schema/schemas.ts';

const FOLDER = fileURLToPath(new URL('../cases/', import.meta.url));
const NAMES = readdirSync(FOLDER).filter((name) => readdirSync(path.join(FOLDER, name)).includes('description.md'));

/** What every record says by itself. */
const RECORDS = wordsOf('person label watchkeeper bot gitlab example unknown critical What this comment said is left out')
  // Commands of GitLab's in a text stay commands.
  .concat('close', 'label', 'confidential');

type Asked = { recording: Recording; config: Installation; now: Date };

async function open(name: string): Promise<Asked> {
  const recorded = await readRecorded(path.join(FOLDER, name));
  return { recording: recorded.recording, ...(await readRehearsalQuestion({ given: () => undefined, configPath: undefined }, recorded)) };
}

/** Redacts a recording, writes it, and reads it again as anybody would. */
async function recordAgain({ recording, config, now }: Asked): Promise<{ text: string; differences: string[] }> {
  const { files, original } = await redactRecording(recording, config, now);
  const folder = await mkdtemp(path.join(tmpdir(), 'recorded-'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const again = await readRecorded(folder);
  const own = await readConfig(path.join(folder, 'oncall.yml'));
  const told = Object.fromEntries(Object.entries(files).filter(([name]) => name !== 'oncall.yml'));
  return { text: Object.values(told).join('\n'), differences: differencesOf(original, await rehearse(again.recording, own, now)) };
}

/** Words that are ours: what forms call things, the hints of the templates, and the keys of the files. */
function ours({ config }: Asked): Set<string> {
  const hints = [SCHEMAS.incident, SCHEMAS.handoff, SCHEMAS.rca].flatMap((schema) => JSON.stringify(schema).match(/"x-hint":"[^"]*"/g) ?? []);
  return new Set([...vocabularyOf(config.form), ...vocabularyOf(analysisForm()), ...wordsOf(hints.join(' ')), ...RECORDS]);
}

function leftOf(asked: Asked, text: string): string[] {
  const { issue, notes } = asked.recording;
  const written = [issue.title, issue.description, ...notes.filter(({ body }) => !body.startsWith('<!-- watchkeeper:')).map(({ body }) => body)].join('\n');
  const known = ours(asked);
  const kept = new Set(wordsOf(text.replace(/"[a-z_]+":/g, ' ')));
  return [...new Set(wordsOf(written))].filter((word) => /^[\p{L}\p{M}]{4,}$/u.test(word) && !known.has(word) && kept.has(word));
}

describe('a recorded case', () => {
  it.each(NAMES)('%s gives the same once it is redacted, and none of its words is left', async (name) => {
    const asked = await open(name);
    const { text, differences } = await recordAgain(asked);
    expect({ differences, left: leftOf(asked, text) }).toEqual({ differences: [], left: [] });
  });
});

describe('whatever people write', () => {
  it('leaves no word behind, and gives the same', async () => {
    const asked = await open('override-by-manager');
    const word = fc.oneof(
      fc.stringMatching(/^[a-zA-Zäöüé]{1,12}$/),
      fc.constantFrom('@ana', '#12', 'sirt/incidents#7', '2026-11-20 07:49 UTC', 'glpat-Ab12Cd34Ef56', 'https://acme.example/x?y=1', 'joe@corp.example', '`code`', '**bold**', 'TBD', '日本語', '4711'),
    );
    const line = fc
      .tuple(fc.constantFrom('', '- ', '## ', '- **Owner**: ', '- **Outcome**: ', '- process: ', '> ', '| ', '1. ', '/override '), fc.array(word, { maxLength: 8 }))
      .map(([start, words]) => start + words.join(' '));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.array(line, { maxLength: 3 }), async (lines, said) => {
        const notes = said.map((body, index) => ({ id: 200 + index, body, author: asked.recording.issue.author, system: false, createdAt: '2026-11-20T09:50:00.000Z' }));
        const issue = { ...asked.recording.issue, description: `${asked.recording.issue.description}\n${lines.join('\n')}` };
        const one = { ...asked, recording: { ...asked.recording, issue, notes } };
        const { text, differences } = await recordAgain(one);
        expect({ differences, left: leftOf(one, text) }).toEqual({ differences: [], left: [] });
      }),
      { numRuns: 60 },
    );
  });
});
