import type { Snapshot } from '../read/snapshot.ts';
import { digest } from '../schema/digest.ts';
import { findReference } from '../schema/formats.ts';
import type { Config, FollowUpFacts, Incident, LearningFacts } from '../schema/types.gen.ts';
import type { Level } from './severity.ts';
import { fullReference } from './tracking.ts';

type Beside = Pick<Snapshot['issue'], 'reference' | 'webUrl'>;
type ImprovementNote = NonNullable<Incident['improvement_notes']>[number];

/**
 * What is to become of an improvement note. `n` tells it from the incident's others for good, `note` is the hash by which the
 * note is known, `text` is people's text. `names` is the issue that the note names, in full, which then is its follow-up;
 * `known` is what is on record already, `isGone` whether the note was taken away since.
 */
export type FollowUp = {
  n: number;
  note: string;
  kind: string;
  text: string;
  names?: string;
  known?: FollowUpFacts;
  isGone: boolean;
};

const NONE = /^(?:none|no improvements?)(?!\w)/i;
/** Outcomes with which the work is over here; otherwise it goes on elsewhere, with its notes. */
const OVER: readonly string[] = ['resolved', 'false positive'];

/**
 * The follow-ups of a verified incident (issue of the team: improvement notes become work): of each note at the severities
 * that the configuration names, and of each that is written as a task; what is ticked is done, and needs none unless it has
 * one. A note that changed keeps its follow-up: what is known is matched by what it says, then by its kind, in order.
 */
export function followUpsOf(
  { issue, read }: Pick<Snapshot, 'issue' | 'read'>,
  before: LearningFacts | undefined,
  { follow_ups: config }: Config,
  { severity, outcome }: { severity: Level | undefined; outcome: string | undefined },
): FollowUp[] {
  const notes = OVER.includes(outcome ?? '') ? (read.record.improvement_notes ?? []) : [];
  const asked = unique(notes.map((note) => ({ ...identified(note, issue), isAsked: isAsked(note, config, severity) })));
  const known = [...(before?.items ?? [])];
  const take = (fits: (item: FollowUpFacts) => boolean): FollowUpFacts | undefined => {
    const index = known.findIndex(fits);
    return index < 0 ? undefined : known.splice(index, 1)[0];
  };
  const same = asked.map((note) => ({ ...note, known: take((item) => item.note === note.note) }));
  const matched = same.map((note) => ({
    ...note,
    known: note.known ?? (note.names === undefined ? take((item) => isSuccessor(item, note)) : undefined),
  }));
  let last = Math.max(0, ...(before?.items ?? []).map(({ n }) => n));
  const wanted = matched
    .filter((note) => note.known !== undefined || note.isAsked)
    .map(({ note, kind, text, names, known: item }): FollowUp => ({
      ...{ n: item?.n ?? (last += 1), note, kind, text, isGone: false },
      ...(names === undefined ? {} : { names }),
      ...(item ? { known: item } : {}),
    }));
  const gone = known.map((item): FollowUp => {
    return { n: item.n, note: item.note, kind: item.kind ?? '', text: '', known: item, isGone: true };
  });
  return [...wanted, ...gone].sort((a, b) => a.n - b.n);
}

/** Whether a follow-up was told how its note stands now. */
export function isTold({ known, note, isGone }: FollowUp): boolean {
  return known?.note === note && (known.gone ?? false) === isGone;
}

/** The notes of an incident that become no follow-up, so that they are told elsewhere; what is ticked is done. */
export function notesLeft(
  notes: readonly ImprovementNote[],
  { follow_ups: config }: Config,
  severity: Level | undefined,
): ImprovementNote[] {
  const isTaken = (note: ImprovementNote): boolean => config.mode === 'enforce' && isAsked(note, config, severity);
  return notes.filter((note) => isToDo(note) && !isTaken(note));
}

function isToDo({ text, done }: ImprovementNote): boolean {
  return done !== true && !NONE.test(text);
}

function isAsked(
  note: ImprovementNote,
  { severities, tasks }: Config['follow_ups'],
  severity: Level | undefined,
): boolean {
  const isAll = severity !== undefined && severities.includes(severity);
  return isToDo(note) && (isAll || (tasks && note.done === false));
}

/** A note by what it says; one that names an issue, by that issue, however the words around it change. */
function identified(
  { kind: given, text }: ImprovementNote,
  issue: Beside,
): Pick<FollowUp, 'note' | 'kind' | 'text' | 'names'> {
  const kind = given ?? '';
  const names = issueNamed(text, issue);
  if (names !== undefined) return { note: digest(names), kind, text, names };
  return { note: digest([kind, text]), kind, text };
}

/**
 * The issue that a text names: `#12`, `group/project#12` or its address; no merge request, no epic, and not the incident
 * itself. One of another GitLab stays an address.
 */
function issueNamed(text: string, { reference: itself, webUrl }: Beside): string | undefined {
  const reference = findReference(text);
  if (reference === undefined) return undefined;
  const address = /^https?:.*\/-\/(?:issues\/(?:incident\/)?|work_items\/)\d+$/.test(reference) ? reference : undefined;
  const here = webUrl.slice(0, Math.max(0, webUrl.indexOf(`/${itself.replace(/#\d+$/, '')}/-/`)));
  const isHere = here !== '' && address?.startsWith(`${here}/`) === true;
  const [path = '', behind = ''] = isHere ? address.slice(here.length + 1).split('/-/') : [];
  const iid = behind.slice(behind.lastIndexOf('/') + 1);
  const named = isHere ? `${path}#${iid}`.toLowerCase() : (address ?? fullReference(reference, itself));
  return named === itself.toLowerCase() ? undefined : named;
}

/** Notes that name one issue, or say the same, share a follow-up. */
function unique<T extends { note: string; isAsked: boolean }>(notes: readonly T[]): T[] {
  const byNote = new Map<string, T>();
  for (const each of notes) {
    const before = byNote.get(each.note);
    byNote.set(each.note, before ? { ...before, isAsked: before.isAsked || each.isAsked } : each);
  }
  return [...byNote.values()];
}

/** Whether a follow-up that was created for another note may go on with this one. */
function isSuccessor(item: FollowUpFacts, { kind }: Pick<FollowUp, 'kind'>): boolean {
  return item.linked !== true && item.gone !== true && (item.kind ?? '') === kind;
}

/** The first person whom a note names, as a user name. */
export function personNamed(text: string): string | undefined {
  const written = /(?<![\w.@/])@([A-Za-z0-9_][\w.-]*)/.exec(text)?.[1];
  if (written === undefined) return undefined;
  // A name does not end in what ends a sentence.
  let end = written.length;
  while (end > 0 && '.-'.includes(written.charAt(end - 1))) end -= 1;
  const name = written.slice(0, end);
  return ['all', 'here', 'channel'].includes(name.toLowerCase()) ? undefined : name;
}
