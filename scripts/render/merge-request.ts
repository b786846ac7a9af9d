import { MERGE_SLOT, type MergePlan } from '../decide/merge-request.ts';
import { marker } from '../read/markers.ts';
import type { Form } from '../schema/form.ts';
import { render, tidy } from './engine.ts';
import { checkItem } from './gate.ts';

/** The whole body of the comment on a merge request: its marker, then the words. Of people's text it has none. */
export function renderMergeComment({ facts, view }: NonNullable<MergePlan['comment']>, form: Form): string {
  const [first] = view.failing;
  const text = render('comments/merge-request', {
    ...view,
    ...{ isOne: view.failing.length === 1, first: first?.reference ?? '' },
    failing: view.failing.map(({ checks, ...incident }) => ({
      ...incident,
      checks: checks.map((check) => checkItem(check, form)),
    })),
  });
  return `${marker(MERGE_SLOT, facts)}\n${tidy(text)}`;
}
