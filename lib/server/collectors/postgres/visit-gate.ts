import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import type { CollectContext } from '../collector.ts';

/** Code of the notice that a visit sent no SQL; the text says why and what is lost. */
export const HELD_BACK = 'sql_held_back';

/** Leave to connect, or what to show in place of numbers. */
export type VisitPermit =
  | { open: true; notices: readonly Notice[] }
  | {
      open: false;
      /** `state` among them, such as `asleep`. */
      facts: Readonly<Record<string, string>>;
      notices: readonly Notice[];
    };

/**
 * Decides before each visit whether a database may be connected to at all, for those that sleep when nobody asks. A
 * visit behind a gate closes its connection when it ends.
 */
export interface VisitGate {
  /** Asked right before the connection would be made. Throws nothing: what it cannot see is a reason to stay away. */
  mayVisit(context: CollectContext): Promise<VisitPermit>;
  /**
   * After every visit that was begun, good or bad. `sawOthers`: false when the statistics show that nobody else asked
   * anything since the visit before; null when they cannot tell.
   */
  noteVisit(visit: { startMs: number; endMs: number; sawOthers: boolean | null }): void;
  /** Seconds between two questions now. */
  paceSeconds(): number;
  close(): Promise<void>;
}
