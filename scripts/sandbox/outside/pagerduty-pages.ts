/** Somebody in PagerDuty. */
export type Person = { id: string; name: string; email: string };

/** An incident of PagerDuty as it is stored. `level` is that of the escalation policy, from 1. Times are ISO UTC. */
export type Page = {
  id: string;
  number: number;
  /** The key of the alert that raised it. */
  key: string;
  title: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  urgency: 'high' | 'low';
  priority: string | null;
  level: number;
  createdAt: string;
  changedAt: string;
  resolvedAt: string | null;
  assignees: Person[];
  acknowledgements: { at: string; by: Person }[];
  notes: { id: string; at: string; by: Person; content: string }[];
};

/** What somebody (or, without a person, an integration) did to an incident; `note` where they wrote one. */
export type PageHappening = { type: string; page: Page; by: Person | null; at: string; note?: Page['notes'][number] };

/** Who is on call on a level; without an end for ever, by a schedule or by name. */
export type Duty = { person: Person; level: number; schedule?: string; start?: string; end?: string };

/** What is given of a new incident; the rest is as PagerDuty has it by default. */
export type NewPage = { title: string; key?: string; urgency?: 'high' | 'low'; priority?: string };

/** The incidents of one PagerDuty service, and all that can happen to them there. Source: PagerDuty, docs/incidents. */
export class Pages {
  readonly all: Page[] = [];
  readonly duties: Duty[] = [];
  readonly listeners: ((happening: PageHappening) => void)[] = [];
  readonly people: readonly Person[];
  private readonly clock: () => Date;
  private count = 0;

  constructor(clock: () => Date, people: readonly Person[]) {
    this.clock = clock;
    this.people = people;
  }

  now(): string {
    return this.clock().toISOString();
  }

  /** The incident with an id. Throws where there is none. */
  page(id: string): Page {
    const page = this.find(id);
    if (!page) throw new Error(`there is no incident ${id}`);
    return page;
  }

  find(id: string): Page | undefined {
    return this.all.find((page) => page.id === id);
  }

  /** Raises an alert. While an incident of the same key is open, it goes there, and nothing new happens. */
  trigger({ title, key = this.nextId('key'), urgency = 'high', priority }: NewPage, by: Person | null = null): Page {
    const open = this.all.find((page) => page.key === key && page.status !== 'resolved');
    if (open) return open;
    const [id, at] = [this.nextId('Q'), this.now()];
    const page: Page = {
      ...{
        id,
        number: this.all.length + 1,
        key,
        title,
        status: 'triggered',
        urgency,
        priority: priority ?? null,
        level: 1,
      },
      ...{ createdAt: at, changedAt: at, resolvedAt: null, acknowledgements: [], notes: [] },
      assignees: this.onDuty(1),
    };
    this.all.push(page);
    this.tell('triggered', page, by);
    return page;
  }

  /** Whoever acknowledges is assigned; an integration, which is nobody, is not. */
  acknowledge(id: string, by: Person | null): Page {
    const page = this.page(id);
    if (!by) return this.change(page, 'acknowledged', by, { status: 'acknowledged' });
    page.acknowledgements = [...page.acknowledgements.filter((each) => each.by.id !== by.id), { at: this.now(), by }];
    return this.change(page, 'acknowledged', by, { status: 'acknowledged', assignees: [by] });
  }

  /** What PagerDuty does where an acknowledgement has run out. */
  unacknowledge(id: string): Page {
    return this.change(this.page(id), 'unacknowledged', null, { status: 'triggered', acknowledgements: [] });
  }

  /** As PagerDuty does after its time, or as a person does: the next level is paged. */
  escalate(id: string, by: Person | null = null): Page {
    const page = this.page(id);
    const level = page.level + 1;
    return this.change(page, 'escalated', by, { ...UNACKNOWLEDGED, level, assignees: this.onDuty(level) });
  }

  reassign(id: string, to: readonly Person[], by: Person): Page {
    return this.change(this.page(id), 'reassigned', by, { ...UNACKNOWLEDGED, assignees: [...to] });
  }

  resolve(id: string, by: Person | null = null): Page {
    const ended: Partial<Page> = { status: 'resolved', resolvedAt: this.now(), acknowledgements: [], assignees: [] };
    return this.change(this.page(id), 'resolved', by, ended);
  }

  reopen(id: string, by: Person): Page {
    return this.change(this.page(id), 'reopened', by, {
      ...UNACKNOWLEDGED,
      resolvedAt: null,
      assignees: this.onDuty(1),
    });
  }

  prioritise(id: string, priority: string | null, by: Person): Page {
    return this.change(this.page(id), 'priority_updated', by, { priority });
  }

  annotate(id: string, content: string, by: Person): Page {
    const page = this.page(id);
    const note = { id: this.nextId('N'), at: this.now(), by, content };
    page.notes.push(note);
    this.tell('annotated', page, by, note);
    return page;
  }

  /** Who is on call now on a level; on the last one, and where nobody is, the last of the people. */
  private onDuty(level: number): Person[] {
    const now = this.now();
    const on = this.duties
      .filter((duty) => duty.level === level && overlaps(duty, now, now))
      .map(({ person }) => person);
    return on.length > 0 ? on : this.people.slice(-1);
  }

  private change(page: Page, type: string, by: Person | null, change: Partial<Page>): Page {
    Object.assign(page, change, { changedAt: this.now() });
    this.tell(type, page, by);
    return page;
  }

  private tell(type: string, page: Page, by: Person | null, note?: Page['notes'][number]): void {
    for (const listen of this.listeners) listen({ type, page, by, at: this.now(), ...(note ? { note } : {}) });
  }

  private nextId(prefix: string): string {
    this.count += 1;
    return `${prefix}${String(this.count).padStart(6, '0')}`;
  }
}

const UNACKNOWLEDGED: Partial<Page> = { status: 'triggered', acknowledgements: [] };

/** Whether a duty has a moment in common with a stretch of time, both by ISO times. */
export function overlaps({ start, end }: Duty, since: string, until: string): boolean {
  return (start === undefined || start <= until) && (end === undefined || end > since);
}
