type Asked = (...given: unknown[]) => unknown;

/** A way of a port with `around` each call of it; what gives pages gives them once all were called for, as one call. */
export function calledBy(name: string, call: Asked, around: (call: (...given: unknown[]) => Promise<unknown>) => (...given: unknown[]) => Promise<unknown>): Asked {
  if (name !== 'issuePages') return around((...given) => Promise.resolve(call(...given)));
  const all = around(async (...given) => {
    const pages: unknown[] = [];
    for await (const page of call(...given) as AsyncIterable<unknown>) pages.push(page);
    return pages;
  });
  return async function* (...given: unknown[]) {
    yield* (await all(...given)) as unknown[];
  };
}
