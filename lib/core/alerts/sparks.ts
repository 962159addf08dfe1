import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import type { Seen } from './look.ts';

const MINUTES = HOUR_MS / MINUTE_MS;

/** Minutes of one alert: the highest share of its trigger in each; null where it was not known. */
interface Spark {
  /** Minutes since 1970 of the newest. */
  minute: number;
  /** Oldest first, ending with `minute`. */
  shares: readonly (number | null)[];
}

/** How near each subject of each rule was to its trigger in the last hour, a minute each. Not kept over a restart. */
export type Sparks = Readonly<Record<string, Spark>>;

/** Sparks after one more look; what nobody speaks of any more is forgotten after an hour. */
export function stepSparks(sparks: Sparks, seen: readonly Seen[], nowMs: number): Sparks {
  const minute = Math.floor(nowMs / MINUTE_MS);
  const next: Record<string, Spark> = {};
  for (const [id, spark] of Object.entries(sparks)) if (minute - spark.minute < MINUTES) next[id] = spark;
  for (const { id, finding } of seen) next[id] = noted(next[id], shareOf(finding), minute);
  return next;
}

function shareOf({ value, levels }: Seen['finding']): number | null {
  if (value === null || !Number.isFinite(value) || !(levels.trigger > 0)) return null;
  return value / levels.trigger;
}

function noted(spark: Spark | undefined, share: number | null, minute: number): Spark {
  const shares = upTo(spark, minute);
  const before = shares.at(-1) ?? null;
  const now = before === null || share === null ? (share ?? before) : Math.max(before, share);
  return { minute: Math.max(minute, spark?.minute ?? 0), shares: [...shares.slice(0, -1), now] };
}

/** Of the last hour, up to `minute`. */
function upTo(spark: Spark | undefined, minute: number): readonly (number | null)[] {
  const none = Array<null>(MINUTES).fill(null);
  if (spark === undefined) return none;
  const passed = Math.max(0, minute - spark.minute);
  return [...spark.shares, ...none.slice(0, passed)].slice(-MINUTES);
}

/** The last hour of one alert, oldest first; all null where nothing was noted. */
export function sparkOf(sparks: Sparks, id: string, nowMs: number): readonly (number | null)[] {
  const spark = Object.hasOwn(sparks, id) ? sparks[id] : undefined;
  return upTo(spark, Math.floor(nowMs / MINUTE_MS));
}
