import { html } from 'hono/html';
import { boardAddress, issueAddress, referencesIn } from './addresses.ts';
import { renderLine, renderMarkdown, type References } from './markdown.ts';
import { framed } from './page-frame.ts';
import { labels, moment, people, person, severity, stateBadges, type Html } from './page-parts.ts';
import { timelineOf, type Entry } from './timeline.ts';
import type { StoredIssue, StoredNote } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** One issue: what it says, what is known about it, and what happened, oldest first. */
export function issuePage(world: World, issue: StoredIssue): Html {
  const project = world.projectOf(issue);
  const references = referencesIn(world, project);
  const main = html`<p class="quiet"><a href="${boardAddress(project)}">${project.path}</a> #${issue.iid}</p>
    <h1>${issue.title}</h1>
    <p>
      ${stateBadges(issue)} ${issue.type} opened ${moment(issue.createdAt)} by
      ${person(world, issue.authorId)}${closing(world, issue)}
    </p>
    <div class="issue">
      <section class="facts">
        <h2>About</h2>
        ${facts(world, issue)}
      </section>
      <section class="told">
        <h2>Description</h2>
        ${text(issue.description ?? '', references)}
      </section>
      <section class="told">
        <h2>Activity</h2>
        <ol class="timeline">
          ${timelineOf(world, issue).map((entry) => html`<li>${happened(world, entry, references)}</li>`)}
        </ol>
      </section>
    </div>`;
  const title = `${issue.title} (#${issue.iid}) · ${project.path}`;
  return framed(world, { title, address: issueAddress(world, issue), main });
}

function closing(world: World, { closedAt, closedById }: StoredIssue): Html | '' {
  return closedAt === null ? '' : html`, closed ${moment(closedAt)} by ${person(world, closedById)}`;
}

function facts(world: World, issue: StoredIssue): Html {
  const duplicate = world.issues.find(({ id }) => id === issue.duplicatedToId);
  const rows: [string, unknown][] = [
    ['Assignees', issue.assigneeIds.length > 0 ? people(world, issue.assigneeIds) : 'None'],
    ['Labels', issue.labels.length > 0 ? labels(issue.labels) : 'None'],
    ['Severity', severity(issue)],
    ['Due', issue.dueDate ?? undefined],
    ['Duplicate of', duplicate && html`<a href="${issueAddress(world, duplicate)}">${duplicate.title}</a>`],
    ['Moved', issue.movedToId === null ? undefined : 'to another project'],
    ['Updated', moment(issue.updatedAt)],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return html`<dl>
    ${known.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function text(markdown: string, references: References): Html {
  if (markdown.trim() === '') return html`<p class="quiet">Nothing is written.</p>`;
  return html`<div class="text">${renderMarkdown(markdown, references, 3)}</div>`;
}

function happened(world: World, entry: Entry, references: References): Html {
  const event = (what: Html | string): Html =>
    html`<p class="event">${person(world, entry.userId)} ${what} <span class="quiet">${moment(entry.at)}</span></p>`;
  switch (entry.kind) {
    case 'comment':
      return comment(world, entry.note, references);
    case 'system':
      return event(renderLine(entry.note.body, references));
    case 'state':
      return event(`${entry.state} this issue`);
    case 'labels': {
      const added = entry.added.length > 0 ? html`added ${labels(entry.added)}` : '';
      return event(html`${added} ${entry.removed.length > 0 ? html`removed ${labels(entry.removed)}` : ''}`);
    }
  }
}

function comment(world: World, note: StoredNote, references: References): Html {
  const edited = note.updatedAt === note.createdAt ? '' : html`, edited ${moment(note.updatedAt)}`;
  return html`<article class="comment ${note.internal ? 'internal' : ''}" id="note_${note.id}">
    <p class="byline">
      ${person(world, note.authorId)} <span class="quiet">commented ${moment(note.createdAt)}${edited}</span>
      ${note.internal ? html`<span class="badge secret">Internal note</span>` : ''}
    </p>
    ${text(note.body, references)}
  </article>`;
}
