import type { Span } from './faults.ts';
import { hash01, keyOf, noiseIntegral } from './noise.ts';

/** From `fromMs` on, events come at about `perSecond`; `noise` is how strongly chance moves the rate (0–0.7). */
export interface Phase {
  fromMs: number;
  perSecond: number;
  noise: number;
}

/** Counts events since a fixed origin: a whole number that never falls as time goes on. */
export type Counted = (atMs: number) => number;

const DAY_SECONDS = 86_400;
/** Quietest at 03:00 UTC, busiest at 15:00. */
const DAY_SHARE = 0.12;
const DAY_TURN = 9 / 24;

/**
 * Events of one kind. The first phase also holds for all time before it. The day curve is 1 at `originMs`, so that
 * the rates named by the story hold around it at whatever hour the fleet starts; `dayShare` is how far it swings.
 */
export function flow(
  name: string,
  phases: readonly Phase[],
  { seed, originMs, dayShare = DAY_SHARE }: { seed: number; originMs: number; dayShare?: number },
): Counted {
  const key = keyOf(name);
  const dayAtOrigin = dayWave(originMs / 1000) * dayShare;
  const dayIntegral = (atMs: number) => {
    const seconds = atMs / 1000;
    // d/dt of −cos(2πt/D)·D/2π is the wave itself.
    const wave = (-dayShare * DAY_SECONDS * Math.cos(dayAngle(seconds))) / (2 * Math.PI);
    return wave - dayAtOrigin * seconds;
  };
  const integral = (atMs: number, noise: number) =>
    atMs / 1000 + dayIntegral(atMs) + noise * noiseIntegral(seed, key, atMs / 1000);

  const parts: { from: Phase; before: number; atStart: number }[] = [];
  for (const from of phases) {
    const last = parts.at(-1);
    const before =
      last === undefined
        ? 0
        : last.before + last.from.perSecond * (integral(from.fromMs, last.from.noise) - last.atStart);
    parts.push({ from, before, atStart: integral(from.fromMs, from.noise) });
  }
  return (atMs) => {
    const part = parts.findLast((one) => one.from.fromMs <= atMs) ?? parts[0];
    if (part === undefined) return 0;
    const expected = part.before + part.from.perSecond * (integral(atMs, part.from.noise) - part.atStart);
    return scattered(seed, key, expected);
  };
}

/** Event number `n` falls somewhere in `[n, n + SCATTER)` of the expected count: sparse events are not a drum beat. */
const SCATTER = 4;

function scattered(seed: number, key: number, expected: number): number {
  const last = Math.floor(expected);
  let count = last - SCATTER;
  for (let n = last - SCATTER + 1; n <= last; n += 1) {
    if (n + SCATTER * hash01(seed, key + 200, n) <= expected) count += 1;
  }
  return count;
}

/** Events in `(sinceMs, atMs]`; 0 when `atMs` is earlier. What was counted at the few starts is remembered. */
export function countSince(counted: Counted, sinceMs: number, atMs: number): number {
  let known = starts.get(counted);
  if (known === undefined) {
    known = new Map();
    starts.set(counted, known);
  }
  let before = known.get(sinceMs);
  if (before === undefined) {
    before = counted(sinceMs);
    known.set(sinceMs, before);
  }
  return Math.max(0, counted(atMs) - before);
}
const starts = new WeakMap<Counted, Map<number, number>>();

/** Single events, one in each stretch of `everyMs`, at a moment of chance inside it. */
export function rareEvents(name: string, everyMs: number, seed: number): Counted {
  const key = keyOf(name);
  return (atMs) => {
    const stretch = Math.floor(atMs / everyMs);
    return stretch + (atMs / everyMs - stretch >= hash01(seed, key, stretch) ? 1 : 0);
  };
}

function dayAngle(seconds: number): number {
  return 2 * Math.PI * (seconds / DAY_SECONDS - DAY_TURN);
}
function dayWave(seconds: number): number {
  return Math.sin(dayAngle(seconds));
}

/** Without what would have been counted in `spans`, which do not overlap and may grow in number as time goes on. */
export function without(counted: Counted, spans: () => readonly Span[]): Counted {
  return (atMs) => counted(atMs) - countWithin(counted, spans(), atMs);
}

/** Only what is counted in `spans`, up to `atMs`. */
export function within(counted: Counted, spans: () => readonly Span[]): Counted {
  return (atMs) => countWithin(counted, spans(), atMs);
}

function countWithin(counted: Counted, spans: readonly Span[], atMs: number): number {
  let sum = 0;
  for (const { fromMs, toMs } of spans) {
    if (fromMs < atMs) sum += counted(Math.min(toMs, atMs)) - counted(fromMs);
  }
  return sum;
}

/** Shares of events are told in such parts. */
const KINDS = 1_000;
/** Coprime to it: neighbours are of different kinds. */
const KIND_STEP = 619;
const known = new Map<number, Uint16Array>();

/**
 * How many of the first `count` events are of the kind that makes up `part` of 1000, where `offset` of 1000 belong to
 * kinds before it. Each event is of one kind for good: every such count only rises, and kinds add up.
 */
export function countOfKind(count: number, offset: number, part: number): number {
  const key = offset * (KINDS + 1) + part;
  let below = known.get(key);
  if (below === undefined) {
    below = new Uint16Array(KINDS + 1);
    for (let n = 0; n < KINDS; n += 1) {
      const kind = (n * KIND_STEP) % KINDS;
      below[n + 1] = (below[n] ?? 0) + (kind >= offset && kind < offset + part ? 1 : 0);
    }
    known.set(key, below);
  }
  return Math.floor(count / KINDS) * part + (below[count % KINDS] ?? 0);
}
