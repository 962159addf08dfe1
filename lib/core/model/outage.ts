/** A database that can't be reached, or takes nothing, as people are told of it. */
export interface StoreOutage {
  sinceMs: number;
  /** Visits that are kept in memory until it is back; lost only when this process ends before. */
  waiting: number;
  /** Visits that found no room any more. */
  lost: number;
}
