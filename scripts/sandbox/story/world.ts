import { readFile } from 'node:fs/promises';
import { startPagerDuty, type EmbeddedPagerDuty } from '../outside/pagerduty.ts';
import { startSlack, type EmbeddedSlack } from '../outside/slack.ts';
import { startGitLab, type EmbeddedGitLab } from '../server.ts';

/** All that the demo's story happens in: one clock, which only the story moves, and GitLab, PagerDuty and Slack by it. */
export type StoryWorld = {
  clock: { now: Date };
  gitlab: EmbeddedGitLab;
  pagerduty: EmbeddedPagerDuty;
  slack: EmbeddedSlack;
  /** Lets it be this time (ISO 8601), with all delayed jobs that are due by then. */
  goTo: (time: string) => Promise<void>;
  stop: () => Promise<void>;
};

const BEGIN = '2026-11-20T01:58:00Z';
const PEOPLE = ['ana', 'ben', 'lea'].map((name) => ({
  id: `P${name.toUpperCase()}`,
  name,
  email: `${name}@example.com`,
}));

/**
 * Starts the embedded three on loopback, GitLab on a port or a free one, at 01:58 in the night to Friday. `dashboard` is the
 * folder that its Pages serve.
 */
export async function openWorld(port: number, dashboard: string): Promise<StoryWorld> {
  const clock = { now: new Date(BEGIN) };
  const gitlab = await startGitLab(() => clock.now, { port, dashboard });
  const [pagerduty, slack] = [await startPagerDuty(() => clock.now, PEOPLE), await startSlack()];
  const goTo = async (time: string): Promise<void> => {
    clock.now = new Date(time);
    await gitlab.pipelines.runDue();
    await gitlab.settled();
  };
  const stop = async (): Promise<void> => {
    await Promise.all([gitlab.stop(), pagerduty.stop(), slack.stop()]);
  };
  return { clock, gitlab, pagerduty, slack, goTo, stop };
}

const CI_FILES = ['.gitlab-ci.yml', 'templates/watch.yml'];

/** The CI files of this project, by which the embedded GitLab plans the jobs of its pipelines: paths with texts. */
export function readCiFiles(): Promise<[string, string][]> {
  const root = new URL('../../../', import.meta.url);
  return Promise.all(CI_FILES.map(async (path) => [path, await readFile(new URL(path, root), 'utf8')]));
}
