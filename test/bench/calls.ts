/** What a call is of, by method and path with numbers and names blanked: `GET /projects/:id/issues/:iid/notes`. */
function kindOf(call: string): string {
  return call
    .replace(/^(\w+) \/v4(?=\/)/, '$1 ')
    .replace(/(\/projects\/)[^/]+/, '$1:id')
    .replace(/(\/groups\/)[^/]+/, '$1:id')
    .replace(/(\/issues\/)\d+/, '$1:iid')
    .replace(/(\/(?:notes|users)\/)\d+/, '$1:id')
    .replace(/(\/members\/all\/)\d+/, '$1:id');
}

/** How often each kind of call was made, the most frequent first. */
export function kindsOf(calls: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(kindOf(call), (counts.get(kindOf(call)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}

/** Writes by REST alone; what GraphQL does its path does not say. */
export function restWrites(calls: readonly string[]): number {
  return calls.filter((call) => !/^(?:GET|HEAD) |\/graphql\/?$/.test(call)).length;
}
