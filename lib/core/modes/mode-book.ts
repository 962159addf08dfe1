import type { RedisMode } from '../model/redis-mode.ts';
import type { Quality } from '../model/sample.ts';
import type { TimeRange } from '../time/range.ts';
import type { SeenMode } from './evidence.ts';
import { evidenceText, type FleetMode } from './fleet-mode.ts';
import { type ModeTrack, stepTrack } from './mode-track.ts';

/** A change of the fleet's mode or of a machine's. */
export interface ModeChange {
  atMs: number;
  mode: RedisMode;
  quality: Quality;
  evidence: string;
  /** Every machine's mode from then on, by name. */
  machines: Readonly<Record<string, RedisMode>>;
}

/** All that is known of the modes of one scope. */
export interface ModeBook {
  /** Null before the first look. */
  fleet: ModeTrack | null;
  machines: Readonly<Record<string, ModeTrack>>;
  /** Oldest first. */
  changes: readonly ModeChange[];
}

export const EMPTY_BOOK: ModeBook = { fleet: null, machines: {}, changes: [] };

const MOST_CHANGES = 500;
/** A big fleet keeps fewer changes: its states are written whole. */
const MOST_ENTRIES = 20_000;

/** One look at a fleet. Machines that are not in it any more are dropped; the history stays. */
export function stepBook(book: ModeBook, seen: FleetMode, nowMs: number): ModeBook {
  const fleet = stepTrack(book.fleet, fleetSeen(book, seen), nowMs);
  const machines: Record<string, ModeTrack> = {};
  for (const [name, mode] of seen.machines) {
    const known = Object.hasOwn(book.machines, name) ? book.machines[name] : undefined;
    machines[name] = stepTrack(known ?? null, mode, nowMs);
  }
  const next = { fleet, machines, changes: book.changes };
  const last = book.changes.at(-1);
  // Before anything was known there is nothing to tell.
  if (last === undefined && fleet.mode === 'unknown') return next;
  const modes = Object.fromEntries(Object.entries(machines).map(([name, { mode }]) => [name, mode]));
  if (last !== undefined && last.mode === fleet.mode && sameModes(last.machines, modes)) return next;
  const isFleetChange = last?.mode !== fleet.mode;
  const atMs = Math.max(last?.atMs ?? 0, isFleetChange ? (fleet.sinceMs ?? nowMs) : nowMs);
  const { mode, quality, evidence } = fleet;
  return { ...next, changes: cut([...book.changes, { atMs, mode, quality, evidence, machines: modes }]) };
}

/** Machines that use Redis do not speak for one that was suspended and says nothing now: then nobody knows. */
function fleetSeen(book: ModeBook, seen: FleetMode): SeenMode {
  const told = { ...seen, evidence: evidenceText(seen) };
  if (seen.mode !== 'active') return told;
  const silent = [...seen.machines].find(
    ([name, { mode }]) => mode === 'unknown' && modeOf(book, name) === 'suspended_by_us',
  );
  if (silent === undefined) return told;
  const evidence = `${silent[0]} was suspended, and says nothing now; ${told.evidence}`;
  return { mode: 'unknown', quality: 'unavailable', evidence, isOwnWord: false };
}

function modeOf({ machines }: ModeBook, name: string): RedisMode | null {
  return Object.hasOwn(machines, name) ? (machines[name]?.mode ?? null) : null;
}

function sameModes(a: Readonly<Record<string, RedisMode>>, b: Readonly<Record<string, RedisMode>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function cut(changes: readonly ModeChange[]): readonly ModeChange[] {
  const width = Math.max(1, Object.keys(changes.at(-1)?.machines ?? {}).length);
  return changes.slice(-Math.max(1, Math.min(MOST_CHANGES, Math.floor(MOST_ENTRIES / width))));
}

/** Changes inside `range`, and the one before it that was in force at its start. */
export function changesIn(changes: readonly ModeChange[], range: TimeRange): ModeChange[] {
  const before = changes.findLast(({ atMs }) => atMs <= range.startMs);
  const inside = changes.filter(({ atMs }) => atMs > range.startMs && atMs < range.endMs);
  return before === undefined ? inside : [before, ...inside];
}

/** Stretches of `range` in which Redis was suspended, by us or by its provider; never beyond `nowMs`. */
export function suspendedSpans(changes: readonly ModeChange[], range: TimeRange, nowMs: number): TimeRange[] {
  const spans: TimeRange[] = [];
  const found = changesIn(changes, range);
  for (const [i, { atMs, mode }] of found.entries()) {
    if (mode !== 'suspended_by_us' && mode !== 'suspended_by_provider') continue;
    const startMs = Math.max(atMs, range.startMs);
    const endMs = Math.min(found[i + 1]?.atMs ?? nowMs, range.endMs, nowMs);
    const last = spans.at(-1);
    if (endMs <= startMs) continue;
    if (last?.endMs === startMs) last.endMs = endMs;
    else spans.push({ startMs, endMs });
  }
  return spans;
}
