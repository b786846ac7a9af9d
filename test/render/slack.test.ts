import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inertInSlack, linkInSlack, mentionInSlack, renderSlackMessage, toSlackMessage } from '../../scripts/render/slack.ts';

const J = '\u2060';

describe("people's text in Slack", () => {
  it.each([
    { name: 'plain words', text: 'a token was used', shown: '`a token was used`' },
    { name: 'what Slack would take for an order', text: '<!channel> & <@U012AB3CD>', shown: `\`&lt;!channel&gt; &amp; &lt;@${J}U012AB3CD&gt;\`` },
    { name: 'names of everybody', text: '@channel @here @everyone', shown: `\`@${J}channel @${J}here @${J}everyone\`` },
    { name: 'code that ends the code', text: '`<!here>`', shown: '`&lt;!here&gt;`' },
    { name: 'several lines', text: 'one\n*two*\r\n> three', shown: '`one *two* &gt; three`' },
    { name: 'hidden characters', text: 'a\u202Eb\u0000c\uD800', shown: '`a b c`' },
    { name: 'an escape that is none yet', text: '&lt;!here&gt;', shown: '`&amp;lt;!here&amp;gt;`' },
    { name: 'nothing', text: ' \n ', shown: '(nothing)' },
    { name: 'a long text', text: `${'x'.repeat(199)}😀`, shown: `\`${'x'.repeat(199)}…\`` },
  ])('is shown as one line of code: $name', ({ text, shown }) => {
    expect(inertInSlack(text)).toBe(shown);
  });

  it('is inert, whatever it is: nothing is ordered, nobody addressed, nothing left out of the code', () => {
    const hostile = fc.constantFrom('<!channel>', '<@U012AB3CD>', '<https://evil.example.com|GitLab>', '`', '```', '@here', '&lt;', '\n', '*', '|');
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 40 }))), (parts) => {
        const shown = inertInSlack(parts.join(''));
        expect(shown).toMatch(/^(?:`[^`<>\n\r]+`|\(nothing\))$/u);
        expect(shown).not.toMatch(/@(?!\u2060)|&(?!(?:amp|lt|gt);)/);
        expect(shown).not.toMatch(/\p{Cs}/u);
        const { text, blocks } = toSlackMessage(`*Title*: ${shown}`);
        expect([text, blocks.map((block) => block.text)]).toEqual([`*Title*: ${shown}`, [{ type: 'mrkdwn', text: `*Title*: ${shown}`, verbatim: true }]]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('who is addressed in Slack', () => {
  it.each([
    { id: 'U012AB3CD', shown: '<@U012AB3CD>' },
    { id: 'W012AB3CD', shown: '<@W012AB3CD>' },
    { id: 'ana', shown: '`ana`' },
    { id: '!channel', shown: '`!channel`' },
    { id: 'U012>\n<!here', shown: '`U012&gt; &lt;!here`' },
    { id: 'S012AB3CD', shown: '`S012AB3CD`' },
  ])('is a member by their id, and nobody else: $id', ({ id, shown }) => {
    expect(mentionInSlack(id)).toBe(shown);
  });
});

describe('a message of the duty', () => {
  const sections = [{ title: 'sirt/incidents#7 S2', link: 'https://gitlab.example.com/7', lines: ['Next steps: @channel *now* <!here>'] }];
  it('addresses people by their accounts, says what it is about, and shows what people wrote as text', () => {
    const { blocks } = renderSlackMessage({ text: 'On call: ben & others', lines: [], sections, link: 'https://gitlab.example.com/9' }, ['U012AB3CD']);
    expect(blocks.map((block) => block.text.text)).toEqual([
      '<@U012AB3CD> On call: ben &amp; others (<https://gitlab.example.com/9|open>)',
      '*<https://gitlab.example.com/7|sirt/incidents#7 S2>*\n`Next steps: @\u2060channel *now* &lt;!here&gt;`',
    ]);
  });

  it('with 40 incidents of six fields each stays within what Slack takes', () => {
    const lines = Array.from({ length: 6 }, (_, field) => `Field ${field}: ${'text & more '.repeat(30)}`);
    const all = Array.from({ length: 40 }, (_, index) => ({ ...sections[0]!, title: `sirt/incidents#${index} S2`, lines }));
    const { blocks } = renderSlackMessage({ text: 'On call: ben', lines: [], sections: all, link: 'https://gitlab.example.com/9' });
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(blocks.filter(({ text }) => text.text.length > 3000)).toEqual([]);
    expect(JSON.stringify(blocks)).toContain('sirt/incidents#39 S2');
  });
});

