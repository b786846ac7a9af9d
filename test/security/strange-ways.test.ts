import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBundled } from '../support/bundle.ts';
import { SetupError } from '../../scripts/ci/errors.ts';
import { decideGate } from '../../scripts/decide/gate.ts';
import { readConfig } from '../../scripts/read/config.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { renderGateComment } from '../../scripts/render/gate.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { config, NOW, snapshot } from '../support/snapshot.ts';
import { ordersIn, strangeHtmlIn } from './comment.ts';

/** The comment on an incident that a project's own closure schema judges. */
async function commentBy(properties: object, description: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gap-'));
  await writeFile(path.join(folder, 'oncall.yml'), 'sources: [{ project: 42 }]\nschemas: { closure: own.json }\n');
  await writeFile(path.join(folder, 'own.json'), JSON.stringify({ allOf: [{ $ref: 'urn:watchkeeper:closure' }], properties }));
  const installation = await readConfig(path.join(folder, 'oncall.yml'));
  const { plan } = decideGate(snapshot({ description }, { read: readRecord(description, 'UTC', installation.form) }), installation, NOW);
  return renderGateComment(plan.comment!);
}

const field = { 'x-section': 'Impact', type: 'string' };
const told = '## Impact\n\n- Notice: no\n';

describe('what is hostile in ways of its own', () => {
  it('a comment is well-formed Unicode, whatever YAML escapes', () => {
    const { plan } = decideGate(snapshot({ description: '## Incident\n\n```yaml\nsummary: "a\\ud800b"\n```\n' }), config(), NOW);
    expect(renderGateComment(plan.comment!)).not.toMatch(/\p{Cs}/u);
  });

  it("a pattern of an own schema orders nothing in the bot's name", async () => {
    const body = await commentBy({ notice: { ...field, pattern: '^(yes|\n/close\n)$', examples: ['yes'] } }, told);
    expect(ordersIn(body)).toEqual({ found: 0, lines: [] });
  });

  it('a pattern of an own schema opens no HTML', async () => {
    const body = await commentBy({ notice: { ...field, pattern: '^(yes|<!-- .*)$', examples: ['yes'] } }, told);
    expect(strangeHtmlIn(body)).toEqual([]);
  });

  it.each([
    { name: 'a title', words: { title: 'Notice @all' } },
    { name: 'a help', words: { 'x-help': 'Ask @all.' } },
    { name: 'a help', words: { 'x-help': 'Ask <!-- nobody.' } },
    { name: 'a section', words: { 'x-section': 'Impact @all' } },
    { name: 'the title of a field of ours', words: { title: 'Owner\n/close' }, field: 'owner' },
  ])('the words of an own schema mention nobody and open nothing: $name', async ({ words, field: name = 'notice' }) => {
    const by = commentBy({ [name]: { ...(name === 'notice' ? field : {}), ...words } }, '## Impact\n\n- Severity: S2\n');
    await expect(by).rejects.toThrow(SetupError);
  });

  it('a label of the configuration adds no line to an issue template', () => {
    expect(() => config({ incident: { labels: ['x\n/close'] } })).toThrow('/incident/labels/0');
  });

  it('a line break in HTML moves no line', () => {
    expect([...readRecord('## Evidence\n\na log<br>2026-11-20 02:07 a dump\n', 'UTC', OUR_FORM).lines.values()].filter((line) => line > 3)).toEqual([]);
  });

  it('a key of a YAML block that spans lines moves no line', () => {
    const { lines } = readRecord('\n## Timeline\n\n\n~~~yml\n```\n\n| Field | Value |\n| --- | --- |\n\n- knowledge base: write down where clone logs are kept and for how long\n', 'UTC', OUR_FORM);
    expect(Object.fromEntries(lines)).toEqual({ timeline: 2, 'timeline/0': 6, 'timeline/1': 11 });
  });

  it.each([
    { name: 'behind closing brackets in a remark', text: `# ${']'.repeat(3000)}\n${'['.repeat(3000)}` },
    { name: 'by indentation', text: Array.from({ length: 350 }, (_each, depth) => `${' '.repeat(depth)}a:`).join('\n') },
    { name: 'by dashes', text: '- '.repeat(3000) },
    { name: 'by braces', text: '{a: '.repeat(3000) },
  ])('a YAML block that is nested too deeply, $name, harms nothing', ({ text }) => {
    const description = `## Incident\n\n\`\`\`yaml\n${text}\n\`\`\`\n`;
    for (let time = 0; time < 3; time += 1) expect(readRecord(description, 'UTC', OUR_FORM).record).toEqual({});
  });

  it('brackets in texts and remarks nest nothing', () => {
    const { record } = readRecord(`## Incident\n\n\`\`\`yaml\nsummary: "${'{['.repeat(30)} was logged by the parser" # ${'[{'.repeat(30)}\n\`\`\`\n`, 'UTC', OUR_FORM);
    expect(record.summary).toContain('was logged by the parser');
  });

  it('validate says of each of two files that it is nested too deeply', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'gap-'));
    await mkdir(path.join(folder, '.git'));
    const files = ['one.yml', 'two.yml'].map((name) => path.join(folder, name));
    for (const file of files) await writeFile(file, '['.repeat(10_000));
    expect(await runBundled('validate', {}, files)).toMatchObject({ exitCode: 1 });
  });
});
