import { Refused } from './errors.ts';
import { inOneLine } from './explain.ts';
import { demandShape } from './map.ts';
import type { Post } from './requester.ts';

/** Asks GraphQL, or tells it. `name` is the field of the answer that is meant. */
export type Graphql = {
  /** Gives the field; what the bot may not see is null. */
  ask: (name: string, query: string, variables: object) => Promise<unknown>;
  /** Throws `Refused` with the errors of the mutation. `mayRepeat`: to do it twice is to do it once. */
  change: (name: string, mutation: string, variables: object, mayRepeat: boolean) => Promise<void>;
};

type Answered = { data?: Record<string, unknown> | null; errors?: { message?: unknown }[] } | null;

/**
 * GitLab's GraphQL, beside REST. Whatever is wrong is said in an answer 200: with the query or the bot's rights in the
 * `errors` of the answer, with the thing itself in those of the mutation. Source: GitLab docs, api/graphql, errors.
 */
export function createGraphql(post: Post, { address, token }: { address: string; token: string }): Graphql {
  const send = async (name: string, body: object, kind: { isRead: boolean; mayRepeat: boolean }): Promise<unknown> => {
    const answer = (await post({ url: `${address}/api/graphql`, body, token, ...kind })) as Answered;
    const errors = answer?.errors ?? [];
    if (errors.length > 0) throw refused(name, errors[0]?.message ?? errors);
    demandShape(typeof answer?.data === 'object' && answer.data !== null, 'data');
    return answer.data[name];
  };
  return {
    ask: (name, query, variables) => send(name, { query, variables }, { isRead: true, mayRepeat: true }),
    change: async (name, query, variables, mayRepeat) => {
      const payload = await send(name, { query, variables }, { isRead: false, mayRepeat });
      const errors = (payload as { errors?: unknown } | null | undefined)?.errors;
      demandShape(Array.isArray(errors), `what became of ${name}`);
      if (errors.length > 0) throw refused(name, errors.join('; '));
    },
  };
}

function refused(name: string, said: unknown): Refused {
  return new Refused(`${name}: GitLab refused it${inOneLine(said)}.`, 200);
}