describe('a link in Slack', () => {
  it.each([
    { name: 'to GitLab', address: 'https://gitlab.example.com/a/-/issues/7?x=1&y=2', words: 'sirt#7', shown: '<https://gitlab.example.com/a/-/issues/7?x=1&amp;y=2|sirt#7>' },
    { name: 'that would end early', address: 'https://gitlab.example.com/a|b>c', words: 'a>b|c', shown: '<https://gitlab.example.com/a%7Cb%3Ec|a&gt;b c>' },
    { name: 'that is a program', address: 'javascript:alert(1)', words: 'x', shown: 'x (`javascript:alert(1)`)' },
    { name: 'that is none', address: 'sirt#7', words: 'x', shown: 'x (`sirt#7`)' },
    { name: 'that is too long', address: `https://x.example.com/${'x'.repeat(2000)}`, words: 'x', shown: `x (\`https://x.example.com/${'x'.repeat(178)}…\`)` },
  ])('is one of the web, $name', ({ address, words, shown }) => {
    expect(linkInSlack(address, words)).toBe(shown);
  });
});

describe('a message', () => {
  const textsOf = (markup: string): string[] => toSlackMessage(markup).blocks.map(({ text }) => text.text);

  it('has a section for each paragraph, and its first one in notifications', () => {
    expect(toSlackMessage('*Hand-off*\none line\n\n \n- #7\n- #8\n')).toMatchObject({ text: '*Hand-off*\none line' });
    expect(textsOf('*Hand-off*\none line\n\n \n- #7\n- #8\n')).toEqual(['*Hand-off*\none line', '- #7\n- #8']);
    expect(toSlackMessage(' \n\n')).toEqual({ text: '', blocks: [] });
  });

  it('is cut between lines where a section would be too long', () => {
    const line = 'x'.repeat(1000);
    expect(textsOf([line, line, line].join('\n'))).toEqual([`${line}\n${line}`, line]);
    expect(textsOf(`${'y'.repeat(2998)}\nz`)).toEqual([`${'y'.repeat(2998)}\nz`]);
    expect(textsOf(`${'y'.repeat(2999)}\nz`)).toEqual(['y'.repeat(2999), 'z']);
  });

  it('is never cut inside code, links or escaped characters', () => {
    for (const token of ['`some code`', '<https://x.example.com/|x>', '&amp;', '😀']) {
      const [first = '', second = ''] = textsOf(`${'x'.repeat(2998)}${token}yy`);
      expect([first, second]).toEqual(['x'.repeat(2998), `${token}yy`].map((text, at) => (token.length <= 2 && at === 0 ? `${text}${token}` : token.length <= 2 ? 'yy' : text)));
    }
  });

  it('is cut all the same where code or a link alone is too long', () => {
    for (const long of [`\`${'x'.repeat(7000)}\``, `<${'x'.repeat(7000)}>`]) expect(textsOf(long).map(({ length }) => length)).toEqual([3000, 3000, 1002]);
  });

  it('leaves to GitLab what is more than 50 sections', () => {
    const texts = textsOf(Array.from({ length: 51 }, (_, at) => `paragraph ${at}`).join('\n\n'));
    expect(texts).toHaveLength(50);
    expect(texts.slice(-2)).toEqual(['paragraph 48', 'More of this is in GitLab.']);
    expect(textsOf(Array.from({ length: 50 }, (_, at) => `paragraph ${at}`).join('\n\n')).at(-1)).toBe('paragraph 49');
  });

  it('keeps within what Slack takes, whatever is written', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\n', '\n\n', '`', '<', '>', '&amp;'),
      fc.integer({ min: 1, max: 7000 }).map((length) => '`x<'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
        const texts = textsOf(pieces.join(''));
        expect(texts.length).toBeLessThanOrEqual(50);
        expect(texts.filter((text) => text.length < 1 || text.length > 3000)).toEqual([]);
      }),
    );
  });
});
