import type { RedisMode } from '../model/redis-mode.ts';
import type { GuardSpan, WatchRecord } from '../model/verdict.ts';
import type { MarkKind } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';
import type { CountBlock } from '../verdict/blocks.ts';
import type { ClaimSubject } from './subject.ts';

/** A mode of the fleet, in force from then on. */
export interface ModeFact {
  atMs: number;
  mode: RedisMode;
  /** The later deploy that brought it; null where none is known. */
  by: Pick<LaterDeploy, 'deployId' | 'release' | 'kind' | 'startMs'> | null;
  /** Every machine's own mode, by its name. */
  machines: Readonly<Record<string, RedisMode>>;
}

/** A deploy that began after T₀ in the same app and environment. */
export interface LaterDeploy {
  deployId: string;
  release: string;
  kind: MarkKind;
  startMs: number;
  /** True when it claims the same thing. */
  claimsSame: boolean;
  /** True when it goes by the same name, or is only a sign of the deploy that is watched. */
  isSame: boolean;
  /** Whether a step of the claim's number was found near it; null when that could not be looked at. */
  step: { atMs: number } | 'none' | null;
}

/** What a machine ran in a row of stretches, oldest first. Times without a word from it are left out. */
export interface MachineRun {
  name: string;
  /** Of all requests that were served since T₀, 0–1; null where that is not counted. */
  share: number | null;
  runs: readonly (TimeRange & { version: string; onRelease: boolean })[];
}

/** A stretch in which a source of the claim told nothing, and why. */
export interface SourceGap extends TimeRange {
  source: string;
  reason: string;
}

/** What a limiter decided in one block; null where it was not counted. */
export type LimiterBlock = { decisions: number; limited: number; failedOpen: number } | null;

/** All that the guards of one claim are judged by. Blocks are of 5 min, the first one holds T₀. */
export interface GuardFacts {
  subject: ClaimSubject;
  originMs: number;
  /** Start of the first block. */
  midMs: number;
  /** End of the settle time; null while the deploy rolls. */
  settledMs: number | null;
  /** End of the last block that counts. */
  asOfMs: number;
  release: string;
  kind: MarkKind;
  /** When the deploy ended; null while it rolls. */
  endMs: number | null;
  /** How far it came by what its platform says; null where nobody does. */
  rolled: { done: number; of: number } | null;
  /**
   * Modes from a little before T₀ on, oldest first, with the one in force then; empty where nothing tells. Null where
   * Redis modes are not watched.
   */
  modes: readonly ModeFact[] | null;
  later: readonly LaterDeploy[];
  /** Null where no machine tells what it runs. */
  machines: readonly MachineRun[] | null;
  /** True for each block since T₀ in which the claim's number was measured. */
  measured: readonly boolean[];
  gaps: readonly SourceGap[];
  /** Null where nobody counts requests. */
  requests: { before: readonly CountBlock[]; after: readonly CountBlock[] } | null;
  /** Blocks since T₀, and all decisions of the day before; null where no limiter is counted. */
  limiter: { after: readonly LimiterBlock[]; dayBefore: number } | null;
  /** Shares of awake time that query counts do not cover; null where it does not apply. */
  uncovered: { before: number | null; after: number | null } | null;
  /** The metric of the part that the claim's words name, while its own counts all of it; null where the two fit. */
  part: string | null;
}

/** What the guards of one claim found. */
export interface Guards {
  /** Oldest first. */
  spans: readonly GuardSpan[];
  /** Stretches in which silence is no fault: a database that slept. */
  quiet: readonly TimeRange[];
  notChecked: WatchRecord['notChecked'];
  /** Why it can be no more than provisional, each a plain clause. */
  caps: readonly string[];
  /** Why it cannot be met at all; null where it can. */
  noMet: string | null;
  interruption: WatchRecord['interruption'];
}

/** What one guard gives; absent parts are empty. */
export interface GuardFound {
  spans?: readonly GuardSpan[];
  quiet?: readonly TimeRange[];
  /** Why it could not look. */
  notChecked?: string;
  caps?: readonly string[];
  noMet?: string;
  interruption?: WatchRecord['interruption'];
}
