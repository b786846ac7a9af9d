import {
  buildSchema,
  graphql,
  isScalarType,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
} from 'graphql';
import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { ApiError } from '../world/errors.ts';
import type { World } from '../world/world.ts';
import { authenticate } from './authentication.ts';
import { complexityOf } from './graphql-complexity.ts';
import { mutations } from './graphql-mutations.ts';
import { queries } from './graphql-queries.ts';
import { SCHEMA } from './graphql-schema.ts';
import { throttle } from './throttle.ts';

const LONGEST_QUERY = 10_000;
const MOST_COMPLEX = 250;

const NOT_YOURS =
  "The resource that you are attempting to access does not exist or you don't have permission to perform this action";

const schema = buildSchema(SCHEMA);

// Times are of whole seconds. Source: app/graphql/types/time_type.rb, iso8601.
const time = schema.getType('Time');
if (isScalarType(time)) time.serialize = (value) => `${new Date(value as string).toISOString().slice(0, 19)}Z`;

type Asked = { query?: string; variables?: Record<string, unknown>; operationName?: string };

/**
 * GraphQL: whatever is wrong with a query is said in `errors` of an answer 200; only who may not come in at all is answered
 * 401. Source: GitLab docs, api/graphql, limits; platform sheet, section 6.
 */
export function routeGraphql(app: Hono<Served>, world: World): void {
  const answer = async (c: Context<Served>): Promise<Response> => {
    const user = authenticated(world, c);
    if (!user) return c.json({ errors: [{ message: 'Invalid token' }] }, 401);
    const limited = throttle(world, c, user);
    if (limited) return limited;
    const { query = '', variables = {}, operationName } = await c.req.json<Asked>().catch((): Asked => ({}));
    if (query.length > LONGEST_QUERY) return failure(c, 'Query too large');
    const document = parsed(query);
    if (document instanceof Error) return failure(c, document.message);
    const wrong = validate(schema, document);
    if (wrong.length > 0) return c.json({ errors: wrong.map(({ message, locations }) => ({ message, locations })) });
    if (isMutation(document) && !user.grant.scopes.includes('api')) return failure(c, NOT_YOURS);
    const score = complexityOf(schema, document, variables);
    if (score > MOST_COMPLEX) {
      return failure(c, `Query has complexity of ${score}, which exceeds max complexity of ${MOST_COMPLEX}`);
    }
    const caller = { world, user, base: c.req.url.replace(/\/api\/graphql.*$/, '') };
    const rootValue = { ...queries(caller), ...mutations(caller), queryComplexity: { score, limit: MOST_COMPLEX } };
    const operation = operationName === undefined ? {} : { operationName };
    return c.json(await graphql({ schema, source: query, rootValue, variableValues: variables, ...operation }));
  };
  app.post('/graphql', answer);
  app.post('/graphql/', answer);
}

function authenticated(world: World, c: Context): ReturnType<typeof authenticate> | undefined {
  try {
    return authenticate(world, c, 'read');
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return undefined;
    throw error;
  }
}

function parsed(query: string): DocumentNode | Error {
  try {
    return parse(query);
  } catch (error) {
    return error as Error;
  }
}

/** A token that may only read asks, and changes nothing. Source: GitLab docs, api/graphql, authentication, scopes. */
function isMutation({ definitions }: DocumentNode): boolean {
  return definitions.some(
    (one) => one.kind === Kind.OPERATION_DEFINITION && one.operation === OperationTypeNode.MUTATION,
  );
}

function failure(c: Context, message: string): Response {
  return c.json({ errors: [{ message }] });
}
