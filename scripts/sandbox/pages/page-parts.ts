import { html } from 'hono/html';
import { personAddress } from './addresses.ts';
import type { StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** A piece of a page; whatever text is put into it by `html` is escaped. */
export type Html = ReturnType<typeof html>;

/** A moment, in UTC to the minute, and exactly for machines. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** A person by name and user name, with a link to what he or she was told. */
export function person(world: World, id: number | null): Html {
  const user = world.userById(id);
  if (!user) return html`<span>somebody who is gone</span>`;
  const name = user.name === user.username ? '' : html`${user.name} `;
  return html`<a class="person" href="${personAddress(user.username)}">${name}@${user.username}</a>${
      user.bot ? html` <span class="badge">bot</span>` : ''
    }`;
}

/** People with commas between them. */
export function people(world: World, ids: readonly number[]): Html[] {
  return ids.map((id, index) => html`${index > 0 ? ', ' : ''}${person(world, id)}`);
}

/** Labels as GitLab shows them, the scope set apart: the part before the last `::`. Source: GitLab docs, user/project/labels. */
export function labels(names: readonly string[]): Html[] {
  return names.map((name) => {
    const end = name.lastIndexOf('::');
    const scope = end > 0 ? html`<span class="scope">${name.slice(0, end + 2)}</span>` : '';
    return html`<span class="label">${scope}${end > 0 ? name.slice(end + 2) : name}</span> `;
  });
}

/** Open or closed, and whether it is confidential or locked. */
export function stateBadges({ state, confidential, locked }: StoredIssue): Html {
  return html`<span class="badge ${state}">${state === 'opened' ? 'Open' : 'Closed'}</span>${
      confidential ? html` <span class="badge secret">Confidential</span>` : ''
    }${locked ? html` <span class="badge">Locked</span>` : ''}`;
}

/** Source: GitLab docs, operations/incident_management/incidents, severity. */
const SEVERITIES = {
  CRITICAL: 'Critical - S1',
  HIGH: 'High - S2',
  MEDIUM: 'Medium - S3',
  LOW: 'Low - S4',
  UNKNOWN: 'Unknown',
} as const;

/** The severity of an incident; other issues have none. */
export function severity(issue: StoredIssue): string | undefined {
  return issue.type === 'incident' ? SEVERITIES[issue.severity] : undefined;
}

/** Who is assigned, in a sentence. */
export function assigned(world: World, { assigneeIds }: StoredIssue): Html {
  return assigneeIds.length === 0 ? html`Nobody is assigned.` : html`Assigned: ${people(world, assigneeIds)}.`;
}
