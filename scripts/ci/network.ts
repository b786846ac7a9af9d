/** What bounds the calls of a run: the clock, a way to wait, and the moment at which the run must be over (ms). */
export type Bounds = { now: () => number; sleep: (ms: number) => Promise<void>; deadlineMs: number };

/** How long a server asks to wait by `Retry-After`, in seconds or by an HTTP date, as RFC 9110 has it; ms. */
export function retryAfter(header: string | undefined, nowMs: number): { retryAfterMs?: number } {
  if (header === undefined) return {};
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(waitMs) ? {} : { retryAfterMs: Math.max(0, waitMs) };
}

/** Whether an error of `fetch` says that no answer came, which it does by a TypeError or by what a timeout throws. */
export function isNetworkTrouble(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof DOMException && ['TimeoutError', 'AbortError'].includes(error.name))
  );
}

/** Why no answer came, in the words of the system: `ECONNREFUSED`, a certificate, a timeout. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || ((cause as NodeJS.ErrnoException).code ?? cause.name)
    : error.message;
}
