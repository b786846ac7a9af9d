import {
  getNamedType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';

const PAGE = 100;
const SHARE_PER_ITEM = 0.01;

/**
 * How complex GitLab counts a query: one for each field, and what hangs below a connection once more by a hundredth for each
 * item that it may hold, except where single issues are named. Source: app/graphql/types/base_field.rb and
 * app/graphql/resolvers/base_resolver.rb, complexity.
 */
export function complexityOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
): number {
  const info = new TypeInfo(schema);
  const below: number[] = [0];
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: {
        enter: () => {
          below.push(0);
        },
        leave: (field) => {
          const own = (below.pop() ?? 0) + 1;
          const type = getNamedType(info.getType())?.name ?? '';
          const factor = type.endsWith('Connection') ? sizeOf(field, variables) * SHARE_PER_ITEM : 0;
          below.push((below.pop() ?? 0) + Math.trunc(own * (1 + factor)));
        },
      },
    }),
  );
  return below[0] ?? 0;
}

/** How many items a connection may hold. Fragments are counted where they are defined. */
function sizeOf({ arguments: given = [] }: FieldNode, variables: Record<string, unknown>): number {
  const values = Object.fromEntries(
    given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
  );
  if (values['iid'] !== undefined || values['iids'] !== undefined) return 0;
  return Math.min(Number(values['first'] ?? PAGE), PAGE);
}
