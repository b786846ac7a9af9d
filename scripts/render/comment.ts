import type { GateComment, SlotComment } from '../decide/plan.ts';
import type { CallView } from '../decide/words.ts';
import { showTime } from '../decide/show.ts';
import { marker } from '../read/markers.ts';
import { render, renderOwn, tidy } from './engine.ts';
import { renderGateComment } from './gate.ts';

/** The whole body of a comment of ours: its marker, then the words, which are `templates/comments/WORDS.hbs`. */
export function renderComment(comment: SlotComment): string {
  if ('state' in comment.view) return renderGateComment(comment as GateComment);
  const { slot, facts, delivery } = comment;
  const view = delivery === 'board' ? withoutPages(comment.view) : comment.view;
  const data = shown(view) as object;
  const isOwn = view.words === 'major' && view.template !== '';
  const text = isOwn ? renderOwn(view.template, data) : render(`comments/${view.words}`, data);
  return `${marker(slot, facts)}\n${tidy(text)}`;
}

/** GitLab runs quick actions in an edited comment too: whom this comment paged is not paged again by an edit. */
function withoutPages(view: CallView): CallView {
  return view.words === 'escalation' ? { ...view, policies: [] } : view;
}

/** Times as people read them, at any depth; what is not there is empty, so that templates stay simple. */
export function shown(value: unknown): unknown {
  if (typeof value === 'string') return showTime(value);
  if (Array.isArray(value)) return value.map(shown);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shown(part)]));
}
