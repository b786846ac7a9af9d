import { CLOSING } from '../read/given.ts';
import type { Given, Snapshot } from '../read/snapshot.ts';
import { readAnalysis, readOutcome } from '../read/values.ts';
import type { Config, Outcome, RootCauseAnalysis } from '../schema/types.gen.ts';
import { mayCommand } from './rights.ts';

/** The latest command that closes for whoever gave it, if they may. */
export function closingCommand({ commands }: Snapshot, config: Config): Given | undefined {
  return commands.findLast((command) => CLOSING.includes(command.name) && mayCommand(command, config));
}

/** The outcome that a command gives, read as the description's would be. */
export function commandedOutcome(snapshot: Snapshot, config: Config): Outcome | undefined {
  const command = closingCommand(snapshot, config);
  return command && readOutcome(`${command.name.replace('-', ' ')}: ${command.argument}`);
}

/** The decision on a root cause analysis that `/rca` gives. */
export function commandedAnalysis({ commands }: Snapshot, config: Config): RootCauseAnalysis | undefined {
  const decided = commands.findLast((command) => command.name === 'rca' && mayDecideAnalysis(command, config));
  return decided && readAnalysis(decided.argument);
}

/** Whether the author of `/rca` may decide so: to do without one wants the role of an override. */
export function mayDecideAnalysis(command: Given, config: Config): boolean {
  return mayCommand(/^requested\b/i.test(command.argument) ? command : { ...command, name: 'override' }, config);
}
