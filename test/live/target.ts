import { stage } from '../support/gitlab.ts';
import { TARGET, type Live } from '../support/provided.ts';

/** An answer of GitLab: what came back, whatever it was. */
export type Answer = { status: number; headers: Headers; body: unknown };

/** A GitLab to hold our beliefs against: a scratch project in it, and a way to call it as a Maintainer or Owner of that. */
export type Target = {
  project: number;
  path: string;
  call: (method: string, path: string, body?: object) => Promise<Answer>;
  graphql: (query: string, variables?: object) => Promise<{ status: number; data?: Record<string, unknown> | null; errors?: { message: string }[] }>;
};

/** The real GitLab, where one is asked. */
export const LIVE = TARGET?.live;

/** Whether a real GitLab should be asked, and nobody has named one. */
export const IS_NAMELESS = TARGET !== undefined && TARGET.live === undefined;

/** Opens the real GitLab that the environment names. */
async function openLive({ url: address, token: secret, project: name }: Live): Promise<Target> {
  const call = caller(address, secret);
  const { body } = await call('GET', `/projects/${encodeURIComponent(name)}`);
  const { id, path_with_namespace: path } = body as { id: number; path_with_namespace: string };
  return { project: id, path, call, graphql: asker(address, secret) };
}

/** Opens the embedded GitLab, as the owner of a project. */
async function openEmbedded(): Promise<Target> {
  const { gitlab, project } = await stage();
  const owner = gitlab.world.userNamed('lea');
  project.members.set(owner.id, 50);
  return { project: project.id, path: project.path, call: caller(gitlab.address, owner.token), graphql: asker(gitlab.address, owner.token) };
}

export async function openTarget(): Promise<Target> {
  return LIVE ? openLive(LIVE) : openEmbedded();
}

function caller(address: string, secret: string): Target['call'] {
  return async (method, path, body) => {
    const headers = { 'private-token': secret, 'content-type': 'application/json' };
    const response = await fetch(`${address}/api/v4${path}`, { method, headers, redirect: 'manual', ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as unknown) : text };
  };
}

function asker(address: string, secret: string): Target['graphql'] {
  return async (query, variables = {}) => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const response = await fetch(`${address}/api/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    return { status: response.status, ...((await response.json()) as object) };
  };
}
