import 'server-only';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { type Scope, type SourceKind, type TargetId, targetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { OpenSession } from '../collectors/index.ts';
import type { Target } from '../config/types.ts';
import type { Store } from '../store/store.ts';
import { Backfill, type BackfillStatus, type HistoryTarget } from './backfill.ts';
import type { Ledger } from './ledger.ts';
import { TargetPoller, type TargetStatus } from './target-poller.ts';

/** Visits that end within this time share one commit. */
const COMMIT_WINDOW_MS = 250;
const LEDGER_SAVE_MS = 10_000;
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
  readonly #targets: readonly TargetPoller[];
  readonly #backfill: Backfill;
  #pending: { scrape: Scrape; done: () => void; failed: (error: unknown) => void }[] = [];
  #commitTimer: NodeJS.Timeout | null = null;
  #timers: NodeJS.Timeout[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly deps: PollerDeps) {
    this.#targets = deps.targets.map(
      (target) =>
        new TargetPoller(target, {
          open: deps.open,
          count: (act, times) => deps.ledger.count(targetId(target), act, times),
          spentToday: () => deps.ledger.today(targetId(target)),
          keep: (scrape) => this.#keep(scrape),
          wallMs: deps.wallMs,
          monoMs: deps.monoMs,
        }),
    );
    const withMemory = this.#targets.filter(({ hasHistory }) => hasHistory);
    this.#backfill = new Backfill(withMemory.map(historyTarget), deps);
  }

  start(): void {
    for (const target of this.#targets) target.start();
    this.#every(LEDGER_SAVE_MS, 'the ledger of our own commands was not saved', () =>
      this.deps.ledger.save(),
    );
    this.#every(BACKFILL_MS, 'history was not read', () => this.#backfill.run());
    this.#every(MINUTE_MS, 'packing and retention failed', () =>
      this.deps.store.maintain(this.deps.wallMs()),
    );
  }

  /** Visits every target of the scope now; resolves when all are written down. Returns how many. */
  async visitNow(scope: Scope): Promise<number> {
    const chosen = this.#targets.filter(({ target }) => inScope(target, scope));
    await Promise.all(chosen.map((target) => target.visitNow()));
    return chosen.length;
  }

  /** One visit to every target, or every one of these kinds, as if it were `atMs`; the caller stores them. For pre-rolled history. */
  visitAllAt(atMs: number, intervalMs: number, kinds?: ReadonlySet<SourceKind>): Promise<Scrape[]> {
    const chosen = this.#targets.filter(({ target }) => kinds === undefined || kinds.has(target.kind));
    return Promise.all(chosen.map((target) => target.visitAt(atMs, intervalMs)));
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

  /** How the reading of a provider's memory stands; null for a source without one. */
  backfill(id: TargetId): BackfillStatus | null {
    return this.#backfill.status(id);
  }

  /** Stops all beats, waits for running visits and their commit. The store is closed by its owner. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([...this.#targets.map((target) => target.stop()), this.#flush()]);
    await this.#writing;
    await this.deps.ledger.save();
  }

  #every(periodMs: number, fault: string, job: () => Promise<void>): void {
    const timer = setInterval(() => {
      job().catch((error: unknown) => this.deps.onFault(fault, error));
    }, periodMs);
    timer.unref();
    this.#timers.push(timer);
  }

  #keep(scrape: Scrape): Promise<void> {
    return new Promise<void>((done, failed) => {
      this.#pending.push({ scrape, done, failed });
      this.#commitTimer ??= setTimeout(() => void this.#flush(), COMMIT_WINDOW_MS);
    }).catch((error: unknown) => {
      // The visit is lost for the store and shows as a gap; the beat goes on.
      this.deps.onFault('a visit could not be stored', error);
    });
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
