import { fullFormats } from 'ajv-formats/dist/formats.js';
import { isGitLabReference, isGitLabUser, isReason, isTimeZone } from './formats.ts';
import { isPlaceholder } from './placeholder.ts';

/** The formats that schemas may name. */
export const FORMATS = {
  date: fullFormats.date,
  'date-time': fullFormats['date-time'],
  uri: fullFormats.uri,
  email: fullFormats.email,
  'gitlab-user': isGitLabUser,
  'gitlab-reference': isGitLabReference,
  'time-zone': isTimeZone,
} as const;

/** What our keywords ask of a text: `filled`, with `or none` where a bare none will do, and `reasoned`, from so many letters. */
export const KEYWORDS = {
  filled: (text: string, mode: boolean | string): boolean => !isPlaceholder(text, mode === 'or none'),
  reasoned: isReason,
} as const;
