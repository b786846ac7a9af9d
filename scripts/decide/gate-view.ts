import { digest } from '../schema/digest.ts';
import type { GateFacts } from '../schema/types.gen.ts';
import type { GateView } from './plan.ts';
import type { Situation } from './situation.ts';

/** What the gate comment says of a situation, and the facts to remember with a hash of that, so that nothing is said twice. */
export function viewGate(situation: Situation, facts: GateFacts): { facts: GateFacts; view: GateView } {
  const { snapshot, config, exemption, severities } = situation;
  const lowered =
    severities.now !== undefined && severities.counted !== undefined && severities.counted < severities.now;
  const news: Omit<GateView, 'closer' | 'asker' | 'sections' | 'form' | 'blocks'> = {
    state: facts.state,
    failing: situation.failing,
    passing: situation.checks.filter(({ status }) => status === 'pass'),
    waived: situation.checks.filter(({ status }) => status === 'waived'),
    ...(exemption ? { exemption } : {}),
    refusals: situation.refusals,
    tell: facts.state === 'disputed' && facts.told_at !== undefined ? config.managers : [],
    ...(lowered && severities.counted !== undefined ? { recordedSeverity: severities.counted } : {}),
    maxReopens: config.gate.max_reopens,
  };
  // Who closed is known while the incident is closed, and may not be later: that alone is no news.
  const { sections, form, blocks } = snapshot.read;
  const said = digest([news, [...sections]]);
  const closer = snapshot.closer?.username;
  return {
    facts: { ...facts, said },
    view: {
      ...{ ...news, sections, form, blocks },
      ...(closer === undefined ? {} : { closer }),
      ...(situation.asker ? { asker: situation.asker.username } : {}),
    },
  };
}
