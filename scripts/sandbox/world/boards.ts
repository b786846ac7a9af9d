import { ApiError } from './errors.ts';
import type { Label, Project } from './records.ts';
import type { World } from './world.ts';

/** A list of a board, which shows the issues with a label. Positions count from 0. */
export type BoardList = { id: number; labelId: number; position: number };

/** An issue board; a project may have several on every tier. Source: GitLab docs, api/boards; user/project/issue_board. */
export type Board = { id: number; name: string; hideOpen: boolean; hideClosed: boolean; lists: BoardList[] };

/** A new board has no lists of its own. */
export function addBoard(world: World, project: Project, name: string): Board {
  const board = { id: world.nextId(), name, hideOpen: false, hideClosed: false, lists: [] };
  project.boards.push(board);
  return board;
}

/** Throws 400 for a label that is none of the project's, or has a list there. Source: app/services/boards/lists/base_create_service.rb. */
export function addList(world: World, project: Project, board: Board, labelId: number): BoardList {
  if (!labelById(world, project, labelId)) throw refused('Label not found!');
  if (board.lists.some((list) => list.labelId === labelId)) throw refused('Label has already been taken');
  const position = Math.max(-1, ...board.lists.map((list) => list.position)) + 1;
  const list = { id: world.nextId(), labelId, position };
  board.lists.push(list);
  return list;
}

/** Puts a list elsewhere; the others make room. Source: app/services/boards/lists/move_service.rb. */
export function moveList({ lists }: Board, list: BoardList, position: number): void {
  if (position < 0 || position >= lists.length) throw refused('List could not be moved!');
  const others = lists.filter((one) => one !== list);
  others.splice(position, 0, list);
  lists.splice(0, lists.length, ...others);
  renumber(lists);
}

export function removeList({ lists }: Board, list: BoardList): void {
  lists.splice(lists.indexOf(list), 1);
  renumber(lists);
}

/** With a label go the lists that show it. Source: app/models/label.rb, has_many :lists, dependent: :destroy. */
export function dropLists(boards: readonly Board[], label: Label): void {
  for (const board of boards) {
    for (const list of board.lists.filter(({ labelId }) => labelId === label.id)) removeList(board, list);
  }
}

/** A label of a project or of the groups above it. */
export function labelById(world: World, project: Project, id: number): Label | undefined {
  return world.labelsOf(project).find((label) => label.id === id);
}

function renumber(lists: BoardList[]): void {
  for (const [position, list] of lists.entries()) list.position = position;
}

function refused(error: string): ApiError {
  return new ApiError(400, { message: { error } });
}
