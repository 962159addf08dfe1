import type { Sample, StartMarker } from './sample.ts';
import type { TargetId } from './target.ts';

/**
 * Why a scrape gave nothing. The last three sent nothing at all: `budget`, our own budget of the day is used up;
 * `asleep`, the target sleeps or is left to fall asleep; `unseen`, nobody told us whether it sleeps.
 */
export const SCRAPE_ERROR_KINDS = [
  'timeout',
  'network',
  'auth',
  'grant',
  'limit',
  'http',
  'parse',
  'quota',
  'internal',
  'budget',
  'asleep',
  'unseen',
] as const;
export type ScrapeErrorKind = (typeof SCRAPE_ERROR_KINDS)[number];

/** True when the target was not asked, so that nothing was learned about it. */
export function isUnasked(kind: ScrapeErrorKind): boolean {
  return kind === 'budget' || kind === 'asleep' || kind === 'unseen';
}

/**
 * Something true about a target that is not a number and not a failure, shown on the sources list:
 * `class_only_status` (only `4xx`, so no exact 429), `multi_worker`, `clock_skew`, `no_commandstats`, `several_replicas` …
 */
export interface Notice {
  code: string;
  /** Plain words: what was seen, what it means, what to do. Already free of secrets. */
  text: string;
}

/** What a collector gives back when it could read its target. */
export interface CollectResult {
  samples: Sample[];
  /** Start of the process that counts; null when the source does not tell. */
  start: StartMarker | null;
  /** Context that is no number: version, role, machine id, release. Values are short and free of secrets. */
  facts: Readonly<Record<string, string>>;
  notices: readonly Notice[];
  /** Why the target was left alone; then there are no samples. Null or absent for a true visit. */
  leftAlone?: 'asleep' | 'unseen' | null;
}

/** One visit of one collector to one target, good or bad. Kept by the store. */
export interface Scrape {
  targetId: TargetId;
  /** Wall clock at the start of the visit. */
  atMs: number;
  /** The interval that the poller had scheduled: gap and staleness use it. */
  intervalMs: number;
  durationMs: number;
  ok: boolean;
  error: { kind: ScrapeErrorKind; message: string } | null;
  start: StartMarker | null;
  samples: Sample[];
}
