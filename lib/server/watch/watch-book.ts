import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { StateChange, WatchLine, WatchRecord } from '@/lib/core/model/verdict.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import type { Store } from '../store/store.ts';
import { WatchShelf } from './watch-shelf.ts';

export interface WatchBookDeps {
  store: Pick<Store, 'getState' | 'putState'>;
  wallMs: () => number;
  /** Told of faults of those who listen. */
  onFault: (message: string, error: unknown) => void;
}

/** What was written: the record as it stands now, and what changed in it. A change `from` a state to the same is a person’s act. */
export interface WatchEvent {
  record: WatchRecord;
  changes: readonly StateChange[];
}

/** What a step makes of a record; null leaves it as it is. Changes are added at its end. */
export type WatchUpdate = { record: WatchRecord; changes: readonly StateChange[] } | null;

/** A watch that is over stays on the Now page for so long while no other is open. */
const SHOWN_MS = DAY_MS;

/**
 * Every watch that is known, and all that people do to one. One a process; records are written one after the other, and
 * nothing is told before it is durable. Open watches and those of the last day are held in memory.
 */
export class WatchBook {
  readonly #shelf: WatchShelf;
  readonly #held = new Map<string, WatchRecord>();
  readonly #listeners = new Set<(event: WatchEvent) => void>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: WatchBookDeps) {
    this.#shelf = new WatchShelf(deps.store);
  }

  /** Reads the lists of these scopes, and the watches that are open or just over. */
  async load(scopes: readonly Scope[]): Promise<void> {
    for (const scope of scopes) {
      for (const { deployId, closedMs } of await this.#shelf.rows(scope)) {
        if (this.#held.has(deployId) || !this.#isHeld(closedMs)) continue;
        const record = await this.#shelf.get(deployId);
        if (record !== null) this.#held.set(deployId, record);
      }
    }
  }

  /** One watch, open or over; null when there is none. */
  async get(deployId: string): Promise<WatchRecord | null> {
    return this.#held.get(deployId) ?? (await this.#shelf.get(deployId));
  }

  /** Watches that are not over, oldest deploy first. From memory. */
  openNow(): readonly WatchRecord[] {
    return [...this.#held.values()]
      .filter(({ closedMs }) => closedMs === null)
      .sort((a, b) => a.originMs - b.originMs);
  }

  /** The lines of a list of deploys, by deploy. From memory. */
  linesNow(scope: Scope): ReadonlyMap<string, WatchLine> {
    return new Map(
      this.#shelf
        .rowsInMemory(scope)
        .map(({ originMs: _, closedMs, ...line }) => [line.deployId, { ...line, closed: closedMs !== null }]),
    );
  }

  /** The watch that a scope is on: of the newest deploy whose watch is open, else of the one that ended within a day. */
  currentNow({ app, environment }: Scope): WatchRecord | null {
    const own = [...this.#held.values()]
      .filter((record) => record.app === app && record.environment === environment)
      .sort((a, b) => b.originMs - a.originMs);
    return (
      own.find(({ closedMs }) => closedMs === null) ??
      own.find(({ closedMs }) => this.#isHeld(closedMs)) ??
      null
    );
  }

  /** Has a listener told of every write, after it is durable; gives what ends that. */
  onChange(listener: (event: WatchEvent) => void): () => void {
    const own = (event: WatchEvent) => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /**
   * Writes what `step` makes of a record as it stands then, so that what people did meanwhile is not lost. Durable when
   * resolved; rejects when it was not written, and nothing is held or told then.
   */
  update(deployId: string, step: (known: WatchRecord | null) => WatchUpdate): Promise<WatchRecord | null> {
    return this.#inTurn(async () => {
      const known = await this.get(deployId);
      const made = step(known);
      if (made === null) return known;
      const record = { ...made.record, changes: [...(known?.changes ?? []), ...made.changes] };
      await this.#shelf.put(record);
      if (this.#isHeld(record.closedMs)) this.#held.set(deployId, record);
      for (const [id, { closedMs }] of this.#held) if (!this.#isHeld(closedMs)) this.#held.delete(id);
      this.#tell({ record, changes: made.changes });
      return record;
    });
  }

  /** Ticks a line that only a person can; false where there is none. */
  sign(
    deployId: string,
    checkId: string,
    { by, note }: { by: string; note: string | null },
  ): Promise<boolean> {
    return this.#change(deployId, (record) => {
      const check = record.checks.find(({ id, automatic }) => id === checkId && !automatic);
      if (check === undefined) return null;
      const signed = { by, atMs: this.deps.wallMs(), note };
      const next = { ...check, signed, state: 'done' as const, block: null, provisional: false };
      return { ...record, checks: record.checks.map((one) => (one === check ? next : one)) };
    });
  }

  /** Takes a tick back; who did so stays in the history. False where nobody signed. */
  unsign(deployId: string, checkId: string, { by }: { by: string }): Promise<boolean> {
    return this.#change(
      deployId,
      (record) => {
        const check = record.checks.find(({ id, signed }) => id === checkId && signed !== null);
        if (check === undefined) return null;
        const next = { ...check, signed: null, state: 'waiting' as const, evidence: null };
        return { ...record, checks: record.checks.map((one) => (one === check ? next : one)) };
      },
      ({ checks }) => {
        const { title = '', signed = null } = checks.find(({ id }) => id === checkId) ?? {};
        return `${by} took back the tick of “${title}” by ${signed?.by ?? 'nobody'}`;
      },
    );
  }

  /** Puts a person's verdict over the machine's; null takes it away. False where there is no watch, or nothing to take. */
  override(
    deployId: string,
    verdict: { state: WatchRecord['state']; by: string; reason: string } | null,
    by: string = verdict?.by ?? '',
  ): Promise<boolean> {
    return this.#change(
      deployId,
      (record) => {
        if (verdict === null && record.override === null) return null;
        return { ...record, override: verdict === null ? null : { ...verdict, atMs: this.deps.wallMs() } };
      },
      ({ override }) =>
        verdict === null
          ? `${by} withdrew the verdict of ${override?.by ?? 'a person'}`
          : `${verdict.by} set ${verdict.state.replaceAll('_', ' ')} over it: ${verdict.reason}`,
    );
  }

  /** Who takes a follow-up, and whether it is done; false where there is none of that id. */
  followUp(
    deployId: string,
    followUpId: string,
    { done, by, owner }: { done: boolean; by?: string; owner: string | null },
  ): Promise<boolean> {
    return this.#changeFollowUp(deployId, followUpId, (one) => ({
      ...one,
      owner,
      done: done ? (one.done ?? { by: by ?? owner ?? '', atMs: this.deps.wallMs() }) : null,
    }));
  }

  /** Notes that somebody was reminded of a follow-up. */
  async reminded(deployId: string, followUpId: string, atMs: number): Promise<void> {
    await this.#changeFollowUp(deployId, followUpId, (one) => ({ ...one, remindedMs: atMs }));
  }

  #changeFollowUp(
    deployId: string,
    followUpId: string,
    step: (one: WatchRecord['followUps'][number]) => WatchRecord['followUps'][number],
  ): Promise<boolean> {
    return this.#change(deployId, (record) =>
      record.followUps.some(({ id }) => id === followUpId)
        ? { ...record, followUps: record.followUps.map((one) => (one.id === followUpId ? step(one) : one)) }
        : null,
    );
  }

  /** A person's act; with `said` it is kept in the history, as a change from the state to itself. */
  async #change(
    deployId: string,
    step: (record: WatchRecord) => WatchRecord | null,
    said: ((before: WatchRecord) => string) | null = null,
  ): Promise<boolean> {
    let isDone = false;
    await this.update(deployId, (known) => {
      const record = known === null ? null : step(known);
      if (known === null || record === null) return null;
      isDone = true;
      const { state, provisional, reason } = known;
      const acts: StateChange[] =
        said === null
          ? []
          : [
              {
                ...{ atMs: this.deps.wallMs(), claimId: null, from: state, to: state },
                ...{ provisional, reason, evidence: said(known) },
              },
            ];
      return { record, changes: acts };
    });
    return isDone;
  }

  #isHeld(closedMs: number | null): boolean {
    return closedMs === null || this.deps.wallMs() - closedMs < SHOWN_MS;
  }

  #tell(event: WatchEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.deps.onFault('a listener of the watches failed', error);
      }
    }
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#last.then(run, run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}
