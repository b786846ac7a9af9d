import { inject } from 'vitest';

/** A real GitLab to be asked: its address, a token with scope api, and a scratch project where everything may be changed. */
export type Live = { url: string; token: string; project: string };

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merged into vitest's own
  export interface ProvidedContext {
    /** Given by `npm run test:live` alone; `live` is undefined where nobody named a GitLab. */
    target?: { live: Live | undefined };
    /** How many inputs a property is tried with, given by `npm run test:hard`. */
    inputs?: number;
    /** The file in which tests count the answers that were judged. */
    judged?: string;
  }
}

export const TARGET = inject('target');

/** The file in which tests count the answers that were judged. */
export const TALLY = inject('judged');

/** A few hundred in `npm test`, so that it takes seconds, and ten thousand where that is asked for. */
export const INPUTS = inject('inputs') ?? 300;
