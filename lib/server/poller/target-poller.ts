import 'server-only';
import { type Acts, contactsOf } from '@/lib/core/budget/acts.ts';
import { nextDayMs } from '@/lib/core/budget/day.ts';
import {
  allowsDense,
  allowsVisit,
  type ContactBudget,
  intervalWithin,
  type Spending,
} from '@/lib/core/budget/pace.ts';
import { projectDay } from '@/lib/core/budget/project.ts';
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
import { leaveOutImpossible } from './possible.ts';
import { firstDelayMs, nextDelayMs } from './schedule.ts';
import { VisitCosts } from './visit-costs.ts';
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
  /** What a whole day costs at the present pace, by what the latest visits cost; null before the first one. */
  costADay: Acts | null;
  /** Null where nothing is billed. */
  budget: ContactBudget | null;
  /** When our own budget lets it be visited again; null unless it is used up. */
  pausedUntilMs: number | null;
}

export interface TargetPollerDeps {
  open: OpenSession;
  count: CountAct;
  /** What this target has cost today (UTC). */
  spentToday: () => Acts;
  /** Writes down what a visit may cost at most, and then that it is over. Durable when resolved. */
  reserve: (contacts: number) => Promise<void>;
  settle: () => Promise<void>;
  /** Takes the visit; resolves when it is durable, or waits for a store that is away. */
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
  readonly #costs = new VisitCosts();
  /** Told of the next visit; for a person who waits for it. */
  readonly #listeners = new Set<(scrape: Scrape) => void>();
  /** How long the latest visit makes us wait beyond the beat. */
  #restMs = 0;
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
    this.#session = this.#open();
  }

  #open(): CollectorSession {
    const count: CountAct = (act, times = 1) => {
      this.#costs.count(act, times);
      this.deps.count(act, times);
    };
    return this.deps.open(this.target, { count });
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

  /**
   * Visits now, as `visitNow`, and gives what the visit found. Null while history is read: no visit runs meanwhile, and
   * that may take minutes.
   */
  async visitToTell(): Promise<Scrape | null> {
    if (this.#historyAbort !== null) return null;
    let told: Scrape | null = null;
    const listen = (scrape: Scrape): void => {
      told = scrape;
    };
    this.#listeners.add(listen);
    try {
      await this.visitNow();
    } finally {
      this.#listeners.delete(listen);
    }
    return told;
  }

  /** One visit as if it were `atMs`, outside the beat; the caller stores the result. For pre-rolled history. */
  async visitAt(atMs: number, intervalMs: number): Promise<Scrape> {
    return this.#visit(atMs, intervalMs);
  }

  status(nowMs: number): TargetStatus {
    const { budget = null } = this.#session.pace();
    const history: SourceHistory = {
      intervalMs: this.intervalMs(nowMs),
      lastOkAtMs: this.#lastOkAtMs,
      lastScrapeAtMs: this.#lastScrapeAtMs,
      failures: this.#failures,
      lastErrorKind: this.#lastErrorKind,
    };
    const state = sourceState(history, nowMs);
    return {
      id: this.id,
      target: this.target,
      state,
      history,
      lastError: this.#lastError,
      facts: this.#facts,
      notices: this.#notices,
      nextVisitInMs: this.#running === null ? Math.max(0, this.#dueMonoMs - this.deps.monoMs()) : 0,
      costADay: projectDay(this.#costs.perVisit(), Math.max(this.#usualMs(nowMs), this.#restMs)),
      budget,
      pausedUntilMs: state === 'paused_budget' ? nextDayMs(nowMs) : null,
    };
  }

  /** The interval in force at `nowMs`. */
  intervalMs(nowMs: number): number {
    const isDense = nowMs < this.#denseUntilMs && this.#affordsDense(nowMs);
    return isDense ? this.#session.pace().denseSeconds * SECOND_MS : this.#usualMs(nowMs);
  }

  #affordsDense(nowMs: number): boolean {
    const { budget = null, normalSeconds } = this.#session.pace();
    return budget === null || allowsDense(budget, normalSeconds * SECOND_MS, this.#spending(nowMs));
  }

  /** The interval without a deploy. */
  #usualMs(nowMs: number): number {
    const { budget = null, normalSeconds } = this.#session.pace();
    const normalMs = normalSeconds * SECOND_MS;
    if (budget === null) return normalMs;
    const spending = this.#spending(nowMs);
    // Once it is used up, visits cost nothing and only write down why there are no numbers.
    return allowsVisit(budget, spending.spent) ? intervalWithin(budget, normalMs, spending) : normalMs;
  }

  #spending(nowMs: number): Spending {
    return { spent: contactsOf(this.deps.spentToday()), perVisit: this.#costs.contactsPerVisit(), nowMs };
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
      // What cannot be paid any more ends here, so that the beat does not waver at the edge.
      if (!this.#affordsDense(this.deps.wallMs())) this.#denseUntilMs = 0;
      this.#sleep(this.#nextDelayMs(0.5));
    });
    return this.#running;
  }

  async #visitAndKeep(): Promise<void> {
    const nowMs = this.deps.wallMs();
    const scrape = await this.#visit(nowMs, this.intervalMs(nowMs));
    for (const listen of this.#listeners) listen(scrape);
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
      const result = leaveOutImpossible(await this.#collectWithinBudget(atMs));
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

  /** Where contacts are billed, what the visit may cost is written down first: a crash must not make it forgotten. */
  async #collectWithinBudget(nowMs: number): Promise<CollectResult> {
    const { budget = null } = this.#session.pace();
    if (budget === null) return this.#collectCounted(nowMs);
    this.#refuseOverBudget(budget);
    await this.deps.reserve(budget.mostPerVisit);
    try {
      return await this.#collectCounted(nowMs);
    } finally {
      await this.deps.settle();
    }
  }

  /** Also holds for a person who asks: the cap is on the bill, not on our curiosity. */
  #refuseOverBudget(budget: ContactBudget): void {
    const spent = contactsOf(this.deps.spentToday());
    if (allowsVisit(budget, spent)) return;
    throw new ScrapeError(
      'budget',
      `${this.target.kind}: ${this.target.name} is paused until midnight UTC: ${spent} of ${budget.contactsPerDay} commands and connects of our budget are used today, and a visit may take ${budget.mostPerVisit}`,
    );
  }

  async #collectCounted(nowMs: number): Promise<CollectResult> {
    this.#costs.begin();
    try {
      return await this.#collect(nowMs);
    } finally {
      this.#costs.end();
    }
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
    this.#session = this.#open();
    void stuck.close().catch(() => undefined);
  }

  #noteGood(atMs: number, result: CollectResult): void {
    this.#failures = 0;
    this.#lastErrorKind = null;
    this.#lastScrapeAtMs = atMs;
    this.#lastOkAtMs = atMs;
    this.#facts = result.facts;
    this.#notices = result.notices;
    this.#rest((this.#session.pace().restSeconds ?? 0) * SECOND_MS);
  }

  #noteFailed(atMs: number, error: ScrapeError): void {
    this.#failures += 1;
    this.#lastErrorKind = error.kind;
    this.#lastScrapeAtMs = atMs;
    this.#lastError = { text: error.message, atMs };
    this.#facts = { ...this.#facts, ...error.learned.facts };
    this.#rest(holdOffMs(this.target.kind, error));
  }

  #rest(restMs: number): void {
    this.#restMs = restMs;
    this.#holdUntilMonoMs = this.deps.monoMs() + restMs;
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
