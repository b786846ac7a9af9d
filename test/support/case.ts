import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { analysisInstallation } from '../../scripts/decide/analysis-issue.ts';
import { decideGate } from '../../scripts/decide/gate.ts';
import { judgeText, remarksOn, type Judged, type Occasion } from '../../scripts/decide/remarks.ts';
import type { Note } from '../../scripts/gitlab/port.ts';
import { readCommands } from '../../scripts/read/commands.ts';
import { checkConfig, type Installation } from '../../scripts/read/config.ts';
import type { Paper } from '../../scripts/read/papers.ts';
import { readRecord } from '../../scripts/read/record.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import { renderGateComment } from '../../scripts/render/gate.ts';
import { renderValidation } from '../../scripts/render/validation.ts';
import type { GateFacts } from '../../scripts/schema/types.gen.ts';
import { ana, ben, bot, config, fullConfig, lea, NOW, snapshot } from './snapshot.ts';

/** What GitLab knows of a recorded incident beside its description: `issue.yml`, only what differs. */
type Beside = {
  /** What it is, where it is no incident. */
  kind?: 'analysis';
  type?: 'incident' | 'issue';
  labels?: string[];
  assignees?: string[];
  closed_by?: string;
  severity?: 1 | 2 | 3 | 4;
  /** GitLab's own link: `other incident`, or `no incident`. */
  duplicate_of?: string;
  moved?: true;
  acknowledged?: { by: string; at: string };
  comments?: { by: string; role: 'guest' | 'reporter' | 'developer' | 'maintainer'; body: string }[];
  /** What the gate remembers of it. */
  gate?: Partial<GateFacts>;
  config?: object;
  /** What `validate` is asked: by default what closing lacks. */
  occasion?: Occasion;
};

/**
 * What a recorded incident gives: how its description was read, what must be true of it, the gate's comment, and what
 * `validate --closing` (for `occasion: hand-off`, `--hand-off`) says of the file; of a configuration only the last.
 */
type Told = Record<string, string>;

const PEOPLE = new Map([ana, ben, lea, { id: 4, username: 'dora' }, { id: 5, username: 'kim' }, { id: 6, username: 'alert-bot' }].map((user) => [user.username, user]));
const LEVELS = { guest: 10, reporter: 20, developer: 30, maintainer: 40 };

function person(username: string): { id: number; username: string } {
  const user = PEOPLE.get(username);
  if (!user) throw new Error(`a recorded case names ${username}, whom nobody knows`);
  return user;
}

/**
 * Reads `description.md` and `issue.yml` of a folder and tells what becomes of the incident, which was closed at 09:45 and
 * is looked at at 10:00; of a folder with an `oncall.yml` and no description, what is wrong with that.
 */
export async function tellCase(folder: string): Promise<Told> {
  const files = readdirSync(folder);
  if (!files.includes('description.md')) return { 'validate.txt': await tellConfig(path.join(folder, 'oncall.yml')) };
  const description = readFileSync(path.join(folder, 'description.md'), 'utf8');
  const beside = files.includes('issue.yml') ? (parse(readFileSync(path.join(folder, 'issue.yml'), 'utf8')) as Beside) : {};
  const installation = installationOf(beside);
  const { record, problems } = readRecord(description, installation.time_zone, installation.form);
  const { plan, finding } = decideGate(toSnapshot(description, beside), installation, NOW);
  const { labels, state = 'closed', comment } = plan;
  const shape = problems.map(({ code, line }) => `${code} in line ${line}`);
  return {
    'record.json': toJson({ record, ...(shape.length > 0 ? { problems: shape } : {}) }),
    'plan.json': toJson({ gate: finding.state, codes: finding.codes, state, labels: labels.present, ...(comment ? { comment: comment.delivery } : {}) }),
    'comment.md': comment ? renderGateComment(comment).replace(/^<!--.*-->\n/, '') : '(no comment)\n',
    // Files of analyses are not validated.
    ...(beside.kind ? {} : { 'validate.txt': tellFile(description, installation, beside.occasion ?? 'closing') }),
  };
}

function installationOf({ kind, config: different }: Beside): Installation {
  return kind === 'analysis' ? analysisInstallation(fullConfig(different)) : config(different);
}

function tellFile(text: string, installation: Installation, occasion: Occasion): string {
  const paper: Paper = { kind: 'description', file: 'description.md', text, installation };
  const judged = [judgeText(paper, occasion, NOW)];
  return toText([paper], judged);
}

async function tellConfig(file: string): Promise<string> {
  const checked = await checkConfig(file, readFileSync(file, 'utf8'));
  const mistakes = checked.ok ? [] : checked.mistakes.map((mistake) => ({ ...mistake, file: path.relative(path.dirname(file), mistake.file) }));
  const inForce = checked.ok ? { inForce: { installation: checked.installation, placeOf: checked.placeOf } } : {};
  return toText([{ kind: 'config', file: 'oncall.yml', mistakes, ...inForce }], []);
}

function toText(papers: Paper[], judged: Judged[]): string {
  const { output, summary } = renderValidation({ papers, judged, skipped: [], remarks: remarksOn(papers, judged, NOW) }, 'text', (_style, text) => text);
  return `${[output, summary].filter((part) => part !== '').join('\n')}\n`;
}

function toSnapshot(description: string, beside: Beside): Snapshot {
  const { labels = [], assignees = [], closed_by: closedBy = 'ana', severity, acknowledged, gate } = beside;
  const installation = installationOf(beside);
  const isIncidentType = beside.type !== 'issue' && beside.kind === undefined;
  const isMarked = isIncidentType || labels.some((label) => installation.incident.labels.includes(label));
  return snapshot(
    {
      ...{ description, labels, isIncidentType, severity, closedBy: person(closedBy), assignees: assignees.map(person) },
      ...{ isDuplicate: beside.duplicate_of !== undefined, movedToId: beside.moved ? 99 : undefined },
    },
    {
      incident: isMarked ? 'now' : 'once',
      read: readRecord(description, installation.time_zone, installation.form),
      ack: acknowledged && { by: person(acknowledged.by), at: new Date(acknowledged.at).toISOString() },
      duplicate: beside.duplicate_of === undefined ? undefined : { reference: 'sirt/incidents#12', isIncident: beside.duplicate_of !== 'no incident', isExempt: false },
      commands: commandsOf(beside),
      gate: gate && { state: 'open', ...gate },
    },
  );
}

function commandsOf({ comments = [] }: Beside): Snapshot['commands'] {
  const notes = comments.map(({ by, body }, index): Note => {
    const at = `2026-11-20T09:4${index}:00.000Z`;
    return { id: 100 + index, body, author: person(by), system: false, createdAt: at };
  });
  return readCommands(notes, [bot.id]).map((command) => ({ ...command, accessLevel: LEVELS[comments[command.noteId - 100]?.role ?? 'developer'] }));
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
