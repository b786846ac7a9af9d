import type { Issue, Note, User } from '../gitlab/port.ts';
import type { Installation } from './config.ts';
import type { Other, Recording } from './recording.ts';
import { redactFacts, redactSlot } from './redact-facts.ts';
import { BOT_NAME, createNames, type Names } from './redact-names.ts';
import { redactText } from './redact-text.ts';
import { marker, readMarkers } from './markers.ts';
import { knownLabels, NOTE_WORDS, vocabularyOf, wordsOf } from './vocabulary.ts';
import { analysisForm } from '../schema/rca-form.ts';

/** A recording with nothing of anybody's in it, and the names that it was given, for what else goes with it. */
export type Redaction = { recording: Recording; names: Names };

const LEFT_OUT = 'What this comment said is left out.';
const HOST = 'https://gitlab.example.com';

/**
 * A recording of the same shape in which nobody is named and nothing is told: people, words, numbers, ids, titles, hosts and
 * labels of nobody's are renamed, each always alike; times, the words that a form gives a meaning, and the labels of the
 * configuration stay. Of our own comments only what they remember is kept.
 */
export function redact(recording: Recording, config: Installation): Redaction {
  const { me, issue, notes, others } = recording;
  const form = recording.isAnalysis ? analysisForm() : config.form;
  const vocabulary = new Set([...vocabularyOf(form), ...vocabularyOf(config.form)]);
  const all = [{ issue, notes }, ...others];
  const texts = all.flatMap((each) => [
    each.issue.title,
    each.issue.description,
    ...each.notes.map(({ body }) => body),
  ]);
  const naming = { vocabulary, bot: me, isKnownLabel: knownLabels(config), taken: new Set(texts.flatMap(wordsOf)) };
  const noteIds = all.flatMap((each) => each.notes.map(({ id }) => id));
  const names = createNames({ ...naming, noteIds });
  const system = createNames({ ...naming, noteIds, vocabulary: new Set([...vocabulary, ...NOTE_WORDS]) });
  const noted: Names = { ...system, person: names.person, iid: names.iid, label: names.label };
  const around: Around = { names, noted, config, me, text: (text, by = names) => redactText(text, by, form) };
  return {
    names,
    recording: {
      ...recording,
      me: { id: names.user(me.id), username: BOT_NAME },
      issue: redactIssue(issue, around),
      notes: notes.map((note) => redactNote(note, around)),
      ...redactEvents(recording, around),
      members: recording.members.map((member) => ({ ...redactUser(member, names), level: member.level })),
      others: others.map((other) => redactOther(other, around)),
    },
  };
}

type Around = {
  names: Names;
  /** The names by which GitLab's own notes are redacted, whose words are GitLab's. */
  noted: Names;
  config: Installation;
  me: User;
  text: (text: string, by?: Names) => string;
};

function redactUser({ id, username }: User, names: Names): User {
  return { id: names.user(id), username: names.person(username) };
}

/** Of another issue only what the rules ask is kept: what it is, how it stands, and what we remember of it. */
function redactOther({ issue, notes }: Other, around: Around): Other {
  const ours = readMarkers(notes, around.me, around.config.bot.former_ids).map(({ noteId }) => noteId);
  return {
    issue: { ...redactIssue(issue, around), description: '' },
    notes: notes.filter(({ id }) => ours.includes(id)).map((note) => redactNote(note, around)),
  };
}

function redactIssue(issue: Issue, { names, text }: Around): Issue {
  const { duplicateOf, closedBy, movedToId } = issue;
  const reference = text(issue.reference);
  const path = reference.slice(0, reference.lastIndexOf('#'));
  const iid = names.iid(issue.iid);
  return {
    ...issue,
    ...{ projectId: names.project(issue.projectId), iid, reference: `${path}#${iid}` },
    ...{ webUrl: `${HOST}/${path}/-/issues/${iid}`, title: text(issue.title), description: text(issue.description) },
    labels: issue.labels.map(names.label),
    assignees: issue.assignees.map((user) => redactUser(user, names)),
    author: redactUser(issue.author, names),
    closedBy: closedBy && redactUser(closedBy, names),
    movedToId: movedToId === undefined ? undefined : 9999,
    duplicateOf: duplicateOf && { projectId: names.project(duplicateOf.projectId), iid: names.iid(duplicateOf.iid) },
  };
}

/** Our own comments keep what they remember, GitLab's own notes their form, and people's their shape. */
function redactNote(note: Note, { names, noted, config, me, text }: Around): Note {
  const author = redactUser(note.author, names);
  const base = { id: names.note(note.id), author, system: note.system, createdAt: note.createdAt };
  const isOurs = note.author.id === me.id || config.bot.former_ids.includes(note.author.id);
  if (note.system) return { ...base, body: text(redactLabels(note.body, names), noted) };
  if (!isOurs) return { ...base, body: text(note.body) };
  const [ours] = readMarkers([note], me, config.bot.former_ids);
  if (!ours) return { ...base, body: LEFT_OUT };
  const facts = redactFacts(ours.slot, ours.facts ?? {}, names);
  return { ...base, body: `${marker(redactSlot(ours.slot, names), facts)}\n${LEFT_OUT}` };
}

/** A label in a note of GitLab's is `~"name"`, or its number. */
function redactLabels(body: string, names: Names): string {
  return body.replace(/~"([^"\n]{1,255})"/g, (_all, label: string) => `~"${names.label(label)}"`);
}

function redactEvents(
  { stateEvents, labelEvents, emojis }: Recording,
  { names }: Around,
): Pick<Recording, 'stateEvents' | 'labelEvents' | 'emojis'> {
  return {
    stateEvents: stateEvents.map((event, index) => ({
      ...event,
      id: index + 1,
      user: event.user && redactUser(event.user, names),
    })),
    labelEvents: labelEvents.map(({ label, user, ...event }, index) => ({
      ...{ ...event, id: index + 1 },
      label: label === undefined ? undefined : names.label(label),
      user: user && redactUser(user, names),
    })),
    emojis: emojis.map((emoji, index) => ({ ...emoji, id: index + 1, user: redactUser(emoji.user, names) })),
  };
}
