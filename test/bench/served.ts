import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Orders } from './embedded.ts';

type Reply = { id: number; answer?: unknown; error?: string };
type Waiting = { resolve: (answer: never) => void; reject: (error: Error) => void };

/** The embedded GitLab in a process of its own, so that what is measured shares neither its processor time nor its memory. */
export class Served {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(child: ChildProcess) {
    this.child = child;
    child.on('message', ({ id, answer, error }: Reply) => {
      const asked = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) asked?.resolve(answer as never);
      else asked?.reject(new Error(error));
    });
    child.on('exit', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('the embedded GitLab has ended'));
    });
  }

  static async start(): Promise<Served> {
    const child = fork(fileURLToPath(new URL('embedded.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
    await once(child, 'message');
    return new Served(child);
  }

  /** Asks it something, and waits for the answer. Throws where it throws. */
  ask<Name extends keyof Orders>(name: Name, ...args: Parameters<Orders[Name]>): Promise<Awaited<ReturnType<Orders[Name]>>> {
    const id = (this.lastId += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, name, args });
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.disconnect();
    await once(this.child, 'exit');
  }
}
