import 'server-only';
import type { AlertBook } from '@/lib/core/alerts/alert-book.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Store } from '../store/store.ts';
import type { AlertNotices } from './alert-notices.ts';
import { parseAlertBook, toAlertState } from './alert-state.ts';

interface Held {
  scope: Scope;
  book: AlertBook;
  /** What of it is on disk: in short, since when, and up to which notice. */
  saved: { outline: string; atMs: number; noticed: number };
  /** What may be told to others. */
  told: Pick<AlertBook, 'notices' | 'noticed'>;
}

/** Progress within a state is written this often; a change of state, and what people did, at once. */
const SAVE_MS = MINUTE_MS;

/** The books of alerts by scope, in memory and in the store under `alerts/…` and `alert-notices/…`. */
export class AlertShelf implements AlertNotices {
  readonly #held = new Map<string, Held>();
  readonly #loading = new Map<string, Promise<Held>>();
  readonly #listeners = new Set<(scope: Scope) => void>();

  constructor(
    private readonly store: Pick<Store, 'getState' | 'putState'>,
    /** Told of faults of those who listen. */
    private readonly onFault: (message: string, error: unknown) => void = () => undefined,
  ) {}

  /** From memory: null before it was read. Its notices are those that may be told. */
  current(scope: Scope): AlertBook | null {
    const held = this.#held.get(keyOf(scope));
    return held === undefined ? null : { ...held.book, ...held.told };
  }

  onNotice(run: (scope: Scope) => void): () => void {
    const own = (scope: Scope): void => run(scope);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Reads the book of a scope once; from then on it is in memory. */
  async open(scope: Scope): Promise<void> {
    await this.#open(scope);
  }

  /**
   * Puts in place what `step` makes of the book as it stands now; null leaves it. Resolves once it is durable, if it has
   * to be; when it cannot be written the new book holds all the same and the next step tries again.
   */
  async update(scope: Scope, nowMs: number, step: (book: AlertBook) => AlertBook | null): Promise<boolean> {
    const held = await this.#open(scope);
    const next = step(held.book);
    if (next === null) return false;
    held.book = next;
    const outline = outlineOf(next);
    const isDue = nowMs - held.saved.atMs >= SAVE_MS && Object.keys(next.entries).length > 0;
    if (isDue || outline !== held.saved.outline) await this.#write(held, next, outline, nowMs);
    return true;
  }

  async #write(held: Held, written: AlertBook, outline: string, nowMs: number): Promise<void> {
    const key = keyOf(held.scope);
    const { book, notices } = toAlertState(written);
    const isNew = written.noticed !== held.saved.noticed;
    try {
      await this.store.putState({ [key]: book, ...(isNew ? { [noticesKey(key)]: notices } : {}) });
      held.saved = { outline, atMs: nowMs, noticed: written.noticed };
    } finally {
      if (written.noticed > held.told.noticed) {
        held.told = { notices, noticed: written.noticed };
        this.#tell(held.scope);
      }
    }
  }

  #tell(scope: Scope): void {
    for (const listener of this.#listeners) {
      try {
        listener(scope);
      } catch (error) {
        this.onFault('alerts: a listener of notices failed', error);
      }
    }
  }

  #open(scope: Scope): Promise<Held> {
    const key = keyOf(scope);
    const known = this.#held.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const loading =
      this.#loading.get(key) ??
      this.#load(scope, key).finally(() => {
        this.#loading.delete(key);
      });
    this.#loading.set(key, loading);
    return loading;
  }

  async #load(scope: Scope, key: string): Promise<Held> {
    const [state, notices] = await Promise.all([
      this.store.getState(key),
      this.store.getState(noticesKey(key)),
    ]);
    const book = parseAlertBook({ book: state, notices });
    const saved = { outline: outlineOf(book), atMs: 0, noticed: book.noticed };
    const held: Held = { scope, book, saved, told: { notices: book.notices, noticed: book.noticed } };
    this.#held.set(key, held);
    return held;
  }
}

/** What must never be lost: states, what people did, what happened, what is to be told. */
function outlineOf({ entries, silences, events, maintenance, noticed }: AlertBook): string {
  const states = Object.values(entries).map(({ id, track, acknowledged, release }) => [
    ...[id, track.state, track.sinceMs, acknowledged?.atMs ?? null, release],
  ]);
  const windows = maintenance.map(({ id }) => id);
  return JSON.stringify([states, silences, events.length, events.at(-1) ?? null, windows, noticed]);
}

function keyOf({ app, environment }: Scope): string {
  return `alerts/${app}/${environment}`;
}

function noticesKey(key: string): string {
  return `alert-notices${key.slice('alerts'.length)}`;
}
