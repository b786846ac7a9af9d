import { analysisKey } from '../read/analyses.ts';
import { projectOr, type Installation } from '../read/config.ts';
import type { Source } from '../gitlab/port.ts';
import { withoutAt } from '../read/people.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';
import { fillIn } from './closing.ts';
import { analysisDueOn } from './deadlines.ts';
import { managersOnCall } from './on-call.ts';
import { commandedAnalysis } from './outcome-command.ts';
import { isBeside } from './references.ts';
import { gatherSeverities } from './severity.ts';
import { shortened } from './show.ts';

const LONGEST_TITLE = 255;

/** What the description of an analysis begins with, as it is created: which incident it is of, and the last day of its time, YYYY-MM-DD. */
export type AnalysisView = { reference: string; dueOn: string };

/**
 * The root cause analysis issue that an incident is to have. `owner` is the user name of who is to be assigned, where the
 * configuration leads to somebody; `dueOn` is the last day of its time, YYYY-MM-DD.
 */
export type WantedAnalysis = {
  key: string;
  project: Source;
  label: string;
  title: string;
  view: AnalysisView;
  confidential: boolean;
  owner?: string;
  dueOn: string;
};

/**
 * The analysis that an incident which the gate verifies is to have (product.md: `requested` opens the RCA issue at
 * verification), or none: its description, or `/rca requested`, asks for one. Its time counts from the verification on
 * record, so that it is the same whenever it is asked for; `now` stands in until there is one.
 */
export function analysisOf(snapshot: Snapshot, config: Installation, now: Date): WantedAnalysis | undefined {
  const decided = snapshot.read.record.root_cause_analysis ?? commandedAnalysis(snapshot, config);
  if (config.rca.mode === 'off' || decided?.decision !== 'requested') return undefined;
  const { issue, gate } = snapshot;
  const project = projectOr(config.rca.project ?? issue.projectId, config);
  if (!project) throw new Error('a project that is named is one');
  const verifiedAt = gate?.verified_at === undefined ? now : new Date(gate.verified_at);
  const dueOn = analysisDueOn(verifiedAt.toISOString(), config);
  const owner = ownerFor(snapshot, config, verifiedAt);
  return {
    ...{ key: analysisKey(issue), project, label: config.rca.label, title: titleFor(snapshot, project) },
    ...{
      view: { reference: issue.reference, dueOn },
      confidential: issue.confidential || !isBeside(project.id, issue),
      dueOn,
    },
    ...(owner === undefined ? {} : { owner }),
  };
}

/** The incident's own title is shown only to those who may read the incident: not of a confidential one, nor elsewhere. */
function titleFor({ issue }: Snapshot, { id }: Source): string {
  const title = `Root cause analysis of ${issue.reference}`;
  return issue.confidential || !isBeside(id, issue) ? title : shortened(`${title}: ${issue.title}`, LONGEST_TITLE);
}

/** The owner of the incident as closing sees it, the manager on call at that time, or whom the configuration names. */
function ownerFor(snapshot: Snapshot, config: Config, at: Date): string | undefined {
  const { owner } = config.rca;
  if (owner === 'manager') return managersOnCall(config, at)[0];
  if (owner !== 'owner') return withoutAt(owner);
  const severities = gatherSeverities(snapshot, config, at.toISOString());
  const named = fillIn(snapshot, severities, config, at.toISOString().slice(0, 10)).owner;
  return named === undefined ? undefined : withoutAt(named);
}
