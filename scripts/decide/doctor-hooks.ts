import type { Issue } from '../gitlab/port.ts';
import type { Standing, WatchedHook } from '../read/standing.ts';
import type { Finding } from './findings.ts';
import { hooksToHome } from './setup-places.ts';

/** So many of the last deliveries failed in a row that it is no chance. Source: GitLab disables a webhook after 4. */
const TELLING = 3;
const HOUR_MS = 3_600_000;

/** The webhooks: whether GitLab has switched them off, whether what they deliver arrives, whether there are several. */
export function hookFindings({ address, home, places, lastEventAt }: Standing, now: Date): Finding[] {
  const target = { address, home: home.project, ref: home.ref, triggerId: undefined };
  return places.flatMap(({ place, hooks, isSource, recent }) => {
    const where = String(place.id);
    if (!hooks) return isSource ? silence(where, recent, lastEventAt) : [];
    const ours = isSource ? hooksToHome(hooks, target) : [];
    const twice =
      ours.length > 1 ? [{ code: 'HOOK_TWICE' as const, where, about: { count: String(ours.length) } }] : [];
    return [...ours.flatMap((hook) => ofHook(hook, where, now)), ...twice];
  });
}

/**
 * Who may not see a webhook can see what it does: each change of an issue starts a pipeline, and several that started none, an
 * hour later than the last one, are silence.
 */
function silence(where: string, recent: readonly Issue[], lastEventAt: string | undefined): Finding[] {
  const last = lastEventAt === undefined ? 0 : Date.parse(lastEventAt);
  const unheard = recent.filter(({ updatedAt }) => Date.parse(updatedAt) > last + HOUR_MS);
  if (unheard.length < TELLING) return [];
  return [{ code: 'HOOK_SILENT', where, about: { count: String(unheard.length), at: lastEventAt ?? 'it was set up' } }];
}

function ofHook({ status, disabledUntil, deliveries }: WatchedHook, where: string, now: Date): Finding[] {
  const isOff = status === 'disabled' || (disabledUntil !== undefined && Date.parse(disabledUntil) > now.getTime());
  const last = deliveries.find((delivery) => !isGood(delivery.status));
  if (isOff) {
    const until = status === 'disabled' || disabledUntil === undefined ? 'somebody tests it' : disabledUntil;
    return [{ code: 'HOOK_DISABLED', where, about: { until, status: last?.status ?? 'unknown' } }];
  }
  const recent = deliveries.slice(0, TELLING);
  const isFailing = recent.length === TELLING && recent.every((delivery) => !isGood(delivery.status));
  const about = { status: recent[0]?.status ?? '', at: recent[0]?.at ?? '' };
  return isFailing ? [{ code: 'HOOK_FAILS', where, about }] : [];
}

function isGood(status: string): boolean {
  return /^2\d\d$/.test(status);
}
