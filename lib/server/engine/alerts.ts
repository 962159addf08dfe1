import 'server-only';
import {
  type AlertBook,
  acknowledge,
  EMPTY_ALERTS,
  silence,
  stepAlerts,
  wake,
} from '@/lib/core/alerts/alert-book.ts';
import { type AlertSettings, DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { type Scope, targetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Config } from '../config/types.ts';
import type { Poller } from '../poller/poller.ts';
import type { Store } from '../store/store.ts';
import { type ModeReader, readAlertFacts } from './alert-facts.ts';
import { parseAlertBook } from './alert-state.ts';
import type { EngineStep } from './engine.ts';

export interface AlertDeps {
  config: Pick<Config, 'targets'>;
  store: Pick<Store, 'readBuckets' | 'getState' | 'putState'>;
  poller: Pick<Poller, 'status'>;
  modes: ModeReader;
  settings?: AlertSettings;
}

/** What a person does to an alert. `untilMs` is the end of a silence. */
export type AlertAct = { kind: 'acknowledge' } | { kind: 'silence'; untilMs: number } | { kind: 'wake' };

interface Shelf {
  /** Null until it has been read. */
  book: AlertBook | null;
  /** What of it is on disk, in short, and since when. */
  saved: { outline: string; atMs: number };
}

/** Progress within a state is written this often; a change of state at once. */
const SAVE_MS = MINUTE_MS;

/**
 * Evaluates the alert rules of every scope at each tick. All of it is in the store under `alerts/<app>/<environment>`, so
 * that a restart neither fires again what fires nor forgets who took it up.
 */
export class AlertStep implements EngineStep {
  readonly name = 'Alerts';
  readonly settings: AlertSettings;
  readonly #shelves = new Map<string, Shelf>();
  readonly #loading = new Map<string, Promise<Shelf>>();

  constructor(private readonly deps: AlertDeps) {
    this.settings = deps.settings ?? DEFAULT_ALERT_SETTINGS;
  }

  async run(nowMs: number): Promise<void> {
    for (const scope of scopesOf(this.deps.config)) await this.#look(scope, nowMs);
  }

  /** The alerts of a scope as the last tick or act left them; null before the first tick. */
  current(scope: Scope): AlertBook | null {
    return this.#shelves.get(keyOf(scope))?.book ?? null;
  }

  /** Resolves once it is durable: false when no such alert is open. */
  async act(scope: Scope, id: string, act: AlertAct, by: string | null, nowMs: number): Promise<boolean> {
    const key = keyOf(scope);
    // What a caller names is kept only where it is something that we watch.
    if (!scopesOf(this.deps.config).some((known) => keyOf(known) === key)) return false;
    const shelf = await this.#open(key);
    const next = applied(shelf.book ?? EMPTY_ALERTS, id, act, by, nowMs);
    if (next === null) return false;
    if (next !== shelf.book) await this.#put(key, shelf, next, nowMs);
    return true;
  }

  async #look(scope: Scope, nowMs: number): Promise<void> {
    const { config, store, poller, modes } = this.deps;
    const key = keyOf(scope);
    const shelf = await this.#open(key);
    const statuses = config.targets
      .filter(({ app, environment }) => app === scope.app && environment === scope.environment)
      .flatMap((target) => poller.status(targetId(target), nowMs) ?? []);
    const facts = await readAlertFacts({ store, modes, scope, statuses, nowMs });
    // From here on nothing waits: what a person did while the facts were read is in the book.
    const next = stepAlerts(shelf.book ?? EMPTY_ALERTS, facts, this.settings);
    const isDue =
      nowMs - shelf.saved.atMs >= SAVE_MS &&
      (Object.keys(next.entries).length > 0 || shelf.saved.outline !== EMPTY_OUTLINE);
    if (isDue || outlineOf(next) !== shelf.saved.outline) await this.#put(key, shelf, next, nowMs);
    else shelf.book = next;
  }

  async #put(key: string, shelf: Shelf, book: AlertBook, nowMs: number): Promise<void> {
    shelf.book = book;
    await this.deps.store.putState({ [key]: book });
    shelf.saved = { outline: outlineOf(book), atMs: nowMs };
  }

  #open(key: string): Promise<Shelf> {
    const known = this.#shelves.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const loading =
      this.#loading.get(key) ??
      this.#load(key).finally(() => {
        this.#loading.delete(key);
      });
    this.#loading.set(key, loading);
    return loading;
  }

  async #load(key: string): Promise<Shelf> {
    const book = parseAlertBook(await this.deps.store.getState(key));
    const shelf: Shelf = { book, saved: { outline: outlineOf(book), atMs: 0 } };
    this.#shelves.set(key, shelf);
    return shelf;
  }
}

function applied(
  book: AlertBook,
  id: string,
  act: AlertAct,
  by: string | null,
  nowMs: number,
): AlertBook | null {
  switch (act.kind) {
    case 'acknowledge':
      return acknowledge(book, id, by, nowMs);
    case 'silence':
      return silence(book, id, act.untilMs, by, nowMs);
    case 'wake':
      return wake(book, id, by, nowMs);
    default:
      return act satisfies never;
  }
}

/** What must never be lost: states, what people did, what happened. */
function outlineOf({ entries, silences, events }: AlertBook): string {
  const states = Object.values(entries).map(({ id, track, acknowledged }) => [
    id,
    track.state,
    track.sinceMs,
    acknowledged?.atMs ?? null,
  ]);
  return JSON.stringify([states, silences, events.length, events.at(-1) ?? null]);
}

const EMPTY_OUTLINE = outlineOf(EMPTY_ALERTS);

function keyOf({ app, environment }: Scope): string {
  return `alerts/${app}/${environment}`;
}

function scopesOf({ targets }: AlertDeps['config']): Scope[] {
  const scopes = new Map(
    targets.map(({ app, environment }) => [`${app}/${environment}`, { app, environment }]),
  );
  return [...scopes.values()];
}
