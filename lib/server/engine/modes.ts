import 'server-only';
import { z } from 'zod';
import { REDIS_MODES, type RedisMode } from '@/lib/core/model/redis-mode.ts';
import { QUALITIES, type Quality } from '@/lib/core/model/sample.ts';
import { type Scope, scopesOf, targetId } from '@/lib/core/model/target.ts';
import { type FleetMode, fleetMode } from '@/lib/core/modes/fleet-mode.ts';
import {
  changesIn,
  EMPTY_BOOK,
  type ModeBook,
  type ModeChange,
  stepBook,
  suspendedSpans,
} from '@/lib/core/modes/mode-book.ts';
import type { ModeTrack } from '@/lib/core/modes/mode-track.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Config } from '../config/types.ts';
import type { Poller } from '../poller/poller.ts';
import type { Store } from '../store/store.ts';
import type { EngineStep } from './engine.ts';
import { readModeEvidence } from './mode-evidence.ts';

/** The mode of a fleet as the last tick left it. */
export interface ModeNow {
  asOfMs: number;
  mode: RedisMode;
  quality: Quality;
  /** What it was read from, and what does not fit it. */
  evidence: string;
  /** Null when it was like that at our first look. */
  sinceMs: number | null;
  /** Since when nothing tells; `mode` is the last known one then. Null while it is known. */
  unknownSinceMs: number | null;
  /**
   * What the last tick saw instead of the mode; null while it is known. `isContrary`: it saw well enough, but no sign of
   * the mode; else it could not see.
   */
  unknown: { why: string; isContrary: boolean } | null;
  contradictions: readonly string[];
  /** Machines whose settings ask to suspend Redis and that use it all the same. */
  askedInVain: readonly string[];
  /** By name; a machine that never told is `unknown`, `unavailable`. */
  machines: ReadonlyMap<string, Omit<ModeTrack, 'pending'>>;
}

interface Shelf {
  book: ModeBook;
  greenLiars: ReadonlySet<string>;
  seen: FleetMode | null;
  seenAtMs: number;
  /** What of it is on disk. */
  saved: string;
}

export interface ModeDeps {
  config: Pick<Config, 'targets'>;
  store: Pick<Store, 'latest' | 'findSeries' | 'readBuckets' | 'scanBuckets' | 'getState' | 'putState'>;
  poller: Pick<Poller, 'status'>;
}

const trackSchema = z.object({
  mode: z.enum(REDIS_MODES),
  quality: z.enum(QUALITIES),
  evidence: z.string(),
  sinceMs: z.number().nullable(),
  unknownSinceMs: z.number().nullable(),
});
/** What is kept of a scope. A text of an older version that does not fit begins anew. */
const shelfSchema = z.object({
  fleet: trackSchema.nullable(),
  machines: z.record(z.string(), trackSchema),
  changes: z.array(
    z.object({
      atMs: z.number(),
      mode: z.enum(REDIS_MODES),
      quality: z.enum(QUALITIES),
      evidence: z.string(),
      machines: z.record(z.string(), z.enum(REDIS_MODES)),
    }),
  ),
  greenLiars: z.array(z.string()),
});

/** Works out the Redis mode of every scope and machine at each tick, and keeps its history in the store. */
export class ModeStep implements EngineStep {
  readonly name = 'Redis modes';
  readonly #shelves = new Map<string, Shelf>();

  constructor(private readonly deps: ModeDeps) {}

  async run(nowMs: number): Promise<void> {
    for (const scope of scopesOf(this.deps.config.targets)) await this.#look(scope, nowMs);
  }

  /** The mode of a scope; null before its first tick, and where nothing could ever tell. */
  current(scope: Scope): ModeNow | null {
    const shelf = this.#shelves.get(keyOf(scope));
    const fleet = shelf?.book.fleet ?? null;
    if (shelf === undefined || shelf.seen === null || fleet === null) return null;
    const { mode, quality, evidence, sinceMs, unknownSinceMs } = fleet;
    return {
      asOfMs: shelf.seenAtMs,
      mode,
      quality,
      evidence,
      sinceMs,
      unknownSinceMs,
      unknown:
        unknownSinceMs === null
          ? null
          : { why: shelf.seen.evidence, isContrary: shelf.seen.quality === 'inferred' },
      contradictions: shelf.seen.contradictions,
      askedInVain: shelf.seen.askedInVain,
      machines: new Map(Object.entries(shelf.book.machines)),
    };
  }

