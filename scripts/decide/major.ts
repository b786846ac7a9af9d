import { factsOf } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { AckFacts } from '../schema/types.gen.ts';
import type { Installation } from '../read/config.ts';
import { ownerOf } from './acknowledgement.ts';
import { isOnDuty, isPaged, minutesAfter, type Around } from './duty.ts';
import { call, NO_PART } from './merge.ts';
import { managersOnCall } from './on-call.ts';
import type { Part } from './plan.ts';
import { mayCommand } from './rights.ts';
import type { Level } from './severity.ts';

/**
 * A major incident (product.md: severity 1, or `/major`): one comment with tools, channels and rules of engagement that
 * engages the manager; after a quarter of an hour bridge and channel are asked for, once, where the description names none.
 */
export function decideMajor(
  snapshot: Snapshot,
  facts: AckFacts,
  config: Installation,
  { now, severity, isPaperwork }: Around,
): Part {
  const { issue, marked, incident } = snapshot;
  if (incident !== 'now' || issue.state === 'closed' || isPaperwork) return NO_PART;
  const begun = factsOf('major', marked).facts?.at;
  const at = begun ?? beginning(snapshot, config, now, severity);
  if (at === undefined) return NO_PART;
  const checkAt = minutesAfter(at, config.major.check_after_minutes);
  const isObserved = config.major.mode === 'observe';
  if (begun === undefined) {
    const view = {
      ...{ words: 'major' as const, template: config.majorTemplate ?? '', severity: severity ?? null },
      tell: isObserved ? [] : managersOnCall(config, now).slice(0, 1),
      by: commander(snapshot, config)?.author.username ?? '',
      places: placesOf(snapshot),
    };
    return { ...NO_PART, comment: call('major', 'call', { at }, view), wakeAt: checkAt };
  }
  const missing = placesOf(snapshot).filter(({ text }) => text === '');
  const isAsked = factsOf('major-check', marked).facts !== undefined;
  if (isObserved || isAsked || missing.length === 0 || now.toISOString() < checkAt) return NO_PART;
  const tell = (ownerOf(snapshot, facts)?.username ?? managersOnCall(config, now)[0]) || '';
  const titles = missing.map(({ title }) => title);
  return {
    ...NO_PART,
    comment: call('major-check', 'call', { at: checkAt }, { words: 'major-check', tell, missing: titles }),
  };
}

/** When an incident became major, if it is: at the command, else as soon as severity 1 is seen. */
function beginning(
  snapshot: Snapshot,
  config: Installation,
  now: Date,
  severity: Level | undefined,
): string | undefined {
  const command = commander(snapshot, config);
  if (command) return command.at;
  return severity === 1 && isOnDuty(config) && isPaged(snapshot, config, now) ? now.toISOString() : undefined;
}

function commander({ commands }: Snapshot, config: Installation): Snapshot['commands'][number] | undefined {
  return commands.find((command) => command.name === 'major' && mayCommand(command, config));
}

/** Where a major incident is worked on, as its description has it; empty texts where nothing is written. */
function placesOf({ read }: Snapshot): { title: string; text: string }[] {
  const handoff = (read.record.handoff ?? {}) as Readonly<Record<string, unknown>>;
  return (['bridge', 'slack'] as const).map((name) => {
    const value = handoff[name];
    const title = read.form.fieldAt(['handoff', name])?.title ?? name;
    return { title, text: Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '' };
  });
}
