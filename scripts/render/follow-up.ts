import type { FollowingIssue } from '../decide/learning.ts';
import { inert, render, tidy } from './engine.ts';

/** About as long as a line may be that goes through `inert` whole. */
const LONGEST_LINE = 180;
const MOST_LINES = 40;

/** The description with which a follow-up is created; `incident` is the reference of the incident. */
export function renderFollowUp({ text, severity, dueOn }: FollowingIssue, incident: string): string {
  const data = { incident, severity, dueOn, lines: linesOf(text) };
  return tidy(render('issues/follow-up', data));
}

/** Whether a follow-up says what its note says now. */
export function saysNote({ description }: { description: string }, { text }: FollowingIssue): boolean {
  return linesOf(text).every((line) => description.includes(inert(line)));
}

/** A text in lines that are shown whole, broken between words where it has none of its own. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n').flatMap((line) => broken(line.trim()));
  return lines.filter((line) => line !== '').slice(0, MOST_LINES);
}

function broken(line: string): string[] {
  if (line.length <= LONGEST_LINE) return [line];
  const space = line.lastIndexOf(' ', LONGEST_LINE);
  const end = space > 0 ? space : LONGEST_LINE;
  return [line.slice(0, end), ...broken(line.slice(end).trim())];
}
