import { HOOK_EVENTS } from './hook-events.ts';
import type {
  AccessToken,
  Account,
  BoardState,
  DeliveryState,
  HookState,
  LabelState,
  ProjectState,
  Protection,
  ScheduleState,
  TriggerState,
  VariableState,
} from './installation-port.ts';
import { demandShape, toUser } from './map.ts';

type RawAccount = { id: number; username: string; bot?: boolean | null; state?: string | null };

/** Source: GitLab docs, api/users; `bot` is told of every account, service accounts and those of project tokens included. */
export function toAccount(raw: RawAccount | null): Account {
  const user = toUser(raw);
  return { ...user, isBot: raw?.bot === true, isActive: (raw?.state ?? 'active') === 'active' };
}

/** Source: GitLab docs, api/personal_access_tokens, self. */
export function toAccessToken(raw: { scopes?: string[] | null; expires_at?: string | null } | null): AccessToken {
  demandShape(Array.isArray(raw?.scopes), 'a token');
  return { scopes: raw.scopes, expiresOn: raw.expires_at ?? undefined };
}

/** Source: GitLab docs, api/metadata. */
export function toVersion(raw: { version?: string; enterprise?: boolean } | null): {
  version: string;
  isEnterprise: boolean | undefined;
} {
  demandShape(typeof raw?.version === 'string', 'a version');
  return { version: raw.version, isEnterprise: raw.enterprise };
}

type RawProject = {
  id: number;
  path_with_namespace: string;
  web_url: string;
  default_branch?: string | null;
  visibility?: string;
  public_jobs?: boolean;
  ci_pipeline_variables_minimum_override_role?: string;
};

/** Source: GitLab docs, api/projects; what only Maintainers are shown is unknown to others. */
export function toProject(raw: RawProject | null): ProjectState {
  demandShape(typeof raw?.path_with_namespace === 'string' && Number.isInteger(raw.id), 'a project');
  const visibility = raw.visibility ?? 'private';
  return {
    ...{ id: raw.id, path: raw.path_with_namespace, webUrl: raw.web_url, visibility },
    defaultBranch: raw.default_branch ?? undefined,
    isPublicCi: raw.public_jobs === true,
    variablesRole: raw.ci_pipeline_variables_minimum_override_role,
  };
}

type RawLabel = {
  id: number;
  name: string;
  color: string;
  description?: string | null;
  is_project_label?: boolean;
};

/** Source: GitLab docs, api/labels. */
export function toLabel({ id, name, color, description, is_project_label: isOwn }: RawLabel): LabelState {
  return { id, name, color: color.toLowerCase(), description: description ?? '', isOwn: isOwn === true };
}

type RawHook = Record<string, unknown> & {
  id: number;
  name?: string | null;
  description?: string | null;
  url: string;
  custom_webhook_template?: string | null;
  url_variables?: { key: string }[] | null;
  alert_status?: string | null;
  disabled_until?: string | null;
};

/** Source: GitLab docs, api/project_webhooks, api/group_webhooks. */
export function toHook(raw: RawHook): HookState {
  return {
    ...{ id: raw.id, name: raw.name ?? '', description: raw.description ?? '', url: raw.url },
    template: raw.custom_webhook_template ?? '',
    events: HOOK_EVENTS.filter((event) => raw[`${event}_events`] === true),
    masked: (raw.url_variables ?? []).map(({ key }) => key),
    status: raw.alert_status ?? 'executable',
    disabledUntil: raw.disabled_until ?? undefined,
  };
}

/** Source: GitLab docs, api/project_webhooks, list events. */
export function toDelivery(raw: { response_status?: string | null; created_at: string }): DeliveryState {
  return { status: raw.response_status ?? 'internal error', at: raw.created_at };
}

type RawSchedule = {
  id: number;
  description: string;
  ref: string;
  cron: string;
  cron_timezone?: string | null;
  active: boolean;
  owner?: RawAccount | null;
  inputs?: { name: string; value: unknown }[] | null;
};

/** Source: GitLab docs, api/pipeline_schedules. */
export function toSchedule(raw: RawSchedule): ScheduleState {
  return {
    ...{ id: raw.id, description: raw.description, ref: raw.ref.replace(/^refs\/heads\//, ''), cron: raw.cron },
    ...{ zone: raw.cron_timezone ?? 'UTC', isActive: raw.active, owner: raw.owner ? toAccount(raw.owner) : undefined },
    inputs: Object.fromEntries((raw.inputs ?? []).map(({ name, value }) => [name, String(value)])),
  };
}

type RawTrigger = { id: number; description?: string | null; token: string; owner?: RawAccount | null };

/** Source: GitLab docs, api/pipeline_triggers. */
export function toTrigger({ id, description, token, owner }: RawTrigger): TriggerState {
  return { id, description: description ?? '', token, owner: owner ? toAccount(owner) : undefined };
}

type RawVariable = {
  key: string;
  value?: string | null;
  masked?: boolean;
  protected?: boolean;
  environment_scope?: string;
};

/** Source: GitLab docs, api/project_level_variables; a hidden one shows no value. */
export function toVariable(raw: RawVariable): VariableState {
  const { key, value } = raw;
  const flags = { isMasked: raw.masked === true, isProtected: raw.protected === true };
  return { key, value: value ?? undefined, ...flags, scope: raw.environment_scope ?? '*' };
}

type RawBoard = { id: number; name: string; lists?: { label?: { name: string } | null }[] | null };

/** Source: GitLab docs, api/boards. */
export function toBoard({ id, name, lists }: RawBoard): BoardState {
  return { id, name, lists: (lists ?? []).flatMap(({ label }) => label?.name ?? []) };
}

type Access = { access_level?: number | null };

/** Levels of single people or groups are no role's and do not count. Source: GitLab docs, api/protected_branches. */
export function toProtection(raw: {
  name: string;
  push_access_levels?: Access[];
  merge_access_levels?: Access[];
}): Protection {
  const lowest = (levels: Access[] = []): number =>
    Math.min(...levels.flatMap(({ access_level: level }) => (level ? [level] : [])), Number.POSITIVE_INFINITY);
  return { pushLevel: lowest(raw.push_access_levels), mergeLevel: lowest(raw.merge_access_levels) };
}
