import 'server-only';

/** The two clocks of the process; passed in wherever time matters, so that tests and the demo can turn them. */
export interface Clock {
  /** Unix ms; may be moved by people and time servers. Stamps data. */
  wallMs(): number;
  /** Ms since some start; only goes forward. Measures spans and sets beats. */
  monoMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
};
