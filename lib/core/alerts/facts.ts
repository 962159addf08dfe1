import type { RedisMode } from '../model/redis-mode.ts';
import type { ScrapeErrorKind } from '../model/scrape.ts';
import type { SourceState } from '../model/source-state.ts';
import type { SourceKind, TargetId } from '../model/target.ts';
import type { MarkKind } from '../model/view.ts';
import type { FleetFacts } from './facts/fleet.ts';
import type { LimitFacts } from './facts/limits.ts';
import type { ClaimFact, SeriesFact } from './facts/series.ts';

/** The Redis mode of one scope, as far as it is known now. */
export interface ModeFact {
  /** `unknown` while nothing tells. */
  mode: RedisMode;
  /** When it began, or at least since when it has been seen; null when that is not known. */
  sinceMs: number | null;
  /** What it was read from, without a full stop. */
  evidence: string;
  machines: readonly { name: string; mode: RedisMode }[];
  /** Machines whose settings ask to suspend Redis and that use it all the same. */
  askedInVain: readonly string[];
  /** True while a machine that told its mode before tells nothing: then "all is well" can't be told either. */
  isPartial: boolean;
}

/** One source as its latest visits left it. */
export interface SourceFact {
  id: TargetId;
  kind: SourceKind;
  name: string;
  state: SourceState;
  /** Failed visits in a row. */
  failures: number;
  errorKind: ScrapeErrorKind | null;
  /** Text of the last failure, fit to be shown; null when the latest visit was good. */
  error: string | null;
}

/** Responses of one scope in the last five minutes. */
export interface ResponsesFact {
  limited: number;
  all: number;
  /** Machines with 429s, most first. */
  machines: readonly { name: string; limited: number }[];
  /** True while a machine is missing in these sums. */
  isPartial: boolean;
}

/** The latest deploy that may have something to do with what is seen now: one that began less than 24 h ago. */
export interface DeployFact {
  id: string;
  release: string;
  kind: MarkKind;
  startMs: number;
  /** Null while it rolls over the machines. */
  endMs: number | null;
}

/** All that rules are judged by: one scope at one time. */
export interface AlertFacts {
  nowMs: number;
  /** Null where nothing could tell a mode. */
  mode: ModeFact | null;
  sources: readonly SourceFact[];
  /** Null where no machine counts responses by their exact status, or none has been read. */
  responses: ResponsesFact | null;
  deploy: DeployFact | null;
  /** Series that detectors watch, and what each of them sees. */
  series: readonly SeriesFact[];
  /** Claims of running watches that were lost or have failed. */
  claims: readonly ClaimFact[];
  /** What runs out or costs. */
  limits: LimitFacts;
  /** What machines, their guards and their database do. */
  fleet: FleetFacts;
}
