import { CLOSING, OF_THE_GATE, openAmong, replySlot } from '../read/given.ts';
import type { Given, Snapshot } from '../read/snapshot.ts';
import type { AckFacts, Config, GateFacts } from '../schema/types.gen.ts';
import { judgeTransfers, ownerOf } from './acknowledgement.ts';
import type { Standing } from './handoff-commands.ts';
import { call, NO_PART } from './merge.ts';
import { engineerOnCall, managersOnCall } from './on-call.ts';
import type { CallComment, Part } from './plan.ts';
import { mayDecideAnalysis } from './outcome-command.ts';
import { mayCommand } from './rights.ts';
import type { ReplyLine } from './words.ts';

/** Where it is remembered that a command was done: with the gate's facts, or with the duty's. */
type Home = 'gate' | 'ack';

/** Which comments' commands were done, by the facts that remember it, and what is answered in words. */
export type Answers = { done: Record<Home, number[]>; part: Part };

/**
 * Answers commands, each once: an emoji when it worked, a reply that says why when it did not, and to a question
 * (product.md, "Commands in comments"). `gate` is what the gate has decided; where it is mute, nothing remembers its commands.
 */
export function answerCommands(
  snapshot: Snapshot,
  facts: AckFacts,
  gate: GateFacts['state'] | undefined,
  { config, now, isMute, handoffs }: Pick<Around, 'config' | 'now' | 'isMute' | 'handoffs'>,
): Answers {
  const open = snapshot.commands.filter(openAmong(snapshot));
  const transfers = judgeTransfers(snapshot, facts, config);
  const done: Answers['done'] = { gate: [], ack: [] };
  const replies = new Map<number, { to: string; lines: ReplyLine[] }>();
  for (const command of open) {
    const line = judge(command, snapshot, { facts, transfers, handoffs, gate, config, now, isMute });
    if (line === 'later') continue;
    if (line === 'done') done[OF_THE_GATE.includes(command.name) ? 'gate' : 'ack'].push(command.noteId);
    else {
      const said = (replies.get(command.noteId)?.lines ?? []).filter((other) => other.command !== line.command);
      replies.set(command.noteId, { to: command.author.username, lines: [...said, line] });
    }
  }
  const comments = [...replies].map(([noteId, { to, lines }]): CallComment => {
    return call(replySlot(noteId), 'board', { note: noteId }, { words: 'reply', to, lines });
  });
  const emojis = [...done.gate, ...done.ack].filter((noteId) => !replies.has(noteId));
  return { done, part: { ...NO_PART, comments, emojis } };
}

type Around = {
  facts: AckFacts;
  transfers: ReturnType<typeof judgeTransfers>;
  handoffs: Standing['verdicts'];
  gate: GateFacts['state'] | undefined;
  config: Config;
  now: Date;
  /** The gate writes nothing now, so that its facts cannot remember a command. */
  isMute: boolean;
};

/** Whether a command was done, is still to be, or what there is to say to it. */
function judge(command: Given, snapshot: Snapshot, around: Around): 'done' | 'later' | ReplyLine {
  const { name, argument } = command;
  const { config, facts, transfers, handoffs, gate, now, isMute } = around;
  const isOpen = snapshot.issue.state === 'opened';
  const refuse = (why: Exclude<ReplyLine['why'], 'answer'>): ReplyLine => ({ command: name, why });
  const verdict = handoffs.get(command);
  if (verdict !== undefined) return verdict === 'done' ? verdict : refuse(verdict);
  if (name === 'help') return { command: 'help', why: 'answer' };
  if (name === 'who') return whoIs(snapshot, facts, config, now);
  if (name === 'transfer') {
    const judged = transfers.get(command);
    return judged && 'why' in judged ? refuse(judged.why) : 'done';
  }
  // One that does not count is explained by the gate when somebody closes.
  if (name === 'override') return gate === 'exempt' && !isMute ? 'done' : 'later';
  const mayBeGiven =
    name === 'rca' && argument !== '' ? mayDecideAnalysis(command, config) : mayCommand(command, config);
  // Whoever can comment may ask what is missing.
  if (name !== 'check' && !mayBeGiven) return refuse('role');
  if (needsArgument(name) && argument === '') return refuse('argument');
  if (name === 'active') return (gate === 'active' || gate === 'open') && !isMute ? 'done' : 'later';
  if (OF_THE_GATE.includes(name) && isMute) return gate === undefined ? 'later' : refuse('settled');
  if (['major', 'update', 'reviewed'].includes(name) && !isOpen) return refuse('not open');
  if (CLOSING.includes(name)) return gate === 'verified' ? 'done' : 'later';
  return 'done';
}

function needsArgument(name: Given['name']): boolean {
  return ['update', 'false-positive', 'tracked-in', 'rca'].includes(name);
}

function whoIs(snapshot: Snapshot, facts: AckFacts, config: Config, now: Date): ReplyLine {
  const [engineer = '', manager = ''] = [engineerOnCall(config, now)[0], managersOnCall(config, now)[0]];
  return { command: 'who', why: 'answer', engineer, manager, owner: ownerOf(snapshot, facts)?.username ?? '' };
}
