import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { canSee, demand, levelOf, maySetMetadata } from '../world/access.ts';
import { awardEmoji, revokeEmoji } from '../world/emoji.ts';
import { ApiError, forbidden, notFound } from '../world/errors.ts';
import { closingIssues, isMentioned } from '../world/merging.ts';
import { LEVEL, type Account, type Award, type StoredIssue } from '../world/records.ts';
import type { MergeRequest } from '../world/repository.ts';
import { linksOf, relate } from '../world/relations.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { issueIn } from './scope.ts';
import { showMergeRequest, showWholeMergeRequest } from './shows-code.ts';
import { showAward, showLabelEvent, showLink, showLinked, showStateEvent } from './shows-issues.ts';
import { showUser } from './shows-people.ts';

const ISSUE = '/projects/:id/issues/:iid';

/** What belongs to an issue beside its comments. Source: GitLab docs, api/issues, api/issue_links, api/emoji_reactions. */
export function routeIssueParts(app: Hono<Served>, world: World): void {
  routeEvents(app, world);
  routeLinks(app, world);
  for (const path of [`${ISSUE}/award_emoji`, `${ISSUE}/notes/:note/award_emoji`]) routeEmoji(app, world, path);
  app.get(`${ISSUE}/participants`, (c) => {
    const issue = issueIn(world, c);
    const writers = world.notes.of(issue).map(({ authorId }) => authorId);
    const ids = [...new Set([issue.authorId, ...issue.assigneeIds, ...writers])];
    return c.json(ids.map((id) => showUser(world.userById(id), c.var.base)));
  });
  for (const relation of ['closed_by', 'related_merge_requests'] as const) {
    app.get(`${ISSUE}/${relation}`, async (c) => {
      const related = mergeRequestsOf(world, c.var.user, issueIn(world, c), relation);
      // Source: lib/api/issues.rb: those that close it in short, those that are related whole.
      const show = relation === 'closed_by' ? showMergeRequest : showWholeMergeRequest;
      return c.json(page(c, await readParams(c), related).map((one) => show(world, one, c.var.base)));
    });
  }
}

/**
 * The merge requests that GitLab's notes on an issue name, as far as the caller may see them: all of them, or those that are
 * open and would close it, if it is open itself. Source: app/services/issues/referenced_merge_requests_service.rb.
 */
function mergeRequestsOf(
  world: World,
  caller: Account,
  issue: StoredIssue,
  relation: 'closed_by' | 'related_merge_requests',
): MergeRequest[] {
  const visible = world.projects.filter((project) => levelOf(caller, project) >= LEVEL.guest);
  const named = visible.flatMap(({ mergeRequests }) => mergeRequests).filter((one) => isMentioned(world, issue, one));
  if (relation === 'related_merge_requests') return named;
  if (issue.state === 'closed') return [];
  return named.filter((one) => one.state === 'opened' && closingIssues(world, caller, one).includes(issue));
}

function routeEvents(app: Hono<Served>, world: World): void {
  app.get(`${ISSUE}/resource_state_events`, async (c) => {
    const events = [...world.stateChanges.of(issueIn(world, c))];
    return c.json(page(c, await readParams(c), events).map((event) => showStateEvent(world, event, c.var.base)));
  });
  app.get(`${ISSUE}/resource_label_events`, async (c) => {
    const issue = issueIn(world, c);
    const events = page(c, await readParams(c), [...world.labelChanges.of(issue)]);
    return c.json(events.map((event) => showLabelEvent(world, event, world.projectOf(issue), c.var.base)));
  });
}

function routeLinks(app: Hono<Served>, world: World): void {
  app.get(`${ISSUE}/links`, (c) => {
    const linked = linksOf(world, issueIn(world, c)).filter(({ other }) => canSee(world, c.var.user, other));
    return c.json(linked.map(({ link, other }) => showLinked(world, link, other, c.var.base)));
  });
  app.post(`${ISSUE}/links`, async (c) => {
    const params = await readParams(c);
    const issue = issueIn(world, c);
    if (!maySetMetadata(world, c.var.user, issue)) throw forbidden();
    const [id, iid] = [params.demanded('target_project_id'), params.number('target_issue_iid', 0)];
    const project = world.projects.find((known) => [String(known.id), known.path].includes(id));
    const target = project && world.issue(project.id, iid);
    if (!target || !canSee(world, c.var.user, target)) throw notFound('Issue');
    if ((params.text('link_type') ?? 'relates_to') !== 'relates_to') {
      throw new ApiError(403, { message: 'Blocked issues not available for current license' });
    }
    const link = relate(world, c.var.user, issue, target);
    if (!link) throw new ApiError(409, { message: 'Issue(s) already assigned' });
    return c.json(showLink(world, link, c.var.base), 201);
  });
  for (const method of ['get', 'delete'] as const) {
    app[method](`${ISSUE}/links/:link`, (c) => {
      const issue = issueIn(world, c);
      const found = linksOf(world, issue).find(({ link }) => String(link.id) === c.req.param('link'));
      if (!found) throw notFound();
      if (method === 'delete' && !maySetMetadata(world, c.var.user, issue)) throw forbidden();
      if (method === 'delete') world.links.remove(found.link);
      return c.json(showLink(world, found.link, c.var.base));
    });
  }
}

/** Emoji on an issue, or on one of its comments. */
function routeEmoji(app: Hono<Served>, world: World, path: string): void {
  const given = (c: Context<Served>): { issue: StoredIssue; noteId: number | null; awards: Award[] } => {
    const issue = issueIn(world, c);
    const note = world.notes.of(issue).find(({ id }) => String(id) === c.req.param('note'));
    if (c.req.param('note') !== undefined && !note) throw notFound('Note');
    const noteId = note?.id ?? null;
    return { issue, noteId, awards: world.awards.of(issue).filter((award) => award.noteId === noteId) };
  };
  const awardIn = (c: Context<Served>): Award => {
    const award = given(c).awards.find(({ id }) => String(id) === c.req.param('award'));
    if (!award) throw notFound('AwardEmoji');
    return award;
  };
  app.get(path, async (c) => {
    const awards = page(c, await readParams(c), given(c).awards);
    return c.json(awards.map((award) => showAward(world, award, c.var.base)));
  });
  app.post(path, async (c) => {
    const name = (await readParams(c)).demanded('name');
    const { issue, noteId } = given(c);
    return c.json(showAward(world, awardEmoji(world, c.var.user, issue, name, noteId), c.var.base), 201);
  });
  app.get(`${path}/:award`, (c) => c.json(showAward(world, awardIn(c), c.var.base)));
  app.delete(`${path}/:award`, (c) => {
    const { issue } = given(c);
    const award = awardIn(c);
    if (award.userId !== c.var.user.id) demand(c.var.user, world.projectOf(issue), "edit others' comments");
    revokeEmoji(world, c.var.user, issue, award);
    return c.body(null, 204);
  });
}
