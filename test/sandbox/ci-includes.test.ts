import { describe, expect, it } from 'vitest';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const JOB = 'from-include:\n  script: [echo]\n';
const WITH_INPUTS = `spec:
  inputs:
    name:
      regex: ^[a-z]+$
    later:
      type: boolean
      default: false
---
"$[[ inputs.name ]]":
  script: [echo]
  rules:
    - if: '"$[[ inputs.later ]]" == "false"'
    - when: delayed
      start_in: 1 hour
`;

type Files = Record<string, string>;

/** A scene whose project 42 has these files, and whose neighbour sirt/tools has those. */
async function withFiles(files: Files, tools: Files = {}): Promise<Scene & { start: () => Promise<string[] | string> }> {
  const scene = await stage();
  const { world } = scene.gitlab;
  const lea = world.userNamed('lea');
  const neighbour = world.addProject('sirt/tools', { lea: LEVEL.reporter });
  for (const [project, given] of [[scene.project, files] as const, [neighbour, tools] as const]) {
    for (const [path, text] of Object.entries(given)) project.repository.branches.get('main')?.files.set(path, text);
  }
  const start = async (): Promise<string[] | string> => {
    const body = JSON.stringify({ ref: 'main' });
    const headers = { 'content-type': 'application/json', 'private-token': lea.token };
    const response = await fetch(`${scene.gitlab.address}/api/v4/projects/42/pipeline`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { message?: { base: string[] } };
    return answer.message?.base[0] ?? scene.project.pipelines.flatMap(({ jobs }) => jobs.map(({ name, status }) => `${name}${status === 'scheduled' ? ', later' : ''}`));
  };
  return { ...scene, start };
}

describe('a CI file that includes others', () => {
  it.each<{ name: string; file: string; files?: Files; tools?: Files; jobs: string[] }>([
    { name: 'by a bare path', file: 'include: a.yml\n', files: { 'a.yml': JOB }, jobs: ['from-include'] },
    { name: 'by an absolute one', file: 'include:\n  local: /a.yml\n', files: { 'a.yml': JOB }, jobs: ['from-include'] },
    {
      name: 'with inputs',
      file: 'include:\n  - local: a.yml\n    inputs: { name: first }\n  - local: a.yml\n    inputs: { name: second, later: true }\n',
      files: { 'a.yml': WITH_INPUTS },
      jobs: ['first', 'second, later'],
    },
    { name: 'that include in turn', file: 'include: dir/a.yml\n', files: { 'dir/a.yml': `include: b.yml\n${JOB}`, 'b.yml': 'deep:\n  script: [echo]\n' }, jobs: ['deep', 'from-include'] },
    {
      name: 'of another project, whose includes are its own',
      file: 'include:\n  project: sirt/tools\n  file: [/a.yml]\n',
      files: { 'b.yml': 'wrong:\n  script: [echo]\n' },
      tools: { 'a.yml': 'include: b.yml\n', 'b.yml': JOB },
      jobs: ['from-include'],
    },
    { name: 'of a branch of another project', file: 'include:\n  project: sirt/tools\n  ref: main\n  file: a.yml\n', tools: { 'a.yml': JOB }, jobs: ['from-include'] },
    {
      name: 'as a component of its own at its commit',
      file: 'include:\n  - component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/a@$CI_COMMIT_SHA\n    inputs: { name: own }\n',
      files: { 'templates/a.yml': WITH_INPUTS },
      jobs: ['own'],
    },
    {
      name: 'as a component in a folder of another project',
      file: 'include:\n  - component: ${CI_SERVER_FQDN}/sirt/tools/a@main\n    inputs: { name: other }\n',
      tools: { 'templates/a/template.yml': WITH_INPUTS },
      jobs: ['other'],
    },
    { name: 'only where a rule holds', file: 'include:\n  - local: a.yml\n    rules: [{ if: $NEVER }]\nown:\n  script: [echo]\n', files: { 'a.yml': JOB }, jobs: ['own'] },
    { name: 'and goes before them, key by key', file: 'include: a.yml\nfrom-include:\n  when: delayed\n  start_in: 1 day\n', files: { 'a.yml': JOB }, jobs: ['from-include, later'] },
  ])('$name has their jobs', async ({ file, files = {}, tools, jobs }) => {
    const { start } = await withFiles({ '.gitlab-ci.yml': file, ...files }, tools);
    expect(await start()).toEqual(jobs);
  });

  it.each<{ name: string; file: string; files?: Files; tools?: Files; says: string }>([
    { name: 'a file that is not there', file: 'include: a.yml\n', says: 'Local file `a.yml` does not exist!' },
    { name: 'an empty one', file: 'include: a.yml\n', files: { 'a.yml': '\n' }, says: 'Local file `a.yml` is empty!' },
    { name: 'one without an extension', file: 'include: README\n', says: 'Included file `README` does not have YAML extension!' },
    { name: 'a number', file: 'include:\n  local: 7\n', says: 'Included file `7` needs to be a string' },
    {
      name: 'what is none',
      file: 'include:\n  files: a.yml\n',
      says: '`{"files":"a.yml"}` does not have a valid subkey for include. Valid subkeys are: `local`, `project`, `remote`, `template`, `artifact`, `component`',
    },
    { name: 'two at once', file: 'include:\n  local: a.yml\n  remote: b.yml\n', says: 'Each include must use only one of: `local`, `project`, `remote`, `template`, `artifact`, `component`' },
    { name: 'itself without end', file: 'include: a.yml\n', files: { 'a.yml': 'include: a.yml\n' }, says: 'Maximum of 150 nested includes are allowed!' },
    { name: 'a file without its input', file: 'include: a.yml\n', files: { 'a.yml': WITH_INPUTS }, says: '`a.yml`: `name` input: required value has not been provided' },
    {
      name: 'a file with a wrong input',
      file: 'include:\n  - local: a.yml\n    inputs: { name: A }\n',
      files: { 'a.yml': WITH_INPUTS },
      says: '`a.yml`: `name` input: provided value does not match required RegEx pattern',
    },
    {
      name: 'a file with inputs that has none',
      file: 'include:\n  - local: a.yml\n    inputs: { name: a }\n',
      files: { 'a.yml': JOB },
      says: '`a.yml`: Given inputs not defined in the `spec` section of the included configuration file',
    },
    {
      name: 'a project that nobody knows',
      file: 'include:\n  project: Sirt/None\n  file: a.yml\n',
      says: 'Project `sirt/none` not found or access denied! Make sure any includes in the pipeline configuration are correctly defined.',
    },
    { name: 'a branch that is not there', file: 'include:\n  project: sirt/tools\n  ref: next\n  file: a.yml\n', says: 'Project `sirt/tools` reference `next` does not exist!' },
    { name: 'a file that another project has not', file: 'include:\n  project: sirt/tools\n  file: a.yml\n', says: 'Project `sirt/tools` file `a.yml` does not exist!' },
    { name: 'the network, which is not there', file: 'include: https://example.com/a.yml\n', says: 'Remote file `https://example.com/a.yml` could not be fetched because of a socket error!' },
    {
      name: 'a component of another instance',
      file: 'include:\n  - component: gitlab.com/sirt/tools/a@main\n',
      says: "Component 'gitlab.com/sirt/tools/a@main' - the component path is not supported",
    },
    { name: 'a base that is not there', file: 'job:\n  extends: .none\n  script: [echo]\n', says: 'job: unknown keys in `extends` (.none)' },
  ])('is refused for $name', async ({ file, files = {}, tools, says }) => {
    const { start } = await withFiles({ '.gitlab-ci.yml': file, ...files }, tools);
    expect(await start()).toBe(says);
  });

  it.each([
    { version: '1.0.0', says: 'content not found' },
    { version: '1', says: 'The partial semantic version reference is not supported for non-catalog resources. Use a tag, branch, or commit SHA instead.' },
    { version: '~latest', says: 'The ~latest version reference is not supported for non-catalog resources. Use a tag, branch, or commit SHA instead.' },
  ])('is refused for the version $version of a component', async ({ version, says }) => {
    const { start, gitlab } = await withFiles({ '.gitlab-ci.yml': `include:\n  - component: $CI_SERVER_FQDN/sirt/tools/a@${version}\n` }, { 'templates/a.yml': JOB });
    expect(await start()).toBe(`Component '${new URL(gitlab.address).host}/sirt/tools/a@${version}' - ${says}`);
  });

  it.each(['project: sirt/tools\n    file: a.yml', 'component: $CI_SERVER_FQDN/sirt/tools/a@main'])('is refused where its user may not read `%s`', async (include) => {
    const { start, gitlab } = await withFiles({ '.gitlab-ci.yml': `include:\n  - ${include}\n` }, { 'a.yml': JOB, 'templates/a.yml': JOB });
    gitlab.world.projectAt('sirt/tools')?.members.set(gitlab.world.userNamed('lea').id, LEVEL.guest);
    expect(await start()).toMatch(/access denied|sufficient permissions/);
  });
});

describe('a rule with a pattern', () => {
  it.each([
    { rule: '$TAG =~ /^v\\d+$/', tag: 'v1', holds: true },
    { rule: '$TAG =~ /^v\\d+$/', tag: 'w1', holds: false },
    { rule: '$TAG =~ /^V\\d+$/i', tag: 'v1', holds: true },
    { rule: '$TAG !~ /^v\\d+$/', tag: 'w1', holds: true },
    { rule: '$NONE =~ /.*/', tag: 'v1', holds: false },
    { rule: '$NONE !~ /.*/', tag: 'v1', holds: true },
  ])('$rule holds for $tag: $holds', async ({ rule, tag, holds }) => {
    const { start } = await withFiles({ '.gitlab-ci.yml': `include:\n  - local: a.yml\n    rules: [{ if: '${rule.replace('$TAG', `"${tag}"`)}' }]\nown:\n  script: [echo]\n`, 'a.yml': JOB });
    expect(await start()).toEqual(holds ? ['from-include', 'own'] : ['own']);
  });
});
