import { digest } from '../schema/digest.ts';
import type { CallComment, Part, Plan, Ruled } from './plan.ts';
import type { CallView } from './words.ts';

/** No wish at all. */
export const NO_PART: Part = { labels: { present: [], absent: [] } };

/** Merges what the rules want. Throws where two want opposite things of one label, or one slot twice: that is our mistake. */
export function mergeParts(parts: readonly Part[]): Plan {
  const present = unique(parts.flatMap(({ labels }) => labels.present));
  const absent = unique(parts.flatMap(({ labels }) => labels.absent));
  const torn = present.find((label) => absent.includes(label));
  if (torn !== undefined) throw new Error(`two rules want opposite things of the label ${torn}`);
  const comments = parts.flatMap(({ comment, comments: more = [] }) => [...(comment ? [comment] : []), ...more]);
  const slots = comments.map(({ slot }) => slot);
  const twice = slots.find((slot, index) => slots.indexOf(slot) !== index);
  if (twice !== undefined) throw new Error(`two rules write the comment ${twice}`);
  const state = only(parts.map((part) => part.state));
  const assign = only(parts.map((part) => part.assign));
  const native = only(parts.map((part) => part.native));
  const learning = only(parts.map((part) => part.learning));
  const [wakeAt] = parts.flatMap((part) => part.wakeAt ?? []).sort();
  return {
    labels: { present, absent },
    comments,
    emojis: unique(parts.flatMap(({ emojis = [] }) => emojis)),
    messages: parts.flatMap(({ messages = [] }) => messages),
    unassign: unique(parts.flatMap(({ unassign = [] }) => unassign)),
    relate: unique(parts.flatMap(({ relate = [] }) => relate)),
    ...(state === undefined ? {} : { state }),
    ...(assign === undefined ? {} : { assign }),
    ...(native === undefined ? {} : { native }),
    ...(learning === undefined ? {} : { learning }),
    ...(wakeAt === undefined ? {} : { wakeAt }),
  };
}

/** Merges what rules want, and keeps which of them wants what. */
export function mergeRuled(ruled: readonly Ruled[]): { plan: Plan; ruled: Ruled[] } {
  return { plan: mergeParts(ruled.map(([, part]) => part)), ruled: [...ruled] };
}

/** A comment that asks somebody to act, or answers; what it says is hashed, so that it is said once. */
export function call(
  slot: string,
  delivery: CallComment['delivery'],
  facts: CallComment['facts'],
  view: CallView,
): CallComment {
  return { slot, delivery, facts: { ...facts, said: digest(view) }, view };
}

function unique<T>(list: T[]): T[] {
  return [...new Set(list)];
}

function only<T>(wishes: readonly (T | undefined)[]): T | undefined {
  const wanted = wishes.filter((wish) => wish !== undefined);
  if (wanted.length > 1) throw new Error('two rules want what only one may decide');
  return wanted[0];
}
