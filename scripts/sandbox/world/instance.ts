/** What kind of GitLab it is. Source: GitLab docs, api/metadata; subscriptions/choosing_subscription. */
export type Instance = {
  version: string;
  revision: string;
  /** Whether it is the Enterprise Edition, which a Free GitLab may be too. */
  isEnterprise: boolean;
  tier: 'free' | 'premium' | 'ultimate';
  isGitLabCom: boolean;
};

/** A self-managed GitLab without a subscription. */
export function freeInstance(): Instance {
  return { version: '18.6.0', revision: 'embedded', isEnterprise: true, tier: 'free', isGitLabCom: false };
}

/** Whether a GitLab is older than a version such as `18.5`; what follows the numbers, as in `18.5.0-pre`, does not count. */
export function isBefore({ version }: Instance, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
