/**
 * `{{object_attributes.iid}}` and the like; arrays cannot be reached, and what is absent is empty.
 * Source: GitLab docs, user/project/integrations/webhooks, custom webhook template; values are escaped since 18.6.
 */
export function renderHookTemplate(template: string, payload: object): string {
  return template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_whole, path: string) => {
    let value: unknown = payload;
    for (const part of path.split('.'))
      value =
        value !== null && typeof value === 'object' && !Array.isArray(value)
          ? (value as Record<string, unknown>)[part]
          : undefined;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isPlain ? JSON.stringify(String(value)).slice(1, -1) : '';
  });
}

/** Events of `confidential_issues` go out as `confidential_issue_hooks`. Source: app/models/concerns/triggerable_hooks.rb. */
export function triggerOf(event: string): string {
  return `${event.replace(/s$/, '')}_hooks`;
}

/** `confidential_issue_hooks` are sent as `Confidential Issue Hook`. Source: the same, singularize.titleize. */
export function titleOf(trigger: string): string {
  const words = trigger.replace(/s$/, '').split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
