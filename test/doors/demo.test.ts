import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { readDemoFlags } from '../../scripts/ci/demo-job.ts';
import { runDoor } from '../../scripts/ci/door.ts';

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

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

  it.each(['SIGTERM', 'SIGINT'] as const)('--serve keeps the pages up, on the port that --port says, and %s ends it with exit 0', async (signal) => {
    const { server, port } = await listen();
    server.close();
    await once(server, 'close');
    const door = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', '--serve', '--port', String(port)]);
    const addresses: string[] = [];
    for await (const line of createInterface(door.stdout)) {
      if (line.startsWith('http://')) addresses.push(line);
      if (line.endsWith('/-/notifications')) break;
    }
    expect(addresses.map((address) => address.replace(`http://127.0.0.1:${port}`, ''))).toEqual(['/', '/sirt/incidents/-/issues/1', '/sirt/incidents/-/boards', '/-/notifications']);
    const answers = await Promise.all(addresses.map((address) => fetch(address)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await answers[0]?.text()).toContain('Deploy token used from an unknown address');
    // A browser opens connections in advance, on which it never asks anything.
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    door.kill(signal);
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
