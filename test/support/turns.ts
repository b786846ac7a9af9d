import { calledBy } from './paged.ts';
import type { GitLab } from '../../scripts/gitlab/port.ts';

/** Chooses who is next among so many who wait; the same choices give the same order of calls. */
export type Chooser = (waiting: number) => number;

type Waiting = { who: number; go: () => void };

/**
 * Lets several pipelines, and people, act one call at a time, in an order that a chooser decides: nobody goes on before all
 * that are not over wait for their turn, so that what happens depends on the choices alone.
 */
export class Turns {
  private readonly waiting: Waiting[] = [];
  private readonly busy = new Set<number>();
  private readonly choose: Chooser;
  private wake: () => void = () => undefined;

  constructor(choose: Chooser) {
    this.choose = choose;
  }

  /** Resolves when it is the turn of `who`. */
  wait(who: number): Promise<void> {
    return new Promise((go) => {
      this.waiting.push({ who, go });
      this.busy.delete(who);
      this.wake();
    });
  }

  /** A way to GitLab on which each call waits for its turn. */
  gate(who: number, gitlab: GitLab): GitLab {
    const inTurn =
      (call: (...given: unknown[]) => Promise<unknown>) =>
      async (...given: unknown[]): Promise<unknown> => {
        await this.wait(who);
        return call(...given);
      };
    const gated = Object.entries(gitlab).map(([name, call]) => [name, calledBy(name, call as (...given: unknown[]) => unknown, inTurn)] as const);
    return Object.fromEntries(gated) as unknown as GitLab;
  }

  /** Runs all of them to their ends; what they reject with is theirs to handle. */
  async run(actors: readonly ((who: number) => Promise<void>)[]): Promise<void> {
    const over = actors.map(async (actor, who) => {
      this.busy.add(who);
      await this.wait(who);
      await actor(who);
      this.busy.delete(who);
      this.wake();
    });
    let isOver = false;
    void Promise.all(over).finally(() => {
      isOver = true;
      this.wake();
    });
    while (!(isOver as boolean)) {
      if (this.busy.size === 0 && this.waiting.length > 0) this.release();
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
    await Promise.all(over);
  }

  private release(): void {
    this.waiting.sort((a, b) => a.who - b.who);
    const [next] = this.waiting.splice(this.choose(this.waiting.length), 1);
    if (!next) return;
    this.busy.add(next.who);
    next.go();
  }
}

/** Walks through all sequences of choices, each once, and says how many there were; `most` ends it. */
export async function everyOrder(most: number, run: (choose: Chooser) => Promise<void>): Promise<number> {
  let path: { chosen: number; of: number }[] = [];
  for (let count = 1; ; count += 1) {
    let depth = 0;
    await run((of) => {
      const step = (path[depth] ??= { chosen: 0, of });
      depth += 1;
      return step.chosen;
    });
    path = path.slice(0, depth);
    while (path.length > 0 && path.at(-1)!.chosen + 1 >= path.at(-1)!.of) path.pop();
    const last = path.at(-1);
    if (!last || count === most) return count;
    last.chosen += 1;
  }
}
