import { LeftOver } from '../ci/errors.ts';

/** A write was sent and no answer came back: it may have been applied. */
export class AnswerLost extends LeftOver {
  override readonly name = 'AnswerLost';
}

/** GitLab answered 404: the thing is gone, or the bot may not see it. */
export class NotFound extends LeftOver {
  override readonly name = 'NotFound';
}

/** GitLab understood a call and would not do it (400, 405, 409, 422, ...). */
export class Refused extends LeftOver {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}
