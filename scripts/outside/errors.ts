import { LeftOver } from '../ci/errors.ts';

/** PagerDuty or Slack gave no answer that can be used: not reached, in trouble, or too busy for this run. */
export class Unreached extends LeftOver {
  override readonly name = 'Unreached';
}

/** A message was sent to Slack and no answer came: it may stand in the channel. */
export class MaybePosted extends LeftOver {
  override readonly name = 'MaybePosted';
}

/** PagerDuty or Slack understood a call and would not do it. `code` is PagerDuty's own, such as 1008: nobody has that address. */
export class Declined extends LeftOver {
  override readonly name = 'Declined';
  readonly status: number;
  readonly code: number | undefined;

  constructor(message: string, status: number, code?: number) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
