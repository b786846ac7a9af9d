/**
 * What a rule selects by the parameters of a list, and what is said of each issue that it found: one comment with quick actions,
 * or nothing.
 */
export type Rule = { query: Record<string, string>; comment?: string };

/** Where GitLab is, and as whom to call it. */
export type Access = { address: string; token: string };

type Call = (path: string, body?: object) => Promise<Response>;

const MAX_TRIES = 3;
const FEW_LEFT = 25;
const PAUSE_MS = 30_000;

/**
 * A model of the calls of gitlab-triage 1.53, not the gem: for each rule one list by offset pages of 100, not shared with other
 * rules, and then one comment for each issue that it found, everything one after the other. It pauses where GitLab says that few
 * calls are left, and after 429, thrice at most. Source: its engine.rb and rest_api_network.rb, as docs/bench.md describes them.
 * Gives how many issues were acted upon.
 */
export async function triage(rules: readonly Rule[], access: Access, projectId: number, pause: (ms: number) => Promise<unknown>): Promise<number> {
  const call = caller(access, pause);
  let acted = 0;
  for (const { query, comment } of rules) {
    const found = await listAll(call, `/projects/${projectId}/issues`, query);
    if (comment === undefined) continue;
    for (const { iid } of found) await call(`/projects/${projectId}/issues/${iid}/notes`, { body: comment });
    acted += found.length;
  }
  return acted;
}

async function listAll(call: Call, path: string, query: Record<string, string>): Promise<{ iid: number }[]> {
  const found: { iid: number }[] = [];
  for (let page: string | null = '1'; page !== null && page !== '';) {
    const response: Response = await call(`${path}?${new URLSearchParams({ ...query, per_page: '100', page }).toString()}`);
    found.push(...((await response.json()) as { iid: number }[]));
    page = response.headers.get('x-next-page');
  }
  return found;
}

function caller({ address, token }: Access, pause: (ms: number) => Promise<unknown>): Call {
  return async (path, body) => {
    const headers = { 'private-token': token, 'content-type': 'application/json' };
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
    for (let tries = 1; ; tries += 1) {
      const response = await fetch(`${address}/api/v4${path}`, init);
      if (response.status === 429 && tries < MAX_TRIES) {
        await response.text();
        await pause(Number(response.headers.get('retry-after') ?? PAUSE_MS / 1000) * 1000);
        continue;
      }
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      const left = response.headers.get('ratelimit-remaining');
      if (left !== null && Number(left) < FEW_LEFT) await pause(PAUSE_MS);
      return response;
    }
  };
}
