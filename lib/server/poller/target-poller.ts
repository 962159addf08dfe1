import 'server-only';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { CollectResult, Notice, Scrape } from '@/lib/core/model/scrape.ts';
import { type SourceHistory, type SourceState, sourceState } from '@/lib/core/model/source-state.ts';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import { SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';
import {
  type CollectorSession,
  type CountAct,
  type HistorySession,
  ScrapeError,
} from '../collectors/collector.ts';
import type { OpenSession } from '../collectors/index.ts';
import type { Target } from '../config/types.ts';
import { holdOffMs } from './back-off.ts';
import type { ObserverCost } from './ledger.ts';
import { firstDelayMs, nextDelayMs } from './schedule.ts';
import { writeFailedVisit, writeGoodVisit } from './write-down.ts';

/** A collector that ignores its signal is cut off this long after its deadline. */
const DEADLINE_GRACE_MS = 250;
/** A fixed beat follows the wall clock, so a long sleep is taken in parts in case that clock is moved. */
const LONGEST_SLEEP_MS = 30_000;

/** A provider's memory is read in many pieces; it is no visit and has a limit of its own. */
const HISTORY_TIMEOUT_MS = 120_000;

export interface TargetStatus {
  id: TargetId;
  target: Target;
  state: SourceState;
  history: SourceHistory;
  lastError: { text: string; atMs: number } | null;
  facts: Readonly<Record<string, string>>;
  notices: readonly Notice[];
  /** Until the next visit begins; 0 while one runs. */
  nextVisitInMs: number;
}

export interface TargetPollerDeps {
  open: OpenSession;
  count: CountAct;
  /** What this target has cost today (UTC). */
  spentToday: () => ObserverCost;
  /** Takes the visit; resolves when it is durable. */
  keep: (scrape: Scrape) => Promise<void>;
  wallMs: () => number;
  monoMs: () => number;
}

/**
 * Visits one target on its beat: no overlap, own deadline, every visit written down. Nothing that one target does
 * reaches another.
 */
export class TargetPoller {
  readonly id: TargetId;
  #session: CollectorSession;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #historyAbort: AbortController | null = null;
  #stopped = false;
  #dueMonoMs = 0;
  #denseUntilMs = 0;
  #holdUntilMonoMs = 0;
  #failures = 0;
  #lastOkAtMs: number | null = null;
  #lastScrapeAtMs: number | null = null;
  #lastErrorKind: SourceHistory['lastErrorKind'] = null;
  #lastError: TargetStatus['lastError'] = null;
  #facts: TargetStatus['facts'] = {};
  #notices: readonly Notice[] = [];

  constructor(
    readonly target: Target,
    private readonly deps: TargetPollerDeps,
  ) {
    this.id = targetId(target);
    this.#session = deps.open(target, { count: deps.count });
  }

  start(): void {
    this.#sleep(firstDelayMs(this.id));
  }

  /** Denser visits until then, for the time after a deploy; in ms of the wall clock. */
  densifyUntil(untilMs: number): void {
    this.#denseUntilMs = Math.max(this.#denseUntilMs, untilMs);
  }

  /** Visits now, or joins the visit that is running. Clears a hold: a person asked. */
  visitNow(): Promise<void> {
    this.#holdUntilMonoMs = 0;
    return this.#visitOnce();
  }

  /** One visit as if it were `atMs`, outside the beat; the caller stores the result. For pre-rolled history. */
  async visitAt(atMs: number, intervalMs: number): Promise<Scrape> {
    return this.#visit(atMs, intervalMs);
  }

  status(nowMs: number): TargetStatus {
    const history: SourceHistory = {
      intervalMs: this.intervalMs(nowMs),
      lastOkAtMs: this.#lastOkAtMs,
      lastScrapeAtMs: this.#lastScrapeAtMs,
      failures: this.#failures,
      lastErrorKind: this.#lastErrorKind,
    };
    return {
      id: this.id,
      target: this.target,
      state: sourceState(history, nowMs),
      history,
      lastError: this.#lastError,
      facts: this.#facts,
      notices: this.#notices,
      nextVisitInMs: this.#running === null ? Math.max(0, this.#dueMonoMs - this.deps.monoMs()) : 0,
    };
  }

  /** The interval in force at `nowMs`. */
  intervalMs(nowMs: number): number {
    const pace = this.#session.pace();
    return (nowMs < this.#denseUntilMs ? pace.denseSeconds : pace.normalSeconds) * SECOND_MS;
  }

  /** True when the source has a memory that `history` can read. */
  get hasHistory(): boolean {
    return hasHistory(this.#session);
  }

  get lastOkAtMs(): number | null {
    return this.#lastOkAtMs;
  }

  /** What the provider knows of `range`; no visit runs meanwhile. Rejects with a text fit for a person. */
  async readHistory(
    range: TimeRange,
    onProgress: (share: number) => void,
  ): Promise<readonly HistorySeries[]> {
    while (this.#running !== null) await this.#running;
    const reading = this.#history(range, onProgress);
    this.#running = reading.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await reading;
    } finally {
      this.#running = null;
      this.#sleep(this.#nextDelayMs(0));
    }
  }

  async #history(range: TimeRange, onProgress: (share: number) => void): Promise<readonly HistorySeries[]> {
    const session = this.#session;
    if (this.#stopped || !hasHistory(session)) return [];
    this.#historyAbort = new AbortController();
    const late = setTimeout(() => this.#historyAbort?.abort(), HISTORY_TIMEOUT_MS);
    try {
      const { signal } = this.#historyAbort;
      return await session.history({ signal, nowMs: this.deps.wallMs(), range, onProgress });
    } catch (cause) {
      throw asScrapeError(this.target.name, cause);
    } finally {
      clearTimeout(late);
      this.#historyAbort = null;
    }
  }

  /** Ends the beat, waits for a running visit, closes the session. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#historyAbort?.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running?.catch(() => undefined);
    await this.#session.close();
  }

  #sleep(delayMs: number): void {
    if (this.#stopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueMonoMs = this.deps.monoMs() + delayMs;
    const partMs = Math.min(delayMs, LONGEST_SLEEP_MS);
    this.#timer = setTimeout(() => {
      if (partMs < delayMs)
        this.#sleep(this.#session.pace().fixedBeat ? this.#nextDelayMs(0) : delayMs - partMs);
      else void this.#visitOnce();
    }, partMs);
    this.#timer.unref();
  }

  /** `minimumShare` of an interval that must lie before the next beat; 0 only looks where the beat now is. */
  #nextDelayMs(minimumShare: number): number {
    const { deps } = this;
    const now = { wallMs: deps.wallMs(), monoMs: deps.monoMs() };
    const beat = { intervalMs: this.intervalMs(now.wallMs), fixedBeat: this.#session.pace().fixedBeat };
    const delayMs = nextDelayMs(this.id, beat, now, minimumShare);
    return Math.max(delayMs, this.#holdUntilMonoMs - now.monoMs);
  }

  #visitOnce(): Promise<void> {
    this.#running ??= this.#visitAndKeep().finally(() => {
      this.#running = null;
      this.#sleep(this.#nextDelayMs(0.5));
    });
    return this.#running;
  }

  async #visitAndKeep(): Promise<void> {
    const nowMs = this.deps.wallMs();
    const scrape = await this.#visit(nowMs, this.intervalMs(nowMs));
    await this.deps.keep(scrape);
  }

  async #visit(atMs: number, intervalMs: number): Promise<Scrape> {
    const beganMs = this.deps.monoMs();
    const visit = () => ({
      targetId: this.id,
      kind: this.target.kind,
      atMs,
      intervalMs,
      durationMs: Math.max(0, this.deps.monoMs() - beganMs),
    });
    try {
      this.#refuseOverBudget();
      const result = await this.#collect(atMs);
      if (result.leftAlone != null) {
        const error = new ScrapeError(result.leftAlone, leftAloneText(this.target, result));
        this.#noteFailed(atMs, error);
        this.#facts = { ...this.#facts, ...result.facts };
        this.#notices = result.notices;
        return writeFailedVisit(visit(), error);
      }
      this.#noteGood(atMs, result);
      return writeGoodVisit(visit(), result);
    } catch (cause) {
      const error = asScrapeError(this.target.name, cause);
      this.#noteFailed(atMs, error);
      return writeFailedVisit(visit(), error);
    }
  }

  /** Also holds for a person who asks: the cap is on the bill, not on our curiosity. */
  #refuseOverBudget(): void {
    const budget = this.#session.pace().budget ?? null;
    if (budget === null) return;
    const { commands, connects } = this.deps.spentToday();
    if (commands + connects + budget.mostPerVisit <= budget.contactsPerDay) return;
    throw new ScrapeError(
      'budget',
      `${this.target.kind}: ${this.target.name} is paused until midnight UTC: ${commands + connects} of ${budget.contactsPerDay} commands and connects of our budget are used today`,
    );
  }

  async #collect(nowMs: number): Promise<CollectResult> {
    const session = this.#session;
    const timeoutMs = session.pace().timeoutSeconds * SECOND_MS;
    const abort = new AbortController();
    const late = deadlineError(this.target, timeoutMs);
    let hard: NodeJS.Timeout | undefined;
    const soft = setTimeout(() => abort.abort(late), timeoutMs);
    try {
      return await Promise.race([
        session.collect({ signal: abort.signal, nowMs }),
        new Promise<never>((_, reject) => {
          hard = setTimeout(() => {
            this.#replaceSession();
            reject(late);
          }, timeoutMs + DEADLINE_GRACE_MS);
        }),
      ]);
    } finally {
      clearTimeout(soft);
      clearTimeout(hard);
    }
  }

  /** A session that did not obey its deadline may never answer: the next visit gets a fresh one. */
  #replaceSession(): void {
    const stuck = this.#session;
    this.#session = this.deps.open(this.target, { count: this.deps.count });
    void stuck.close().catch(() => undefined);
  }

  #noteGood(atMs: number, result: CollectResult): void {
    this.#failures = 0;
    this.#lastErrorKind = null;
    this.#lastScrapeAtMs = atMs;
    this.#lastOkAtMs = atMs;
    this.#facts = result.facts;
    this.#notices = result.notices;
    this.#holdUntilMonoMs = this.deps.monoMs() + (this.#session.pace().restSeconds ?? 0) * SECOND_MS;
  }

  #noteFailed(atMs: number, error: ScrapeError): void {
    this.#failures += 1;
    this.#lastErrorKind = error.kind;
    this.#lastScrapeAtMs = atMs;
    this.#lastError = { text: error.message, atMs };
    this.#facts = { ...this.#facts, ...error.learned.facts };
    this.#holdUntilMonoMs = this.deps.monoMs() + holdOffMs(this.target.kind, error);
  }
}

function hasHistory(session: CollectorSession): session is HistorySession {
  return 'history' in session && typeof session.history === 'function';
}

function leftAloneText({ kind, name }: Target, { notices }: CollectResult): string {
  return `${kind}: ${name} was left alone: ${notices[0]?.text ?? 'nothing shows that it is awake'}`;
}

function deadlineError(target: Target, timeoutMs: number): ScrapeError {
  const seconds = timeoutMs / SECOND_MS;
  return new ScrapeError(
    'timeout',
    `${target.kind}: ${target.name} gave no answer within ${seconds} s; check that it is up and reachable, or raise its timeout`,
  );
}

function asScrapeError(name: string, cause: unknown): ScrapeError {
  if (cause instanceof ScrapeError) return cause;
  // Not the text of the unknown error: it may hold what the target sent.
  const kind = cause instanceof Error ? cause.name : typeof cause;
  return new ScrapeError('internal', `${name}: our own collector failed (${kind}); please report this`, {
    cause,
  });
}
