import type { Scene } from './gitlab.ts';

/** What the API answers to somebody, whatever that is; who is not known calls with a token that is none. */
export async function answer(scene: Scene, username: string, method: string, path: string, body?: object): Promise<{ status: number; body: unknown; headers: Headers }> {
  const token = scene.gitlab.world.users.find((user) => user.username === username)?.token ?? 'none';
  const headers = { 'private-token': token, 'content-type': 'application/json' };
  const response = await fetch(`${scene.gitlab.address}/api/v4${path}`, { method, headers, redirect: 'manual', ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as unknown) : text };
}
