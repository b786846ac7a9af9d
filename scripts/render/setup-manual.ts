import { wantedLabels } from '../decide/setup-labels.ts';
import { wantedHook, wantedSchedules } from '../decide/setup-wanted.ts';
import { sourcesOf, type Installation } from '../read/config.ts';
import { render } from './engine.ts';
import { renderTemplateFiles } from './home-files.ts';

const EVENTS: Readonly<Record<string, string>> = {
  issues: 'Issues events',
  confidential_issues: 'Confidential issues events',
  merge_requests: 'Merge request events',
  note: 'Comments',
  confidential_note: 'Confidential comments',
  emoji: 'Emoji events',
  resource_access_token: 'Project or group access token events',
};

/** The steps of an installation in words, for who may not use the API; `since` is the time that `gate.since` begins at. */
export function renderManual(config: Installation, about: { address: string; path: string; since: string }): string {
  const { project, ref = 'main' } = config.installation;
  const hook = wantedHook(about.address, 0, ref);
  const labels = wantedLabels(config);
  const places = [...new Set(labels.map(({ place }) => String(place.id)))];
  return render('setup/manual', {
    ...{ home: String(project ?? 'the project of the pipelines'), ref, config: about.path, since: about.since },
    sources: sourcesOf(config)
      .map(({ kind, id }) => `${kind} ${id}`)
      .join(', '),
    url: hook.url.replace('/projects/0/', '/projects/PROJECT_ID/'),
    events: hook.events.map((event) => EVENTS[event] ?? event).join(', '),
    template: hook.template,
    schedules: wantedSchedules(config, ref).map(({ description, cron, inputs }) => ({
      ...{ description, cron },
      inputs: Object.entries(inputs)
        .map(([name, value]) => `${name}=${value}`)
        .join(', '),
    })),
    labels: places.map((where) => ({
      where,
      names: labels
        .filter(({ place }) => String(place.id) === where)
        .map(({ label }) => label.name)
        .join(', '),
    })),
    templates: renderTemplateFiles(config).map(({ path }) => path),
  });
}

/** A first configuration for the incidents of a project, with comments; Watchkeeper runs in a project beside it. */
export function renderFirstConfig(project: string): string {
  const group = project.split('/').slice(0, -1).join('/');
  return render('setup/oncall.yml', { project, home: `${group}/watchkeeper` });
}
