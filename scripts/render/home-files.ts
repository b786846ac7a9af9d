import { createHash } from 'node:crypto';
import type { FileText } from '../gitlab/installation-port.ts';
import type { Installation } from '../read/config.ts';
import { renderAnalysisTemplate } from './analysis.ts';
import { COMPONENTS } from './components.ts';
import { render } from './engine.ts';
import { renderIssueTemplates } from './issue-templates.ts';

/** The program that jobs run, as one file: its version, and its digest (SHA-256, hexadecimal). */
export type Program = { version: string; sha256: string };

/** The file that says what pipelines do. */
export const CI_FILE = '.gitlab-ci.yml';
/** Where the copy of the component lies in the project, for who includes none from elsewhere. */
const COMPONENT_COPY = '.gitlab/watchkeeper.yml';
/** The files of that project that setup writes. */
export const HOME_FILES = [CI_FILE, COMPONENT_COPY];
/** Where issue templates lie in a project. Source: GitLab docs, user/project/description_templates. */
const TEMPLATES = '.gitlab/issue_templates';
const MARK = '# Written by setup of Watchkeeper';

/** Whether a CI file is one that setup wrote, and may write again. */
export function isOurCiFile(text: string): boolean {
  return text.startsWith(MARK);
}

/** The version under which the package registry of a project keeps a program: another program is another version. */
export function packageVersion({ version, sha256 }: Program): string {
  return `${version}-${sha256.slice(0, 12)}`;
}

/** The CI file of the project that Watchkeeper runs in, and a copy of the component where it includes none from elsewhere. */
export function renderHomeFiles(
  { installation }: Installation,
  program: Program,
  at: { homeId: number; configPath: string },
): FileText[] {
  const { component, bundle_url: url, bundle_sha256: sha256 } = installation;
  const own = `$CI_API_V4_URL/projects/${at.homeId}/packages/generic/watchkeeper/${packageVersion(program)}/watchkeeper.cjs`;
  const ciFile = render('setup/gitlab-ci.yml', {
    ...{ include: component === undefined ? 'local' : 'component', from: component ?? COMPONENT_COPY },
    config: at.configPath,
    ...{ bundle_url: url ?? own, bundle_sha256: url === undefined ? program.sha256 : (sha256 ?? '') },
  });
  const files = [{ path: CI_FILE, text: `${MARK}, which writes it again: \`npm run setup -- --apply\`.\n${ciFile}` }];
  return component === undefined ? [...files, { path: COMPONENT_COPY, text: COMPONENTS.watch }] : files;
}

/** The digest of a file (SHA-256, hexadecimal). */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The issue templates of a configuration, as files of a project. */
export function renderTemplateFiles(installation: Installation): FileText[] {
  const files = Object.entries({ ...renderIssueTemplates(installation), ...renderAnalysisTemplate(installation) });
  return files.map(([name, text]) => ({ path: `${TEMPLATES}/${name}`, text }));
}
