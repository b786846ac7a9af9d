import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { addBoard, addList, labelById, moveList, removeList, type Board, type BoardList } from '../world/boards.ts';
import { badParameter, notFound } from '../world/errors.ts';
import type { Project } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { projectFor, projectIn } from './scope.ts';
import { showProjectBriefly } from './shows-project.ts';

const BOARDS = '/projects/:id/boards';
const BOARD = `${BOARDS}/:board`;
const LISTS = `${BOARD}/lists`;

/** Issue boards of projects and their lists. Source: GitLab docs, api/boards. */
export function routeBoards(app: Hono<Served>, world: World): void {
  app.get(BOARDS, async (c) => {
    const project = projectIn(world, c);
    return c.json(page(c, await readParams(c), project.boards).map((board) => show(world, c, project, board)));
  });
  app.post(BOARDS, async (c) => {
    const name = (await readParams(c)).demanded('name');
    const project = projectFor(world, c, 'manage boards');
    return c.json(show(world, c, project, addBoard(world, project, name)), 201);
  });
  app.get(BOARD, (c) => {
    const project = projectIn(world, c);
    return c.json(show(world, c, project, boardIn(c, project)));
  });
  app.put(BOARD, async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'manage boards');
    const board = boardIn(c, project);
    board.name = params.text('name') ?? board.name;
    board.hideOpen = params.flag('hide_backlog_list') ?? board.hideOpen;
    board.hideClosed = params.flag('hide_closed_list') ?? board.hideClosed;
    return c.json(show(world, c, project, board));
  });
  app.delete(BOARD, (c) => {
    const project = projectFor(world, c, 'manage boards');
    project.boards.splice(project.boards.indexOf(boardIn(c, project)), 1);
    return c.body(null, 204);
  });
  routeLists(app, world);
}

function routeLists(app: Hono<Served>, world: World): void {
  app.get(LISTS, async (c) => {
    const project = projectIn(world, c);
    const lists = page(c, await readParams(c), boardIn(c, project).lists);
    return c.json(lists.map((list) => showList(world, project, list)));
  });
  app.post(LISTS, async (c) => {
    const label = (await readParams(c)).text('label_id');
    const project = projectFor(world, c, 'manage boards');
    if (label === undefined) throw badParameter('label_id is missing, exactly one parameter must be provided');
    return c.json(showList(world, project, addList(world, project, boardIn(c, project), Number(label))), 201);
  });
  app.get(`${LISTS}/:list`, (c) => {
    const project = projectIn(world, c);
    return c.json(showList(world, project, listIn(c, boardIn(c, project))));
  });
  app.put(`${LISTS}/:list`, async (c) => {
    const position = Number((await readParams(c)).demanded('position'));
    const project = projectFor(world, c, 'manage boards');
    const board = boardIn(c, project);
    const list = listIn(c, board);
    moveList(board, list, position);
    return c.json(showList(world, project, list));
  });
  app.delete(`${LISTS}/:list`, (c) => {
    const board = boardIn(c, projectFor(world, c, 'manage boards'));
    removeList(board, listIn(c, board));
    return c.body(null, 204);
  });
}

function boardIn(c: Context<Served>, { boards }: Project): Board {
  const board = boards.find(({ id }) => String(id) === c.req.param('board'));
  if (!board) throw notFound();
  return board;
}

function listIn(c: Context<Served>, { lists }: Board): BoardList {
  const list = lists.find(({ id }) => String(id) === c.req.param('list'));
  if (!list) throw notFound();
  return list;
}

function show(world: World, c: Context<Served>, project: Project, board: Board): object {
  return {
    ...{ id: board.id, name: board.name, hide_backlog_list: board.hideOpen, hide_closed_list: board.hideClosed },
    ...{ project: showProjectBriefly(project, c.var.base) },
    lists: board.lists.map((list) => showList(world, project, list)),
  };
}

function showList(world: World, project: Project, { id, labelId, position }: BoardList): object {
  const { name, color, description = null } = labelById(world, project, labelId) ?? {};
  const label = { id: labelId, name, color, description, description_html: description ?? '', text_color: '#FFFFFF' };
  return { id, label, position, max_issue_count: 0, max_issue_weight: 0, limit_metric: null };
}
