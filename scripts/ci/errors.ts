/** The operator's mistake: names what is wrong, where, and its cure. Ends a run with exit 2. */
export class SetupError extends Error {
  override readonly name: string = 'SetupError';
}

/** GitLab could not be reached, or work was left over: the next run goes on. Ends a run with exit 3. */
export class LeftOver extends Error {
  override readonly name: string = 'LeftOver';
  /** GitLab wants to be left in peace for longer than a run may wait: the run stops here. */
  readonly endsRun: boolean;

  constructor(message: string, options: { cause?: unknown; endsRun?: boolean } = {}) {
    super(message, options);
    this.endsRun = options.endsRun ?? false;
  }
}

/** Whether an error stops only what met it: a mistake of the operator's, or work that is left to the next run, of which this one may do the rest. */
export function isForgiven(error: unknown): error is SetupError | LeftOver {
  return error instanceof SetupError || (error instanceof LeftOver && !error.endsRun);
}
