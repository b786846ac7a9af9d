import { describe, expect, it } from 'vitest';
import { readRelease } from '../../scripts/read/release.ts';
import { renderReleaseNotes } from '../../scripts/render/release.ts';

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n- next\n\n## 1.10.0 - 2026-12-01\n\n### Added\n\n- ten\n\n## [1.1.0-rc.1] - 2026-11-30\n\n- candidate\n\n## 1.1.0\n\n## v1.0.0\n\n- first\n';

describe('a release', () => {
  it.each([
    { tag: '1.10.0', changes: '### Added\n\n- ten' },
    { tag: 'v1.10.0', changes: '### Added\n\n- ten' },
    { tag: '1.1.0-rc.1', changes: '- candidate' },
    { tag: '1.0.0', changes: '- first' },
  ])('by the tag $tag has its own section of the changelog', ({ tag, changes }) => {
    const version = tag.replace('v', '');
    expect(readRelease(tag, version, CHANGELOG)).toEqual({ ok: true, release: { version, changes } });
  });

  it.each([
    { name: 'a tag that is no version', tag: 'v1', version: '1.0.0', problems: ['v1 is no version such as 1.2.3.'] },
    { name: 'a tag with a command in it', tag: '1.0.0;id', version: '1.0.0', problems: ['1.0.0;id is no version such as 1.2.3.'] },
    { name: 'another version in package.json', tag: '1.0.0', version: '0.9.0', problems: ['package.json has the version 0.9.0, and the tag 1.0.0.'] },
    { name: 'no section', tag: '1.10.1', version: '1.10.1', problems: ['CHANGELOG.md has no section ## 1.10.1.'] },
    { name: 'an empty section', tag: '1.1.0', version: '1.1.0', problems: ['CHANGELOG.md says nothing below ## 1.1.0.'] },
    { name: 'both', tag: '2.0.0', version: '1.0.0', problems: ['package.json has the version 1.0.0, and the tag 2.0.0.', 'CHANGELOG.md has no section ## 2.0.0.'] },
  ])('is none with $name', ({ tag, version, problems }) => {
    expect(readRelease(tag, version, CHANGELOG)).toEqual({ ok: false, problems });
  });

  it('has notes that say what changed and how to include it', () => {
    const notes = renderReleaseNotes({ changes: '- first', tag: '1.0.0', project: 'sirt/watchkeeper', projectId: '7', sha256: 'ab'.repeat(32) });
    expect(notes).toMatch(/^- first\n/);
    expect(notes).toContain('component: $CI_SERVER_FQDN/sirt/watchkeeper/watch@1.0.0\n');
    expect(notes).toContain("bundle_url: '$CI_API_V4_URL/projects/7/packages/generic/watchkeeper/1.0.0/watchkeeper.cjs'\n");
    expect(notes).toContain(`bundle_sha256: '${'ab'.repeat(32)}'\n`);
  });
});
