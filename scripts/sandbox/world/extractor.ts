/** A quick action found in a text. */
export type Command = { name: string; argument: string };

/** Those that GitLab knows for issues and incidents; others stay in the text. Source: GitLab docs, user/project/quick_actions. */
const KNOWN = new Set(
  `close reopen label labels unlabel relabel assign reassign unassign severity confidential duplicate title due remove_due_date
  lock unlock promote_to_incident move clone todo subscribe unsubscribe estimate spend milestone relate timeline link page zoom
  react shrug tableflip copy_metadata create_merge_request add_email`.split(/\s+/),
);

const EXEMPT =
  /(^```[^\n]*\n[^]*?\n```(?=\n|$)|^>>>[ \t]*\n[^]*?\n>>>(?=\n|$)|^<[a-z]+[^>\n]*>\n[^]*?\n<\/[a-z]+>(?=\n|$)|`[^`]+`)/m;
const COMMAND = /^\/([a-z_]+)(?:[ \t]+([^\n]*))?(?:\n|$)/gim;

/**
 * Finds quick actions as GitLab's extractor does: `/name` at the very start of a line, known names only. Backtick fences,
 * inline code (also over lines), HTML blocks and `>>>` quotes are exempt; `~~~` fences and HTML comments are not.
 * Source: platform sheet, section 3, read in lib/gitlab/quick_actions/extractor.rb.
 */
export function extract(text: string): { rest: string; commands: Command[] } {
  const commands: Command[] = [];
  const rest = text
    .replace(/\r/g, '')
    .split(EXEMPT)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(COMMAND, (whole: string, name: string, argument?: string) => {
            if (!KNOWN.has(name.toLowerCase())) return whole;
            commands.push({ name: name.toLowerCase(), argument: (argument ?? '').trim() });
            return '';
          }),
    )
    .join('');
  return { rest: rest.trim(), commands };
}

/** The text without what stands in code, where nothing is a reference or a mention. */
export function withoutCode(text: string): string {
  return text.replace(/^(```+|~~~+)[^]*?^\1/gm, '').replace(/(`+)[^]*?\1/g, '');
}
