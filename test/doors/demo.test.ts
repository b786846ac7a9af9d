import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readDemoFlags } from '../../scripts/ci/demo-job.ts';
import { runDoor } from '../../scripts/ci/door.ts';

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** The demo as it is told, with its pages kept up: all that it prints, and the addresses that it names last. */
async function serve(port: number): Promise<{ door: ChildProcess; output: string; addresses: string[] }> {
  const door = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', '--serve', '--port', String(port)]);
  const lines: string[] = [];
  for await (const line of createInterface(door.stdout)) {
    lines.push(line);
    if (line.startsWith('http://') && line.endsWith('/-/dashboard/')) break;
  }
  const end = lines.findIndex((line) => line.startsWith('Its pages are at'));
  return { door, output: lines.slice(0, end).join('\n'), addresses: lines.slice(end + 1) };
}

/** The demo runs some sixty doors, which takes long beside other tests; that it ends by itself without --serve is seen by whoever runs it. */
describe('npm run demo', { timeout: 600_000 }, () => {
  it('tells the whole story, then keeps its pages up on the port that --port says, until SIGTERM ends it with exit 0', async () => {
    const { server, port } = await listen();
    server.close();
    await once(server, 'close');
    const { door, output, addresses } = await serve(port);
    onTestFinished(() => {
      door.kill('SIGKILL');
    });
    const chapters = output.split(/^(?=\d+\. )/m).slice(1);
    expect(chapters).toHaveLength(24);
    const told: [chapter: number, what: RegExp][] = [
      [1, /labels: oncall, severity::2, ack::pending; comments by the bot: 1[^]*the timer waits until 2026-11-20T02:13:00.000Z/],
      [2, /timer: .* escalation comment[^]*@lea Nobody has acknowledged this page for 15 minutes\./],
      [2, /in Slack: sirt\/incidents#1: nobody has acknowledged[^]*in PagerDuty: "sirt\/incidents#1: nobody has acknowledged this page" pages lea/],
      [3, /labels: oncall, severity::2, ack::done;[^]*ana owns this incident until it is closed\./],
      [4, /Stakeholder update by ana at 2026-11-20 02:31 UTC[^]*in Slack: sirt\/incidents#1: stakeholder update by ana/],
      [5, /@ana, reopened: 2 items missing\. Nobody was paged\./],
      [6, /nothing is missing any more: close the incident again\./],
      [7, /sirt\/incidents#1 is closed, labels: oncall, severity::2, ack::done, closure::verified; comments by the bot: 5/],
      [8, /#2 +Root cause analysis of sirt\/incidents#1: Deploy token used from an unknown address +rca +2026-12-01 +@ana/],
      [8, /#3 +process: revoke first and ask later; .* +corrective-action, improvement::process, severity::2, priority::2 +2026-12-20 +@ana/],
      [8, /#4 +tooling: [^]*What follows from this incident:[^]*root cause analysis: sirt\/incidents#2[^]*process: sirt\/incidents#3[^]*tooling: sirt\/incidents#4/],
      [9, /sirt\/incidents#5 is opened, labels: incident, oncall, severity::3, ack::done;[^]*ana acknowledged at 2026-11-20 04:03 UTC in PagerDuty/],
      [10, /handoff::needed;[^]*@ana your shift ends at 2026-11-20 08:00 UTC, and ben takes over[^]*sirt\/incidents#5 \| S3 \| Issue summary, [^]*after 18 minutes/],
      [11, /\+handoff::ready -handoff::needed/],
      [
        12,
        /Hand-off from ana to ben at 2026-11-20 08:00 UTC[^]*ana still owns this incident[^]*@ben you are on call since 2026-11-20 08:00 UTC[^]*in Slack: On call from 2026-11-20 08:00 UTC on: ben, after ana\. 1 open incident/,
      ],
      [13, /Accepted by ben at 2026-11-20 08:05 UTC/],
      [14, /review::due;[^]*1 missed, 0 reviewed[^]*@ben: nobody looked at 1 issue on call[^]*sirt\/incidents#5/],
      [15, /sirt\/incidents#5 is opened, labels: incident, oncall, severity::3, ack::done;/],
      [16, /sirt\/incidents#2 is opened, labels: rca, closure::blocked;[^]*@ana, reopened: 5 items missing\.[^]*CORRECTIVE_ACTIONS_MISSING/],
      [17, /sirt\/incidents#2 is closed, labels: rca, closure::verified;[^]*Later edits do not reopen this analysis\./],
      ...[/#10 .*ALERT_RECOVERED/, /#11 .*DUPLICATE/, /#12 .*OVERRIDDEN/, /#13 .*closed, verified/, /#14 .*opened, blocked {3}SUMMARY_MISSING OWNER_INVALID/, /#18 .*MOVED/].map(
        (row): [number, RegExp] => [18, row],
      ),
      [19, / and 0 writes$/],
      [20, /opened the review of 2026-W47[^]*confidential: Weekly review 2026-W47, 2026-11-16 to 2026-11-22[^]*### Open \(8\)[^]*### Closed, of that week \(7\)[^]*\| Incidents opened \| 15 \| 0 \|/],
      [21, /, 0 writes, [^]*"incidents": \{"opened":15,"closed":13,"open":8\}[^]*public\/index\.html[^]*\/-\/dashboard\/ for you to look at$/],
      [22, /3 verified, 3 exempt, 1 overridden, 0 disputed, 8 open, 0 unjudged: 15 in all; GitLab counts 15$/],
      [23, /sirt\/incidents#3 is opened, labels: .*, slo::missed;[^]*@ana: this follow-up was due by the end of 2026-12-20\./],
      [24, /\n0 writes$/],
    ];
    for (const [chapter, what] of told) expect(chapters[chapter - 1]?.trim()).toMatch(what);
    // Not on a terminal: no colours.
    expect(output).not.toContain('\u001b[');
    expect(addresses.map((address) => address.replace(`http://127.0.0.1:${port}`, ''))).toEqual(['/', '/sirt/incidents/-/issues/1', '/sirt/incidents/-/boards', '/-/notifications', '/-/dashboard/']);
    const answers = await Promise.all(addresses.map((address) => fetch(address)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const [start, dashboard] = [await answers[0]?.text(), await answers.at(-1)?.text()];
    for (const shown of ['Deploy token used from an unknown address', 'href="/-/dashboard/"']) expect(start).toContain(shown);
    expect(dashboard).toContain('<h1>On-call dashboard</h1>');
    // A browser opens connections in advance, on which it never asks anything.
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    door.kill('SIGTERM');
    expect(await once(door, 'exit')).toEqual([0, null]);
    silent.destroy();
  });

  it('--help says how it is used, and runs nothing', async () => {
    const { exitCode, output } = await runDoor('demo', {}, ['--help']);
    expect(exitCode).toBe(0);
    for (const flag of ['--serve', '--port N', '--help']) expect(output).toContain(flag);
    expect(output).not.toContain('runs at');
  });

  it('a port in use ends it with exit 2 and one line that names the cure', async () => {
    const { server, port } = await listen();
    const { exitCode, output } = await runDoor('demo', {}, ['--port', String(port)]);
    server.close();
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: `watchkeeper demo: setup error: port ${port} is in use: choose another by --port, or leave it out for a free one.\n` });
  });

  it('an unknown flag ends it with exit 2 and one line', async () => {
    const { exitCode, output } = await runDoor('demo', {}, ['--sevre']);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: "watchkeeper demo: setup error: Unknown option '--sevre'; --help shows what the demo knows.\n" });
  });
});

describe("the demo's flags", () => {
  it.each([
    { words: [], flags: { serve: false, help: false, port: 0 } },
    { words: ['--serve', '--port', '8080'], flags: { serve: true, help: false, port: 8080 } },
    { words: ['--port=65535'], flags: { serve: false, help: false, port: 65535 } },
  ])('$words', ({ words, flags }) => {
    expect(readDemoFlags(words)).toEqual(flags);
  });

  it.each([
    { words: ['--port', 'http'], message: '--port must be a number from 1 to 65535, and is "http".' },
    { words: ['--port', '0'], message: '--port must be a number from 1 to 65535, and is "0".' },
    { words: ['--port', '65536'], message: '--port must be a number from 1 to 65535, and is "65536".' },
    { words: ['--port='], message: '--port must be a number from 1 to 65535, and is "".' },
    { words: ['--port'], message: "Option '--port <value>' argument missing; --help shows what the demo knows." },
    { words: ['--port', '--serve'], message: "Option '--port' argument is ambiguous; --help shows what the demo knows." },
    { words: ['--serve=yes'], message: "Option '--serve' does not take an argument; --help shows what the demo knows." },
    { words: ['serve'], message: "Unexpected argument 'serve'; --help shows what the demo knows." },
  ])('$words: $message', ({ words, message }) => {
    expect(() => readDemoFlags(words)).toThrow(message);
  });
});
