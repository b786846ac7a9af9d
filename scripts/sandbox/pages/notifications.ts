import { canReadInternal, canSee } from '../world/access.ts';
import { referencesIn } from './addresses.ts';
import { mentionedIn } from './markdown.ts';
import type { Account, IssueHappening, StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** Why somebody got an e-mail; where there are several reasons, the first of these that holds. */
export type Reason = 'assigned' | 'mentioned' | 'participating';

/** What an e-mail tells. Texts are Markdown, as they stood when it was sent. */
export type News =
  | { kind: 'new' | 'mentioned' | 'commented'; text: string }
  | { kind: 'closed' | 'reopened' }
  | { kind: 'reassigned'; from: number[]; to: number[] };

/** An e-mail that somebody would have got. `title` is the issue's as it was then. */
export type Mail = {
  userId: number;
  at: string;
  actorId: number;
  reason: Reason;
  issue: StoredIssue;
  title: string;
  news: News;
};

type Recipients = Partial<Record<Reason, number[]>>;

/**
 * The e-mails that GitLab would have sent about issues, to people whose notification level is Participate, the default.
 *
 * - A new comment goes to the participants and to those it mentions; closing and reopening to the participants; an
 *   assignment to them, the new and the former assignees; a new issue to its participants; a changed title or description
 *   to those newly mentioned there. Participants are the author, the assignees, who commented or edited, and who was mentioned.
 * - Nobody hears of what he or she did. Bots and blocked people get nothing, nor does anybody who may not see the issue or
 *   the internal note. Labels, system notes and an edited comment are mailed to nobody, not even to those newly mentioned.
 *
 * Source: GitLab docs, user/profile/notifications, and user/discussions, "Edit a comment to add a mention"; reasons and their
 * order: app/services/notification_recipients/builder/{default,new_note}.rb. Not modelled: other levels (Watch, On mention,
 * Custom, Disabled), subscriptions to issues and labels, being told of one's own activity, `@all` and mentions of groups,
 * milestones, due dates, moves, on-call pages, to-do items, the limit of e-mails per day, and e-mails that are late.
 */
export class Notifications {
  readonly mails: Mail[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
    world.listeners.push((happening) => {
      if (happening.kind !== 'merge_request' && happening.kind !== 'emoji') this.hear(happening);
    });
  }

  private hear(happening: Exclude<IssueHappening, { kind: 'emoji' }>): void {
    const { issue } = happening;
    if (happening.kind === 'note') {
      if (happening.action === 'create') this.tellOfComment(happening);
    } else if (happening.action === 'open') this.tellOfNew(happening);
    else if (happening.action === 'update') this.tellOfChanges(happening);
    else {
      const news: News = { kind: happening.action === 'close' ? 'closed' : 'reopened' };
      this.send(happening, news, { participating: this.participants(issue) });
    }
  }

  private tellOfComment(happening: IssueHappening & { kind: 'note' }): void {
    const { issue, note } = happening;
    const to = { mentioned: this.mentioned(issue, note.body), participating: this.participants(issue) };
    this.send(happening, { kind: 'commented', text: note.body }, to);
  }

  private tellOfNew(happening: IssueHappening): void {
    const { issue } = happening;
    const to = { assigned: issue.assigneeIds, mentioned: this.mentionedInIssue(issue) };
    const news: News = { kind: 'new', text: issue.description ?? '' };
    this.send(happening, news, { ...to, participating: this.participants(issue) });
  }

  private tellOfChanges(happening: IssueHappening & { kind: 'issue' }): void {
    const { issue, before = issue } = happening;
    const [from, to] = [before.assigneeIds, issue.assigneeIds];
    if (String(from) !== String(to)) {
      // Former assignees take part by the system note that names them.
      const recipients = { assigned: to, participating: this.participants(issue) };
      this.send(happening, { kind: 'reassigned', from, to: [...to] }, recipients);
    }
    const known = this.mentionedInIssue(before);
    const mentioned = this.mentionedInIssue(issue).filter((id) => !known.includes(id));
    const assigned = mentioned.filter((id) => to.includes(id));
    this.send(happening, { kind: 'mentioned', text: issue.description ?? '' }, { assigned, mentioned });
  }

  private send(happening: IssueHappening, news: News, recipients: Recipients): void {
    const { issue, actorId } = happening;
    const at = this.world.now();
    const reasons: Reason[] = ['assigned', 'mentioned', 'participating'];
    const all = reasons.flatMap((reason) => (recipients[reason] ?? []).map((userId) => ({ userId, reason })));
    const first = all.filter(({ userId }, index) => all.findIndex((one) => one.userId === userId) === index);
    for (const { userId, reason } of first) {
      const user = this.world.userById(userId);
      if (!user || userId === actorId || !this.mayHear(user, happening)) continue;
      this.mails.push({ userId, at, actorId, reason, issue, title: issue.title, news });
    }
  }

  private mayHear(user: Account, happening: IssueHappening): boolean {
    const isInternal = happening.kind === 'note' && happening.note.internal;
    if (user.bot || !canSee(this.world, user, happening.issue)) return false;
    return !isInternal || canReadInternal(this.world, user, happening.issue);
  }

  /** Source: app/models/concerns/participable.rb; system notes make participants of who caused them and whom they name. */
  private participants(issue: StoredIssue): number[] {
    const notes = this.world.notes.of(issue);
    const named = notes.flatMap(({ body, internal }) =>
      this.mentioned(issue, body).filter((id) => !internal || this.readsInternal(id, issue)),
    );
    const writers = notes.map(({ authorId }) => authorId);
    return [...new Set([issue.authorId, ...issue.assigneeIds, ...writers, ...this.mentionedInIssue(issue), ...named])];
  }

  private readsInternal(userId: number, issue: StoredIssue): boolean {
    const user = this.world.userById(userId);
    return user !== undefined && canReadInternal(this.world, user, issue);
  }

  private mentionedInIssue(issue: StoredIssue): number[] {
    return [...this.mentioned(issue, issue.title), ...this.mentioned(issue, issue.description ?? '')];
  }

  private mentioned(issue: StoredIssue, text: string): number[] {
    return mentionedIn(text, referencesIn(this.world, this.world.projectOf(issue)));
  }
}
