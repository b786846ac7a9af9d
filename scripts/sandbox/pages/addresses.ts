import type { References } from './markdown.ts';
import type { Project, StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** Where the dashboard is. */
export const DASHBOARD = '/-/dashboard/';

/** The addresses of the pages to begin with: the issues, the first of them, each board, and the notifications. */
export function addressesOf({ address, world }: { address: string; world: World }): string[] {
  const issues = world.issues.slice(0, 1).map((issue) => issueAddress(world, issue));
  return ['/', ...issues, ...world.projects.map(boardAddress), '/-/notifications'].map((page) => `${address}${page}`);
}

/** The page of a project's board. */
export function boardAddress(project: Project): string {
  return `/${encodePath(project.path)}/-/boards`;
}

/** The page of an issue; GitLab's `web_url` without the host. */
export function issueAddress(world: World, issue: StoredIssue): string {
  return `/${encodePath(world.projectOf(issue).path)}/-/issues/${issue.iid}`;
}

/** The page of a person, which lists the e-mails that he or she got. */
export function personAddress(username: string): string {
  return `/-/notifications/${encodeURIComponent(username)}`;
}

/** The people and issues that a text in a project may refer to. User names are found in any case, as GitLab finds them. */
export function referencesIn(world: World, project: Project): References {
  return {
    user: (name) => {
      const user = world.users.find(({ username }) => username.toLowerCase() === name.toLowerCase());
      return user && { id: user.id, address: personAddress(user.username) };
    },
    issue: (path, iid) => {
      const home = path === undefined ? project : world.projectAt(path);
      const issue = home && world.issue(home.id, iid);
      return issue && issueAddress(world, issue);
    },
  };
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
