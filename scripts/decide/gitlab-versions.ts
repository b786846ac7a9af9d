/** Inputs of pipelines and schedules. Source: GitLab docs, ci/inputs; platform sheet, section 5, schedules. */
export const OLDEST_GITLAB = '18.1';
/** From here on the payload of a trigger is no variable that "No one allowed" forbids. Source: platform sheet, section 1.3. */
export const PAYLOAD_IS_NO_VARIABLE = '18.5';

/** Whether a version of GitLab, such as `18.4.2-ee`, is older than another. */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0)) as [
    number[],
    number[],
  ];
  const [major = 0, minor = 0] = a;
  const [otherMajor = 0, otherMinor = 0] = b;
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
