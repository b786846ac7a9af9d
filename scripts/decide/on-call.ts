import type { Config } from '../schema/types.gen.ts';

/** The user names of the managers on call, whoever is on duty at that moment first, each once. */
export function managersOnCall(config: Config, _at: Date): string[] {
  return config.managers.map((manager) => manager.replace(/^@/, ''));
}

/** The user name of the engineer on call, if there is a roster. */
export function engineerOnCall(_config: Config, _at: Date): string[] {
  return [];
}
