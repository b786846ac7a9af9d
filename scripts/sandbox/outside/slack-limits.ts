/** A message as it stands in the channel. */
export type Posted = { text: string; blocks: PostedBlock[] };

/** A block as it came; of each type what is looked at. */
export type PostedBlock = {
  type: string;
  text?: { type: string; text: string };
  fields?: { type: string; text: string }[];
  elements?: unknown[];
};

/** A longer `text` is cut off, which is no error. Source: Slack docs, apis/web-api/truncating-text. */
export const LONGEST_TEXT = 40_000;
const MOST_BLOCKS = 50;
const MOST_ATTACHMENTS = 100;

type Check = (block: PostedBlock) => boolean;

/** What a block may hold. Source: slackapi/node-slack-sdk, packages/types/src/block-kit/blocks. */
const CHECKS: Readonly<Record<string, Check>> = {
  section: ({ text, fields }) => (text || fields ? isText(text, 3000) && areFields(fields) : false),
  header: ({ text }) => text?.type === 'plain_text' && isText(text, 150),
  context: ({ elements = [] }) => elements.length >= 1 && elements.length <= 10,
  actions: ({ elements = [] }) => elements.length >= 1 && elements.length <= 25,
  divider: () => true,
};

/** What is wrong with a payload, in Slack's word, if anything is. */
export function faultOf(payload: object): 'no_text' | 'invalid_blocks' | 'too_many_attachments' | undefined {
  const { text, blocks, attachments } = payload as { text?: unknown; blocks?: unknown; attachments?: unknown };
  if (Array.isArray(attachments) && attachments.length > MOST_ATTACHMENTS) return 'too_many_attachments';
  const isSaid = typeof text === 'string' && text !== '';
  const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
  if (!isSaid && !hasBlocks && !Array.isArray(attachments)) return 'no_text';
  if (blocks === undefined) return undefined;
  const areSound = Array.isArray(blocks) && blocks.length <= MOST_BLOCKS && blocks.every(isBlock);
  return areSound ? undefined : 'invalid_blocks';
}

function isBlock(block: unknown): boolean {
  if (block === null || typeof block !== 'object' || !('type' in block)) return false;
  const { type, block_id: id } = block as { type: unknown; block_id?: unknown };
  const check = typeof type === 'string' && Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  return (
    check !== undefined && (id === undefined || (typeof id === 'string' && id.length <= 255)) && check(block as never)
  );
}

function isText(text: PostedBlock['text'], longest: number): boolean {
  if (text === undefined) return true;
  const isKind = text.type === 'mrkdwn' || text.type === 'plain_text';
  return isKind && typeof text.text === 'string' && text.text.length >= 1 && text.text.length <= longest;
}

function areFields(fields: PostedBlock['fields']): boolean {
  return (
    fields === undefined || (fields.length >= 1 && fields.length <= 10 && fields.every((field) => isText(field, 2000)))
  );
}
