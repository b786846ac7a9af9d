import type { PagerDutyUser } from '../outside/pagerduty-port.ts';
import type { Config } from '../schema/types.gen.ts';

type Person = Config['people'][number];

/** Whether two user names are one, with their @ or without: GitLab knows no case in them. */
export function isSameUser(a: string, b: string): boolean {
  return withoutAt(a).toLowerCase() === withoutAt(b).toLowerCase();
}

/** `@ana`, as configurations and descriptions name people, as GitLab's `ana`. */
export function withoutAt(name: string): string {
  return name.replace(/^@/, '');
}

/** Who somebody in PagerDuty is, by `people` in the configuration: by id, else by address. */
export function personInPagerDuty(people: readonly Person[], { id, email }: PagerDutyUser): Person | undefined {
  const address = email?.toLowerCase();
  return (
    people.find((person) => person.pagerduty_id === id) ??
    people.find(({ pagerduty_email: known }) => known !== undefined && known.toLowerCase() === address)
  );
}
