import 'server-only';
import type { ContactBudget } from '@/lib/core/budget/pace.ts';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { CollectResult, ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import type { TargetIdentity } from '@/lib/core/model/target.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';

export type { HistorySeries } from '@/lib/core/model/history.ts';

/** How often a job visits its target. `dense` is used for a while after a deploy or on request. */
export interface Pace {
  normalSeconds: number;
  denseSeconds: number;
  /**
   * True for a metered target: it is visited on a fixed beat of the wall clock (multiples of the interval), always
   * alike, so that baseline and watch are sampled the same way. Others are spread over the interval by hash.
   */
  fixedBeat: boolean;
  timeoutSeconds: number;
  /** At least so long between two visits, good ones too: where contacts may be refused and billed all the same. */
  restSeconds?: number;
  /** Commands and connects that may be sent on one UTC day; null where nothing is billed. */
  budget?: ContactBudget | null;
}

/** What a session sends is counted here, before it is sent. The poller keeps the ledger. */
export type ObserverAct = 'command' | 'connect' | 'query' | 'request';
export type CountAct = (act: ObserverAct, times?: number) => void;

export interface CollectContext {
  /** Aborts at the deadline of the visit; a collector must settle soon after and hold no socket or promise open. */
  signal: AbortSignal;
  /** Wall clock at the start of the visit. */
  nowMs: number;
}

/** The last of a visit's time is kept for saying what went wrong: at its deadline the visit is cut off without a word. */
const WORDS_MS = 100;
const WORDS_SHARE = 0.1;

/** What one request may take within a visit of `timeoutSeconds`, in ms. */
export function answerDeadlineMs(timeoutSeconds: number): number {
  const visitMs = timeoutSeconds * 1_000;
  return visitMs - Math.min(WORDS_MS, visitMs * WORDS_SHARE);
}

/**
 * An open relation to one target: it may keep one connection between visits and mends it itself, at most one
 * reconnect a visit. It never logs, retries or stores.
 */
export interface CollectorSession {
  /** Reads the target once. Throws `ScrapeError`. */
  collect(context: CollectContext): Promise<CollectResult>;
  /** The pace now; it may change with what was learned (a Redis that turned out to be metered). */
  pace(): Pace;
  close(): Promise<void>;
}

/** A session of a source with a memory of its own. */
export interface HistorySession extends CollectorSession {
  /**
   * What the provider knows of `range`, read once on first contact. Asking twice gives the same stretches. A part that
   * it does not know is absent. `onProgress` is told the share that is done, 0–1. Throws `ScrapeError`.
   */
  history(
    context: CollectContext & { range: TimeRange; onProgress: (share: number) => void },
  ): Promise<readonly HistorySeries[]>;
}

export interface Collector<T extends TargetIdentity> {
  readonly kind: T['kind'];
  open(target: T, deps: { count: CountAct }): CollectorSession;
}

/** What a refusal itself tells, such as how many of our commands were refused. */
export type Learned = Pick<CollectResult, 'samples' | 'facts'>;

/** A visit that gave no samples, and why. `message`: who, what failed, what was expected, what to do; no secrets. */
export class ScrapeError extends Error {
  override readonly name = 'ScrapeError';
  constructor(
    readonly kind: ScrapeErrorKind,
    message: string,
    options?: { cause?: unknown; retryAfterMs?: number; learned?: Learned },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfterMs = options?.retryAfterMs ?? null;
    this.learned = options?.learned ?? { samples: [], facts: {} };
  }
  /** From a `Retry-After`, clamped by the reader to 1 s – 1 h. */
  readonly retryAfterMs: number | null;
  readonly learned: Learned;
}
