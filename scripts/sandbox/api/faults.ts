import type { Context, Next } from 'hono';
import type { Served } from '../server.ts';

/** A way of answering badly. Unless it says so, nothing of the call is done. */
export type Fault =
  | {
      kind: 'status';
      status: number;
      body?: string;
      retryAfterSeconds?: number;
      limitResetsAt?: string;
      location?: string;
    }
  /** The connection is cut before the call was done, or after. */
  | { kind: 'reset' }
  | { kind: 'lose' }
  /** Another body than GitLab's, such as a proxy's page. */
  | { kind: 'text'; body: string; contentType: string }
  /** The call is done, and only half of its answer comes before the connection is cut. */
  | { kind: 'truncate' }
  /** The call is done, and its answer comes in pieces. */
  | { kind: 'drip'; pieces: number }
  /** Something happens just before the call is answered, or just after it was done. */
  | { kind: 'meanwhile'; happens: () => void }
  | { kind: 'afterwards'; happens: () => void };

/** Decides for each call, by its number from 1, which fault meets it. */
export type FaultPlan = (call: string, number: number) => Fault | undefined;

type Planned = { pattern: RegExp; fault: Fault; times: number; due: () => boolean };

/** The faults that were planned, and every call that was made, as `METHOD /path`. */
export class Faults {
  readonly calls: string[] = [];
  latencyMs = 0;
  /** Waits before each answer; for tests that order what happens at once. */
  turn: (call: string) => Promise<void> = () => Promise.resolve();
  private planned: Planned[] = [];
  private plans: FaultPlan[] = [];

  /** Plans a fault for the next calls whose `METHOD /path` matches, from when it is due. */
  plan(pattern: RegExp, fault: Fault, times = 1, due = (): boolean => true): void {
    this.planned.push({ pattern, fault, times, due });
  }

  /** Follows a plan for all calls to come, beside what is planned one by one. */
  follow(plan: FaultPlan): void {
    this.plans.push(plan);
  }

  clear(): void {
    this.planned = [];
    this.plans = [];
    this.turn = () => Promise.resolve();
  }

  /** Answers as planned, else lets the call through. */
  async answer(c: Context<Served>, next: Next): Promise<Response | undefined> {
    const path = new URL(c.req.url).pathname.replace(/^\/api\/(?:v4)?/, '/').replace(/^\/\//, '/');
    const call = `${c.req.method} ${path}`;
    this.calls.push(call);
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    await this.turn(call);
    const fault = this.next(call);
    if (fault) return commit(c, next, fault);
    await next();
    return undefined;
  }

  private next(call: string): Fault | undefined {
    const planned = this.planned.find(({ pattern, times, due }) => times > 0 && pattern.test(call) && due());
    if (planned) planned.times -= 1;
    return (
      planned?.fault ?? this.plans.map((plan) => plan(call, this.calls.length)).find((fault) => fault !== undefined)
    );
  }
}

async function commit(c: Context<Served>, next: Next, fault: Fault): Promise<Response | undefined> {
  switch (fault.kind) {
    case 'status':
      return statusAnswer(fault);
    case 'text':
      return new Response(fault.body, { status: 200, headers: { 'content-type': fault.contentType } });
    case 'reset':
      cut(c);
      return undefined;
    case 'lose':
      await next();
      cut(c);
      return undefined;
    case 'truncate':
    case 'drip':
      await next();
      return trickle(c, fault);
    case 'meanwhile':
      fault.happens();
      await next();
      return undefined;
    case 'afterwards':
      await next();
      fault.happens();
      return undefined;
  }
}

function statusAnswer(fault: Fault & { kind: 'status' }): Response {
  const headers = new Headers({ 'content-type': fault.body?.startsWith('{') ? 'application/json' : 'text/plain' });
  if (fault.retryAfterSeconds !== undefined) headers.set('retry-after', String(fault.retryAfterSeconds));
  if (fault.limitResetsAt !== undefined) {
    headers.set('ratelimit-remaining', '0');
    headers.set('ratelimit-reset', String(Date.parse(fault.limitResetsAt) / 1000));
  }
  if (fault.location !== undefined) headers.set('location', fault.location);
  return new Response(fault.body ?? 'Retry later\n', { status: fault.status, headers });
}

function cut(c: Context<Served>): void {
  c.env.incoming.socket.destroy();
}

/** Sends the answer in pieces, or half of it before the connection is cut. */
async function trickle(c: Context<Served>, fault: Fault & { kind: 'truncate' | 'drip' }): Promise<Response> {
  const whole = Buffer.from(await c.res.arrayBuffer());
  const { status } = c.res;
  const headers = new Headers(c.res.headers);
  if (whole.length > 0) headers.set('content-length', String(whole.length));
  const pieces = fault.kind === 'drip' ? fault.pieces : 2;
  const size = Math.max(1, Math.ceil(whole.length / pieces));
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (fault.kind === 'truncate' && sent > 0) cut(c);
      else if (sent >= whole.length) controller.close();
      else controller.enqueue(whole.subarray(sent, sent + size));
      sent += size;
      // Each piece is a packet of its own.
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  c.res = undefined;
  return new Response(whole.length === 0 ? null : body, { status, headers });
}
