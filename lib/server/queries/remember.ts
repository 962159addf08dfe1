import 'server-only';
import { createHash } from 'node:crypto';
import type { Reading } from '../runtime.ts';

interface Entry {
  madeAtMs: number;
  bestBeforeMs: number;
  weight: number;
  value: unknown;
}

/** Hangs on the runtime, since pages and actions are bundles that share no module instance. */
const KEY = Symbol.for('afterwatch.remembered');
interface Holder {
  [KEY]?: Map<string, Map<string, Entry>>;
}

export interface Memory {
  /** One memory for each kind of thing: its keys lead to values of one type only. */
  name: string;
  /** Weight of all entries at most; what was not asked for longest goes first. An entry weighs 1 unless said. */
  most: number;
}

/** What was kept under `key` and is still good; undefined when there is nothing. */
export function recall<V>(runtime: Reading, memory: Memory, key: string): V | undefined {
  const entries = entriesOf(runtime, memory);
  const id = shorten(key);
  const known = entries.get(id);
  const nowMs = runtime.clock.wallMs();
  // A clock that was set back must not keep an entry for longer than it was meant to live.
  if (known === undefined || nowMs < known.madeAtMs || nowMs >= known.bestBeforeMs) return undefined;
  entries.delete(id);
  entries.set(id, known);
  return known.value as V;
}

/** Keeps a value for `lifeMs`, or until others need its room. */
export function keep<V>(
  runtime: Reading,
  memory: Memory,
  key: string,
  value: V,
  lifeMs: number,
  weight = 1,
): void {
  const entries = entriesOf(runtime, memory);
  const id = shorten(key);
  const madeAtMs = runtime.clock.wallMs();
  entries.delete(id);
  entries.set(id, { madeAtMs, bestBeforeMs: madeAtMs + lifeMs, weight, value });
  let total = 0;
  for (const entry of entries.values()) total += entry.weight;
  for (const [oldest, entry] of entries) {
    if (total <= memory.most) break;
    entries.delete(oldest);
    total -= entry.weight;
  }
}

/**
 * What `make` gave for `key` not longer ago than `lifeMs`; else makes it. Askers at the same time share one making, and
 * one that fails is not remembered.
 */
export function remember<V>(
  runtime: Reading,
  memory: Memory,
  key: string,
  lifeMs: number,
  make: () => Promise<V>,
): Promise<V> {
  const known = recall<Promise<V>>(runtime, memory, key);
  if (known !== undefined) return known;
  const value = make();
  keep(runtime, memory, key, value, lifeMs);
  value.catch(() => {
    const entries = entriesOf(runtime, memory);
    const id = shorten(key);
    if (entries.get(id)?.value === value) entries.delete(id);
  });
  return value;
}

const LONG_KEY = 100;

/** A key that names hundreds of machines would weigh more than what is kept under it. */
function shorten(key: string): string {
  return key.length <= LONG_KEY ? key : createHash('sha256').update(key).digest('base64url');
}

function entriesOf(runtime: Reading & Holder, { name }: Memory): Map<string, Entry> {
  runtime[KEY] ??= new Map();
  const held = runtime[KEY];
  const entries = held.get(name) ?? new Map<string, Entry>();
  held.set(name, entries);
  return entries;
}
