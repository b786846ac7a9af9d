import { html } from 'hono/html';
import { boardAddress, DASHBOARD, issueAddress } from './addresses.ts';
import { framed } from './page-frame.ts';
import { assigned, labels, moment, person, severity, stateBadges, type Html } from './page-parts.ts';
import type { Project, StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';

const FILTERS = [
  { name: 'All', state: undefined, to: '/' },
  { name: 'Open', state: 'opened', to: '/?state=opened' },
  { name: 'Closed', state: 'closed', to: '/?state=closed' },
] as const;

/** The issues of all projects, those last updated first; all of them unless asked for the open or the closed ones. Leads to the dashboard where there is one. */
export function issuesPage(world: World, asked: string | undefined, hasDashboard: boolean): Html {
  const filter = FILTERS.find(({ state }) => state === asked) ?? FILTERS[0];
  const issues = latestFirst(world.issues.filter(isIn(filter.state)));
  const filters = FILTERS.map(({ name, state, to }) => {
    const current = state === filter.state ? html`aria-current="page"` : '';
    return html`<li><a href="${to}" ${current}>${name} (${world.issues.filter(isIn(state)).length})</a></li>`;
  });
  const main = html`<h1>Issues</h1>
    ${hasDashboard ? html`<p><a href="${DASHBOARD}">The on-call dashboard</a>, as GitLab Pages would show it</p>` : ''}
    <nav aria-label="Filter by state">
      <ul class="filters">
        ${filters}
      </ul>
    </nav>
    ${issues.length === 0 ? html`<p>No issues.</p>` : ''}
    <ul class="cards">
      ${issues.map((issue) => html`<li>${row(world, issue)}</li>`)}
    </ul>`;
  return framed(world, { title: 'Issues', address: '/', main });
}

function row(world: World, issue: StoredIssue): Html {
  const rated = severity(issue);
  return html`<article class="card">
    <h2><a href="${issueAddress(world, issue)}">${issue.title}</a></h2>
    <p>${stateBadges(issue)} ${labels(issue.labels)}</p>
    <p class="quiet">
      ${world.projectOf(issue).path}#${issue.iid}, opened ${moment(issue.createdAt)} by
      ${person(world, issue.authorId)}, updated ${moment(issue.updatedAt)}.
      ${rated === undefined ? '' : html`Severity: ${rated}.`} ${assigned(world, issue)}
    </p>
  </article>`;
}

type Column = { heading: Html; issues: StoredIssue[] };

/**
 * A project's board with a list for each `closure::` label that occurs. As in GitLab a label's list shows open issues only,
 * Open those that are in no other list, and Closed all closed ones. Source: GitLab docs, user/project/issue_board, terminology.
 */
export function boardPage(world: World, project: Project): Html {
  const issues = latestFirst(world.issues.filter(({ projectId }) => projectId === project.id));
  const open = issues.filter(isIn('opened'));
  const names = new Set(issues.flatMap((issue) => issue.labels).filter((name) => name.startsWith('closure::')));
  const columns: Column[] = [
    { heading: html`Open`, issues: open.filter((issue) => !issue.labels.some((name) => names.has(name))) },
    ...[...names].sort().map((name) => ({
      heading: html`${labels([name])}`,
      issues: open.filter((issue) => issue.labels.includes(name)),
    })),
    { heading: html`Closed`, issues: issues.filter(isIn('closed')) },
  ];
  const main = html`<h1>Board of ${project.path}</h1>
    <p class="quiet">
      As in GitLab, the list of a label shows the open issues that have it, and Closed all closed ones.
    </p>
    <div class="board">${columns.map((column) => list(world, column))}</div>`;
  return framed(world, { title: `Board of ${project.path}`, address: boardAddress(project), main });
}

function list(world: World, { heading, issues }: Column): Html {
  return html`<section class="column">
    <h2>${heading} (${issues.length})</h2>
    <ul class="cards">
      ${issues.map((issue) => html`<li>${card(world, issue)}</li>`)}
    </ul>
  </section>`;
}

/** A card shows the number, the title, the assignees and the labels, as GitLab's does. Source: as above. */
function card(world: World, issue: StoredIssue): Html {
  return html`<article class="card">
    <h3><a href="${issueAddress(world, issue)}">${issue.title}</a></h3>
    <p>${issue.confidential ? html`<span class="badge secret">Confidential</span>` : ''} ${labels(issue.labels)}</p>
    <p class="quiet">#${issue.iid}. ${assigned(world, issue)}</p>
  </article>`;
}

function isIn(state: StoredIssue['state'] | undefined): (issue: StoredIssue) => boolean {
  return (issue) => state === undefined || issue.state === state;
}

function latestFirst(issues: StoredIssue[]): StoredIssue[] {
  return issues.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt) || b.id - a.id);
}
