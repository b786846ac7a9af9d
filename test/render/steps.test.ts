import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepLines, type Step } from '../../scripts/render/steps.ts';

const plain = (_style: string, text: string): string => text;

const STEPS: Step[] = [
  { reference: 'sirt/incidents#7', state: 'open', does: ['+ack::pending', 'start a timer for 2026-11-20T10:15:00.000Z'], why: 'escalation: due at 2026-11-20T10:15:00.000Z' },
  { reference: 'sirt/incidents#7', state: 'open', does: ['answer comment 12'], why: 'commands: done' },
  { reference: 'sirt/incidents#8', state: 'verified', does: ['+closure::verified'], why: 'closure gate: verified' },
];

describe('the table of what would be done', () => {
  it('names an issue once, and is aligned', () => {
    expect(stepLines(STEPS, plain)).toEqual([
      'Issue             State     Would                                            Why',
      '----------------  --------  -----------------------------------------------  -------------------------------------------',
      'sirt/incidents#7  open      +ack::pending, start a timer for                 escalation: due at 2026-11-20T10:15:00.000Z',
      '                            2026-11-20T10:15:00.000Z',
      '                            answer comment 12                                commands: done',
      'sirt/incidents#8  verified  +closure::verified                               closure gate: verified',
    ]);
  });

  it('is none where nothing would be done', () => {
    expect(stepLines([], plain)).toEqual([]);
  });

  it('is as wide in colours as without', () => {
    const painted = stepLines(STEPS, (style, text) => `<${style}>${text}</>`);
    expect(painted.map((line) => line.replace(/<\/?\w*>/g, '').trimEnd())).toEqual(stepLines(STEPS, plain));
    expect(painted.join('\n')).toContain('<bold>Why</>');
  });

  it('is never wider than 120 columns, and loses nothing, whatever it holds', () => {
    const text = fc.stringMatching(/^[A-Z_:#/ ]{0,200}$/);
    const step = fc.record({ reference: text, state: text, does: fc.array(text, { maxLength: 5 }), why: text });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        const lines = stepLines(steps, plain);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
        const letters = (each: string): number => each.replace(/[^A-Z]/g, '').length;
        const held = steps.reduce((sum, { does, why }) => sum + letters(does.join()) + letters(why), 0);
        expect(letters(lines.slice(2).join(''))).toBeGreaterThanOrEqual(held);
      }),
      { numRuns: 200 },
    );
  });
});