  /** Changes inside `range`, oldest first, with the one before it that was in force at its start. */
  history(scope: Scope, range: TimeRange): readonly ModeChange[] {
    return changesIn(this.#shelves.get(keyOf(scope))?.book.changes ?? [], range);
  }

  /** Stretches of `range` in which Redis was suspended, by us or by its provider. */
  suspended(scope: Scope, range: TimeRange, nowMs: number): TimeRange[] {
    return suspendedSpans(this.#shelves.get(keyOf(scope))?.book.changes ?? [], range, nowMs);
  }

  async #look(scope: Scope, nowMs: number): Promise<void> {
    const { config, store, poller } = this.deps;
    const key = keyOf(scope);
    const shelf = this.#shelves.get(key) ?? (await this.#load(key));
    this.#shelves.set(key, shelf);
    const statuses = config.targets
      .filter(({ app, environment }) => app === scope.app && environment === scope.environment)
      .flatMap((target) => poller.status(targetId(target), nowMs) ?? []);
    const evidence = await readModeEvidence({
      store,
      statuses,
      nowMs,
      changedMs: shelf.book.changes.at(-1)?.atMs ?? null,
      greenLiars: shelf.greenLiars,
    });
    const seen = fleetMode(evidence);
    // Before the first visit is over there is nothing to take back.
    const isStarting = statuses.every(({ state }) => state === 'starting');
    const book = isStarting ? shelf.book : stepBook(shelf.book, seen, nowMs);
    const liars = [...shelf.greenLiars];
    for (const { name, health } of evidence.machines) {
      const isOff = seen.machines.get(name)?.mode === 'suspended_by_us';
      if (isOff && health?.redis === 'passing' && !liars.includes(name)) liars.push(name);
    }
    const greenLiars = new Set(liars.filter((name) => seen.machines.has(name)));
    const next: Shelf = { book, greenLiars, seen, seenAtMs: nowMs, saved: shelf.saved };
    this.#shelves.set(key, next);
    await this.#save(key, next);
  }

  async #load(key: string): Promise<Shelf> {
    const parsed = shelfSchema.safeParse(await this.deps.store.getState(key));
    const empty = { seen: null, seenAtMs: 0, saved: '' };
    if (!parsed.success) return { book: EMPTY_BOOK, greenLiars: new Set(), ...empty };
    const { fleet, machines, changes, greenLiars } = parsed.data;
    const book: ModeBook = {
      fleet: fleet === null ? null : { ...fleet, pending: null },
      machines: Object.fromEntries(
        Object.entries(machines).map(([name, track]) => [name, { ...track, pending: null }]),
      ),
      changes,
    };
    const shelf: Shelf = { book, greenLiars: new Set(greenLiars), ...empty };
    return { ...shelf, saved: outlineOf(shelf) };
  }

  /** Written when a mode changes or stops being known, not when a number in its evidence moves. */
  async #save(key: string, shelf: Shelf): Promise<void> {
    const outline = outlineOf(shelf);
    if (outline === shelf.saved || shelf.book.changes.length === 0) return;
    const { book, greenLiars } = shelf;
    await this.deps.store.putState({
      [key]: {
        fleet: book.fleet === null ? null : withoutPending(book.fleet),
        machines: Object.fromEntries(
          Object.entries(book.machines).map(([name, track]) => [name, withoutPending(track)]),
        ),
        changes: book.changes,
        greenLiars: [...greenLiars],
      },
    });
    shelf.saved = outline;
  }
}

function withoutPending({ pending: _, ...kept }: ModeTrack): Omit<ModeTrack, 'pending'> {
  return kept;
}

function outlineOf({ book, greenLiars }: Pick<Shelf, 'book' | 'greenLiars'>): string {
  const short = (track: ModeTrack | null) =>
    track === null ? null : [track.mode, track.sinceMs, track.unknownSinceMs];
  const machines = Object.entries(book.machines).map(([name, track]) => [name, short(track)]);
  return JSON.stringify([short(book.fleet), machines, book.changes.at(-1)?.atMs ?? null, [...greenLiars]]);
}

function keyOf({ app, environment }: Scope): string {
  return `mode/${app}/${environment}`;
}
