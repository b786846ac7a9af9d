/** A release that may be made: its version without a `v`, and what its section of the changelog says. */
export type Release = { version: string; changes: string };

/** A release, or all that stands against it. */
export type ReadRelease = { ok: true; release: Release } | { ok: false; problems: string[] };

/** Source: semver.org, and GitLab docs, ci/components, semantic versioning. */
const VERSION = /^v?(\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,100})?)$/;

/** What a tag would release: its version is that of package.json, and has a section in the changelog with something in it. */
export function readRelease(tag: string, packageVersion: string, changelog: string): ReadRelease {
  const [, version] = VERSION.exec(tag) ?? [];
  if (version === undefined) return { ok: false, problems: [`${tag} is no version such as 1.2.3.`] };
  const changes = changesOf(version, changelog);
  const problems = [
    packageVersion === version ? '' : `package.json has the version ${packageVersion}, and the tag ${version}.`,
    changes === undefined ? `CHANGELOG.md has no section ## ${version}.` : '',
    changes === '' ? `CHANGELOG.md says nothing below ## ${version}.` : '',
  ].filter((says) => says !== '');
  return problems.length > 0 || changes === undefined
    ? { ok: false, problems }
    : { ok: true, release: { version, changes } };
}

/** What stands below the heading of a version: `## 1.2.3`, also in brackets, and with a day behind it. */
function changesOf(version: string, changelog: string): string | undefined {
  const lines = changelog.split('\n');
  const start = lines.findIndex((line) => /^## \[?v?([^\]\s]+)/.exec(line)?.[1] === version);
  if (start < 0) return undefined;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('## '));
  return (end < 0 ? rest : rest.slice(0, end)).join('\n').trim();
}
