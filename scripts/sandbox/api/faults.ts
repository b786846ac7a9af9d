import type { Context, Next } from 'hono';
import type { Served } from '../server.ts';

/** A way of answering badly. `lose` applies the call and cuts the connection; `reset` cuts it before. */
export type Fault =
  | { kind: 'status'; status: number; body?: string; retryAfterSeconds?: number; location?: string }
  | { kind: 'reset' }
  | { kind: 'lose' }
  | { kind: 'text'; body: string; contentType: string };

type Planned = { pattern: RegExp; fault: Fault; times: number; due: () => boolean };

/** The faults that were planned, and every call that was made, as `METHOD /path`. */
export class Faults {
  readonly calls: string[] = [];
  latencyMs = 0;
  private planned: Planned[] = [];

  /** Plans a fault for the next calls whose `METHOD /path` matches, from when it is due. */
  plan(pattern: RegExp, fault: Fault, times = 1, due = (): boolean => true): void {
    this.planned.push({ pattern, fault, times, due });
  }

  clear(): void {
    this.planned = [];
  }

  /** Answers as planned, else lets the call through. */
  async answer(c: Context<Served>, next: Next): Promise<Response | undefined> {
    const path = new URL(c.req.url).pathname.replace(/^\/api\/v4/, '');
    this.calls.push(`${c.req.method} ${path}`);
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    const call = `${c.req.method} ${path}`;
    const planned = this.planned.find(({ pattern, times, due }) => times > 0 && pattern.test(call) && due());
    if (!planned) {
      await next();
      return undefined;
    }
    planned.times -= 1;
    return this.commit(c, next, planned.fault);
  }

  private async commit(c: Context<Served>, next: Next, fault: Fault): Promise<Response | undefined> {
    if (fault.kind === 'status') {
      const headers = new Headers({ 'content-type': fault.body?.startsWith('{') ? 'application/json' : 'text/plain' });
      if (fault.retryAfterSeconds !== undefined) headers.set('retry-after', String(fault.retryAfterSeconds));
      if (fault.location !== undefined) headers.set('location', fault.location);
      return new Response(fault.body ?? 'Retry later\n', { status: fault.status, headers });
    }
    if (fault.kind === 'text')
      return new Response(fault.body, { status: 200, headers: { 'content-type': fault.contentType } });
    if (fault.kind === 'lose') await next();
    c.env.incoming.socket.destroy();
    return undefined;
  }
}
