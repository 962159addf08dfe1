import 'server-only';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { type Scope, type SourceKind, type TargetId, targetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { OpenSession } from '../collectors/index.ts';
import type { Target } from '../config/types.ts';
import type { Store } from '../store/store.ts';
import { Backfill, type BackfillStatus, type HistoryTarget } from './backfill.ts';
import { ImportedHistory, type ImportedSeries } from './imported.ts';
import type { Ledger } from './ledger.ts';
import { TargetPoller, type TargetStatus } from './target-poller.ts';

/** Visits that end within this time share one commit. */
const COMMIT_WINDOW_MS = 250;
/** A beat does not wait longer for a store that is away: it keeps the visit, and goes on. */
const MOST_KEEP_MS = 3_000;
/** Sources are visited at longer intervals: a kill loses what one visit cost at most, and nothing where it is billed. */
const LEDGER_SAVE_MS = 10_000;
const LEDGER_FAULT = 'the ledger of our own commands was not saved';
/** After a deploy every source is visited more often for so long. */
const DENSE_MS = 30 * MINUTE_MS;
/** How often we look whether a provider's memory waits to be read. */
const BACKFILL_MS = 5_000;

export interface PollerDeps {
  targets: readonly Target[];
  store: Store;
  ledger: Ledger;
  open: OpenSession;
  wallMs: () => number;
  monoMs: () => number;
  /** Told of faults of our own (a store that does not take data). */
  onFault: (message: string, error: unknown) => void;
}

/** The one loop of the process: a beat for each target, one commit for visits that end together. */
export class Poller {
  #targets: readonly TargetPoller[];
  /** Ids of the targets that a source has found, by that source. */
  readonly #found = new Map<TargetId, ReadonlySet<TargetId>>();
  #running = false;
  readonly #backfill: Backfill;
  readonly #imported: ImportedHistory;
  #pending: { scrape: Scrape; done: () => void; failed: (error: unknown) => void }[] = [];
  #commitTimer: NodeJS.Timeout | null = null;
  #timers: NodeJS.Timeout[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly deps: PollerDeps) {
    this.#targets = deps.targets.map((target) => this.#poll(target));
    const withMemory = this.#targets.filter(({ hasHistory }) => hasHistory);
    this.#backfill = new Backfill(withMemory.map(historyTarget), deps);
    this.#imported = new ImportedHistory(deps.store);
  }

  #poll(target: Target): TargetPoller {
    const { deps } = this;
    return new TargetPoller(target, {
      open: deps.open,
      count: (act, times) => deps.ledger.count(targetId(target), act, times),
      spentToday: () => deps.ledger.today(targetId(target)),
      reserve: (contacts) => this.#booked(deps.ledger.reserve(targetId(target), contacts)),
      settle: () => this.#booked(deps.ledger.settle(targetId(target))),
      keep: (scrape) => this.#keep(scrape),
      wallMs: deps.wallMs,
      monoMs: deps.monoMs,
    });
  }

  start(): void {
    this.#running = true;
    for (const target of this.#targets) target.start();
    this.#every(LEDGER_SAVE_MS, LEDGER_FAULT, () => this.deps.ledger.save());
    // At once, for what an earlier process has read: charts show it from the first look on.
    const recall = () => Promise.all([this.#backfill.run(), this.#imported.load()]).then(() => undefined);
    recall().catch((error: unknown) => this.deps.onFault('history was not read', error));
    this.#every(BACKFILL_MS, 'history was not read', recall);
    this.#every(MINUTE_MS, 'packing and retention failed', () =>
      this.deps.store.maintain(this.deps.wallMs()),
    );
  }

  /**
   * The targets that `source` has found by now: new ones get a beat of their own, those that are no more lose it; what
   * they brought stays in the store.
   */
  setFound(source: TargetId, targets: readonly Target[]): void {
    const before = this.#found.get(source) ?? new Set<TargetId>();
    const now = new Set(targets.map(targetId));
    this.#found.set(source, now);
    const gone = this.#targets.filter(({ id }) => before.has(id) && !now.has(id));
    const known = new Set(this.#targets.map(({ id }) => id));
    const born = targets.filter((target) => !known.has(targetId(target))).map((target) => this.#poll(target));
    this.#targets = [...this.#targets.filter((target) => !gone.includes(target)), ...born];
    for (const target of gone) {
      target.stop().catch((error: unknown) => this.deps.onFault('a target was not given up', error));
    }
    if (this.#running) for (const target of born) target.start();
  }

  /**
   * Visits every target of the scope now; resolves when all are written down, or wait for a store that is away. Returns
   * how many.
   */
  async visitNow(scope: Scope): Promise<number> {
    const chosen = this.#targets.filter(({ target }) => inScope(target, scope));
    await Promise.all(chosen.map((target) => target.visitNow()));
    return chosen.length;
  }

  /**
   * Visits one target now and gives what the visit found, once it is written down or waits for a store that is away; on
   * the beat's own session, so that budget, ledger and sleeping databases are minded. Null while its history is read, and for an unknown id.
   */
  async visitToTell(id: TargetId): Promise<Scrape | null> {
    const target = this.#targets.find((one) => one.id === id);
    return target === undefined ? null : target.visitToTell();
  }

  /** One visit to every target, or every one of these kinds, as if it were `atMs`; the caller stores them. For pre-rolled history. */
  visitAllAt(atMs: number, intervalMs: number, kinds?: ReadonlySet<SourceKind>): Promise<Scrape[]> {
    const chosen = this.#targets.filter(({ target }) => kinds === undefined || kinds.has(target.kind));
    return Promise.all(chosen.map((target) => target.visitAt(atMs, intervalMs)));
  }

  /** Denser visits for half an hour after a deploy. */
  noteDeploy(atMs: number): void {
    this.densifyUntil(atMs + DENSE_MS);
  }

  densifyUntil(untilMs: number): void {
    for (const target of this.#targets) target.densifyUntil(untilMs);
  }

  statuses(nowMs: number): readonly TargetStatus[] {
    return this.#targets.map((target) => target.status(nowMs));
  }

  /** The status of one target; null when it is not configured any more. */
  status(id: TargetId, nowMs: number): TargetStatus | null {
    return this.#targets.find((target) => target.id === id)?.status(nowMs) ?? null;
  }

  /** Reads what is due of the providers' memories now, and not at the next look. Never rejects. */
  readHistory(): Promise<void> {
    return this.#backfill.run();
  }

  /** Tells of series that people have imported: they are a memory of the target from now on. */
  noteImport(id: TargetId, series: readonly ImportedSeries[]): Promise<void> {
    return this.#imported.note(id, series, this.deps.wallMs());
  }

  /** How the reading of a provider's memory stands, with what was imported; null for a source without either. */
  backfill(id: TargetId): BackfillStatus | null {
    return this.#imported.join(id, this.#backfill.status(id));
  }

  /** Stops all beats, waits for running visits and their commit. The store is closed by its owner. */
  async stop(): Promise<void> {
    this.#running = false;
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([...this.#targets.map((target) => target.stop()), atMost(MOST_KEEP_MS, this.#flush())]);
    await atMost(MOST_KEEP_MS, this.#writing);
    await this.deps.ledger.save();
  }

  #every(periodMs: number, fault: string, job: () => Promise<void>): void {
    const timer = setInterval(() => {
      job().catch((error: unknown) => this.deps.onFault(fault, error));
    }, periodMs);
    timer.unref();
    this.#timers.push(timer);
  }

  /** A ledger that cannot be written still counts in memory; the visit goes on. */
  #booked(writing: Promise<void>): Promise<void> {
    return writing.catch((error: unknown) => this.deps.onFault(LEDGER_FAULT, error));
  }

  #keep(scrape: Scrape): Promise<void> {
    const kept = new Promise<void>((done, failed) => {
      this.#pending.push({ scrape, done, failed });
      this.#commitTimer ??= setTimeout(() => void this.#flush(), COMMIT_WINDOW_MS);
    }).catch((error: unknown) => {
      // The visit is lost for the store and shows as a gap; the beat goes on.
      this.deps.onFault('a visit could not be stored', error);
    });
    return atMost(MOST_KEEP_MS, kept);
  }

  #flush(): Promise<void> {
    if (this.#commitTimer !== null) clearTimeout(this.#commitTimer);
    this.#commitTimer = null;
    const batch = this.#pending;
    this.#pending = [];
    if (batch.length === 0) return this.#writing;
    this.#writing = this.deps.store.append(batch.map(({ scrape }) => scrape)).then(
      () => {
        for (const { done } of batch) done();
      },
      (error: unknown) => {
        for (const { failed } of batch) failed(error);
      },
    );
    return this.#writing;
  }
}

/** Resolves with `work`, or after `mostMs` without it: then it goes on by itself. */
async function atMost(mostMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, mostMs);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function historyTarget(target: TargetPoller): HistoryTarget {
  return {
    id: target.id,
    lastOkAtMs: () => target.lastOkAtMs,
    read: (range, onProgress) => target.readHistory(range, onProgress),
  };
}

function inScope(target: Target, scope: Scope): boolean {
  return target.app === scope.app && target.environment === scope.environment;
}
