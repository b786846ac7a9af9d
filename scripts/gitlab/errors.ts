import { LeftOver, SetupError } from '../ci/errors.ts';

/** A write was sent and no answer came back: it may have been applied. */
export class AnswerLost extends LeftOver {
  override readonly name = 'AnswerLost';
}

/** After so long what was read of an issue may be out of date, and is asked for again before anything is decided on it. */
export const OUTDATED_AFTER_MS = 2_000;

/** An edit of an issue would have to wait for so long that it may no longer be right: decide again after the pause. */
export class Busy extends LeftOver {
  override readonly name = 'Busy';
  readonly pauseMs: number;

  constructor(message: string, pauseMs: number) {
    super(message);
    this.pauseMs = pauseMs;
  }
}

/** Somebody closed, reopened, edited or verified the incident since it was read: what was decided is out of date. */
export class Overtaken extends LeftOver {
  override readonly name = 'Overtaken';

  constructor() {
    super('it changes faster than it can be judged; the next run goes on.');
  }
}

/** GitLab answered 404: the thing is gone, or the bot may not see it. */
export class NotFound extends LeftOver {
  override readonly name = 'NotFound';
}

/** GitLab answered 403: the bot, or its token, may not do this. */
export class Forbidden extends SetupError {
  override readonly name = 'Forbidden';
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

/** GitLab answered with a redirect, which is not followed: the token goes nowhere else. */
export class Moved extends SetupError {
  override readonly name = 'Moved';
  readonly location: string | undefined;

  constructor(message: string, location: string | undefined) {
    super(message);
    this.location = location;
  }
}
