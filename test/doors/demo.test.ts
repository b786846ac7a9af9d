import { describe, expect, it } from 'vitest';
import { runDoor } from '../../scripts/ci/door.ts';

describe('npm run demo', () => {
  it('tells the whole story: blocked, mended, verified, swept, and nothing left to do', async () => {
    const { exitCode, output } = await runDoor('demo', {});
    expect(exitCode).toBe(0);
    expect(output).toContain('@ana, reopened: 4 items missing. Nobody was paged.');
    expect(output).toMatch(/sirt\/incidents#1 is closed, labels: closure::verified; comments by the bot: 1/);
    for (const row of [/#4 .*ALERT_RECOVERED/, /#5 .*DUPLICATE/, /#6 .*OVERRIDDEN/, /#7 .*closed, verified/, /#8 .*opened, blocked {3}SUMMARY_MISSING OWNER_INVALID/, /#12 .*MOVED/])
      expect(output).toMatch(row);
    expect(output.trim()).toMatch(/ and 0 writes$/);
    // Not on a terminal: no colours.
    expect(output).not.toContain('\u001b[');
  });
});
