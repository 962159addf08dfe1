import { DAY_MS } from '../time/range.ts';

/** What a team may set about its rules. */
export interface AlertSettings {
  http429: {
    /** So many in five minutes, however few responses there are. */
    atLeast: number;
    /** Of all responses in those minutes, 0–1: on a busy app a handful is no news. */
    shareAtLeast: number;
  };
  /** Redis suspended on purpose is expected to last no longer than this. */
  suspendedForMs: number;
  /** What Redis mode the team expects; null where it has not said. */
  expect: 'suspended' | null;
}

/** Five 429s in five minutes, or one response in a thousand where that is more; a day of planned suspension. */
export const DEFAULT_ALERT_SETTINGS: AlertSettings = {
  http429: { atLeast: 5, shareAtLeast: 0.001 },
  suspendedForMs: DAY_MS,
  expect: null,
};
