import { NotFound, Refused } from './errors.ts';

/** `undefined` for what GitLab answers 404 to. */
export async function orUndefined<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Makes what may be there already, which GitLab answers 409 to. */
export async function unlessThere(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof Refused && error.status === 409)) throw error;
  }
}
