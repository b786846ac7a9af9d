import {
  HOOK_EVENTS,
  type Delivery,
  type Hook,
  type Pipeline,
  type Schedule,
  type Trigger,
} from '../world/automation.ts';
import { alertStatus } from '../world/hooks.ts';
import type { Account, Group, Project } from '../world/records.ts';
import { nextRun } from '../world/schedules.ts';
import type { World } from '../world/world.ts';
import { showUser } from './shows-people.ts';

/** A webhook; secrets are never shown, variables by name alone. Source: GitLab docs, api/project_webhooks; schema project_hook.json. */
export function showHook(world: World, owner: Project | Group, hook: Hook): object {
  const events = Object.fromEntries(HOOK_EVENTS.map((event) => [`${event}_events`, hook.events[event] ?? false]));
  return {
    ...{ id: hook.id, url: hook.url, name: hook.name, description: hook.description, created_at: hook.createdAt },
    ...{
      push_events: false,
      ...('repository' in owner ? { project_id: owner.id } : { group_id: owner.id, subgroup_events: false }),
      ...events,
      push_events_branch_filter: null,
      branch_filter_strategy: 'wildcard',
    },
    ...{
      repository_update_events: false,
      enable_ssl_verification: true,
      alert_status: alertStatus(hook, world.clock()),
    },
    ...{ disabled_until: hook.disabledUntil, url_variables: keysOf(hook.urlVariables) },
    ...{ custom_webhook_template: hook.template, custom_headers: keysOf(hook.customHeaders) },
    ...{ token_present: hook.token !== null, signing_token_present: false },
  };
}

function keysOf(values: Record<string, string>): object[] {
  return Object.keys(values).map((key) => ({ key }));
}

/** Source: GitLab docs, api/project_webhooks, list events. */
export function showDelivery(delivery: Delivery): object {
  return {
    ...{ id: delivery.id, url: delivery.url, trigger: delivery.trigger, request_headers: delivery.requestHeaders },
    ...{ request_data: parsed(delivery.requestBody), response_headers: delivery.responseHeaders },
    ...{ response_body: delivery.responseBody, execution_duration: delivery.seconds, created_at: delivery.at },
    response_status: delivery.status === 0 ? 'internal error' : String(delivery.status),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The whole token is for its owner; others see its beginning. Source: GitLab docs, api/pipeline_triggers. */
export function showTrigger(world: World, trigger: Trigger, reader: Account, base: string): object {
  const token = trigger.ownerId === reader.id ? trigger.token : trigger.token.slice(0, 4);
  return {
    ...{ id: trigger.id, token, description: trigger.description, created_at: trigger.createdAt },
    ...{
      updated_at: trigger.updatedAt,
      last_used: trigger.lastUsed,
      owner: showUser(world.userById(trigger.ownerId), base),
    },
  };
}

/** Lists leave out variables and the last pipeline. Source: GitLab docs, api/pipeline_schedules; schema pipeline_schedule.json. */
export function showSchedule(
  world: World,
  project: Project,
  schedule: Schedule,
  base: string,
  isWhole: boolean,
): object {
  const last = project.pipelines.findLast(({ id }) => id === schedule.lastPipelineId);
  return {
    ...{ id: schedule.id, description: schedule.description, ref: schedule.ref, cron: schedule.cron },
    ...{
      cron_timezone: schedule.cronTimezone,
      next_run_at: nextRun(schedule, world.clock(), world.instance),
      active: schedule.active,
    },
    ...{ created_at: schedule.createdAt, updated_at: schedule.updatedAt },
    owner: showUser(world.userById(schedule.ownerId), base),
    ...(isWhole ? { last_pipeline: last ? showPipeline(last, project, base) : null } : {}),
    inputs: schedule.inputs,
    ...(isWhole ? { variables: schedule.variables } : {}),
  };
}

/** A pipeline in lists. Source: GitLab docs, api/pipelines; schema pipeline/basic.json. */
export function showPipeline(pipeline: Pipeline, project: Project, base: string): object {
  const { id, iid, sha, ref, status, source, createdAt: created_at } = pipeline;
  const web_url = `${base}/${project.path}/-/pipelines/${id}`;
  return { id, iid, project_id: project.id, sha, ref, status, source, created_at, updated_at: created_at, web_url };
}

/** A pipeline alone. Source: GitLab docs, api/pipeline_triggers; schema pipeline/detail.json. */
export function showWholePipeline(world: World, pipeline: Pipeline, project: Project, base: string): object {
  const { status } = pipeline;
  const path = `/${project.path}/-/pipelines/${pipeline.id}`;
  return {
    ...{ ...showPipeline(pipeline, project, base), before_sha: '0'.repeat(40), tag: false, yaml_errors: null },
    user: showUser(world.userById(pipeline.userId), base),
    ...{
      started_at: null,
      finished_at: null,
      committed_at: null,
      duration: null,
      queued_duration: null,
      coverage: null,
    },
    detailed_status: {
      ...{ icon: `status_${status}`, text: status, label: status, group: status, tooltip: status, has_details: true },
      ...{ details_path: path, illustration: null, favicon: `/assets/ci_favicons/favicon_status_${status}.png` },
    },
    archived: false,
  };
}
