/** What bounds the calls of a run: the clock, a way to wait, and the moment at which the run must be over (ms). */
export type Bounds = { now: () => number; sleep: (ms: number) => Promise<void>; deadlineMs: number };

/** How long a server asks to wait by `Retry-After`, in seconds or by an HTTP date, as RFC 9110 has it; ms. */
export function retryAfter(header: string | undefined, nowMs: number): { retryAfterMs?: number } {
  if (header === undefined) return {};
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(waitMs) ? {} : { retryAfterMs: Math.max(0, waitMs) };
}

const UNCONNECTED = [
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'],
];

/** Whether nobody was reached at all, so that a call cannot have done anything. Source: Node.js docs, errors and tls. */
export function isUnconnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const all = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause];
  return all.every((each) => UNCONNECTED.includes((each as NodeJS.ErrnoException | undefined)?.code ?? ''));
}

/** Why no answer came, in the words of the system: `ECONNREFUSED`, a certificate, a timeout. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || ((cause as NodeJS.ErrnoException).code ?? cause.name)
    : error.message;
}
