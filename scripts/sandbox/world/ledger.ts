/** Things that belong to issues, in the order in which they came, found by their issue without looking at all of them. */
export class Ledger<T extends { id: number; issueId: number }> {
  private readonly byIssue = new Map<number, T[]>();

  add(item: T): T {
    const items = this.byIssue.get(item.issueId);
    if (items) items.push(item);
    else this.byIssue.set(item.issueId, [item]);
    return item;
  }

  /** Those of one issue. */
  of(issue: { id: number }): readonly T[] {
    return this.byIssue.get(issue.id) ?? [];
  }

  remove(item: T): void {
    const left = this.of({ id: item.issueId }).filter((one) => one !== item);
    this.byIssue.set(item.issueId, left);
  }

  /** Forgets all of an issue. */
  clear(issue: { id: number }): void {
    this.byIssue.delete(issue.id);
  }

  get all(): T[] {
    return [...this.byIssue.values()].flat().sort((a, b) => a.id - b.id);
  }
}
