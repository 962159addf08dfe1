import 'server-only';

/** What the database refused, or that it could not be reached. `code` is its SQLSTATE, or the system's word. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  constructor(
    readonly code: string,
    message: string,
    /** True when the same may go well later: nothing is wrong with what was asked. */
    readonly isAway: boolean,
  ) {
    super(message);
  }
}

/** Another instance leads now: nothing of this one is written any more. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
  readonly code = 'FENCED';
  constructor() {
    super('another instance has taken over; this one must start anew');
  }
}
