import { tendAnalyses } from '../../scripts/apply/analyses.ts';
import type { Examined } from '../../scripts/apply/examine.ts';
import type { GitLab } from '../../scripts/gitlab/port.ts';
import { analysisKey } from '../../scripts/read/analyses.ts';
import { keyLine } from '../../scripts/read/keys.ts';
import type { EmbeddedOptions } from '../../scripts/sandbox/server.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stageDuty, type Duty } from './shifts.ts';

/** What an analysis answers, by section. */
const ANSWERS: Readonly<Record<string, string>> = {
  'Root cause': 'Deploy tokens never expire, and nobody owns their rotation.',
  'Contributing factors': '- the token was readable in the job log of a public fork',
  'What went well': '- the canary token fired within two minutes',
  'What went wrong': '- revoking took 24 minutes, since approval was asked for first',
  'Where we got lucky': '- the address that cloned belonged to a researcher',
  'Corrective actions': '- @ben, 2026-12-24: rotate runner tokens\n- infra/access#77',
};

/** The description of an analysis; a test says which answers differ, and `undefined` leaves a section out. */
export function analysisText(different: Record<string, string | undefined> = {}): string {
  const sections = Object.entries({ ...ANSWERS, ...different }).filter(([, text]) => text !== undefined);
  return sections.map(([title, text]) => `## ${title}\n\n${text ?? ''}\n`).join('\n');
}

/** The duty, and ways to have analyses in it. */
export type Learning = Duty & {
  /** An analysis of incident 7 as the bot creates it, assigned to @ben; a test says what differs. */
  analysis: (description: string, more?: Partial<StoredIssue>, project?: Duty['project']) => StoredIssue;
  /** One that somebody opened by hand, without a key. */
  byHand: (description: string, more?: Partial<StoredIssue>) => StoredIssue;
  /** A run that looks at all analyses. */
  learn: (gitlab?: GitLab) => Promise<Examined & { reads: number; writes: number }>;
};

/** Sets the team up with a configuration that differs so; no shift logs are kept, and handing over is off. */
export async function stageLearning(different: object = {}, options: EmbeddedOptions = {}): Promise<Learning> {
  const duty = await stageDuty({ shift_log: { mode: 'off' }, handoff: { mode: 'off' }, rca: {}, ...different }, options);
  const { world } = duty.gitlab;
  const create = (author: string, description: string, more: Partial<StoredIssue>, project = duty.project): StoredIssue => {
    const issue = createIssue(world, world.userNamed(author), project, 'Root cause analysis', 'issue');
    return Object.assign(issue, { description, labels: ['rca'], assigneeIds: [world.userNamed('ben').id], ...more });
  };
  return {
    ...duty,
    analysis: (description, more = {}, project = duty.project) => create(duty.bot.username, `${keyLine(analysisKey({ projectId: 42, iid: 7 }))}\n${description}`, more, project),
    byHand: (description, more = {}) => create('ana', description, more),
    learn: async (given) => {
      const { gitlab, count } = duty.connect();
      const port = given ?? gitlab;
      const examined = await tendAnalyses(await port.me(), duty.tools({ gitlab: port, config: duty.installation }), () => undefined);
      return { ...examined, ...count };
    },
  };
}
