import { type CantTellReason, rankOfReason } from '../model/claim.ts';
import type { GuardSpan } from '../model/verdict.ts';
import { BLOCK_MS, type TimeRange } from '../time/range.ts';
import { FIRST_LOOK_BLOCKS } from './boundary.ts';

/** Why a claim cannot be told at a look. */
export interface Freeze {
  reason: CantTellReason;
  fromMs: number;
  /** True when the watch of this claim is over with it. */
  final: boolean;
  /** What was seen; null for plain silence. */
  evidence: string | null;
}

export interface SpansInput {
  spans: readonly GuardSpan[];
  /** Stretches in which silence is no fault. */
  quiet: readonly TimeRange[];
  /** Start of the block that holds T₀. */
  startMs: number;
  settleBlocks: number;
  /** Whether each block since then was measured. */
  measured: readonly boolean[];
}

/** Which blocks count for nothing, and what freezes the claim once so many blocks are over. */
export interface SpanPlan {
  isMasked: readonly boolean[];
  /** Index t: what holds when t blocks are over; null when it can be told. One longer than the blocks. */
  freezes: readonly (Freeze | null)[];
}

/**
 * Lays guard spans over a watch: a block that touches one counts for nothing, and none does once a final span has begun.
 * While one is open, and when nothing was measured for 15 min, the claim cannot be told.
 */
export function planSpans(input: SpansInput): SpanPlan {
  const { spans, startMs, measured } = input;
  const ending = finalSpan(spans);
  const isMasked = measured.map((_, i) => {
    const fromMs = startMs + i * BLOCK_MS;
    const untilMs = fromMs + BLOCK_MS;
    if (ending !== null && ending.fromMs < untilMs) return true;
    return spans.some((span) => span.fromMs < untilMs && (span.toMs ?? Number.POSITIVE_INFINITY) > fromMs);
  });
  const freezes = Array.from({ length: measured.length + 1 }, (_, t) => freezeAt(input, ending, t));
  return { isMasked, freezes };
}

function freezeAt(
  { spans, quiet, startMs, settleBlocks, measured }: SpansInput,
  ending: GuardSpan | null,
  atBlocks: number,
): Freeze | null {
  const nowMs = startMs + atBlocks * BLOCK_MS;
  if (ending !== null && ending.fromMs < nowMs) return freezeOf(ending);
  const open: Freeze[] = spans
    .filter(({ fromMs, toMs }) => fromMs < nowMs && (toMs === null || toMs > nowMs))
    .map(freezeOf);
  const silentFrom = silenceAt({ quiet, startMs, settleBlocks, measured }, atBlocks);
  if (silentFrom !== null) {
    const fromMs = startMs + silentFrom * BLOCK_MS;
    open.push({ reason: 'no_data', fromMs, final: false, evidence: null });
  }
  return open.toSorted(byPrecedence)[0] ?? null;
}

/** The first of the spans that end the watch of this claim for good. */
function finalSpan(spans: readonly GuardSpan[]): GuardSpan | null {
  const ending = spans.filter((span) => span.final);
  return (
    ending.toSorted((a, b) => a.fromMs - b.fromMs || rankOfReason(a.reason) - rankOfReason(b.reason))[0] ??
    null
  );
}

/**
 * Block at which a silence of 15 min or more began that still lasts; null where there is none. Where silence is no fault
 * what was heard before it stands; with nothing heard there is nothing that could stand.
 */
function silenceAt(
  { quiet, startMs, settleBlocks, measured }: Omit<SpansInput, 'spans'>,
  atBlocks: number,
): number | null {
  const heard = measured.lastIndexOf(true, atBlocks - 1);
  let from = Math.max(settleBlocks, atBlocks === 0 ? 0 : heard + 1);
  if (heard >= settleBlocks) {
    for (let i = from; i < atBlocks; i++) if (isQuiet(quiet, startMs + i * BLOCK_MS)) from = i + 1;
  }
  return atBlocks - from >= FIRST_LOOK_BLOCKS ? from : null;
}

function isQuiet(quiet: readonly TimeRange[], blockMs: number): boolean {
  return quiet.some(({ startMs, endMs }) => startMs < blockMs + BLOCK_MS && endMs > blockMs);
}

function freezeOf({ reason, fromMs, final, evidence }: GuardSpan): Freeze {
  return { reason, fromMs, final, evidence };
}

function byPrecedence(a: Freeze, b: Freeze): number {
  return rankOfReason(a.reason) - rankOfReason(b.reason) || a.fromMs - b.fromMs;
}

/** What froze a claim first in the stretch that it cannot be told in now: its start, from which nothing was told. */
export function frozenSinceMs({ freezes }: SpanPlan, atBlocks: number): number | null {
  let sinceMs: number | null = null;
  for (let t = atBlocks; t >= 0; t--) {
    const freeze = freezes[t] ?? null;
    if (freeze === null) break;
    sinceMs = Math.min(sinceMs ?? freeze.fromMs, freeze.fromMs);
  }
  return sinceMs;
}
