/** A paragraph of a message, in Slack's mark-up. Source: Slack docs, reference/block-kit/blocks/section-block. */
export type SlackBlock = { type: 'section'; text: { type: 'mrkdwn'; text: string; verbatim: true } };

/**
 * A message to a channel: `blocks` are what is shown (at most 50, of at most 3000 characters), `text` what notifications show.
 * Both are in Slack's mark-up; text of people has been made inert (`render/slack.ts`).
 */
export type SlackMessage = { text: string; blocks: SlackBlock[] };

/**
 * All that Watchkeeper asks of Slack. Throws a `SetupError` where the webhook, its channel or a right is gone; `Unreached`
 * and `Declined` where nothing was posted; `MaybePosted` where that is not known. None of them repeats the webhook's address.
 */
export type Slack = { send(message: SlackMessage): Promise<void> };
