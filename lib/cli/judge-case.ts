import type { ClaimState } from '@/lib/core/model/claim.ts';
import type { ClaimLook, ClaimVerdict } from '@/lib/core/model/verdict.ts';
import { alignDown, BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { FIRST_LOOK_BLOCKS } from '@/lib/core/verdict/boundary.ts';
import { judgeClaim } from '@/lib/core/verdict/judge.ts';
import type { ClaimBlocks, ClaimTarget } from '@/lib/core/verdict/judge-types.ts';
import { SETTLE_BLOCKS } from '@/lib/core/verdict/watch.ts';
import { readClaimWords } from '@/lib/core/watch/claim-words.ts';
import { claimBlocksOf, parseUnitMs, type SeriesKind } from './series-blocks.ts';
import type { SeriesPoint } from './series-csv.ts';

/** One claim to be held against one series. */
export interface JudgeCase {
  id: string | null;
  csv: string;
  /** T₀, ms. */
  atMs: number;
  /** Rows after it are left out; null: as far as the rows go, at most 24 h. */
  untilMs: number | null;
  claim: string;
  kind: SeriesKind;
  /** As written: `/min` for a rate, any word for a gauge; null where nobody says. */
  unit: string | null;
  baselineDays: number;
  good: 'down' | 'up';
  /** Also what it would have said so often; null for the last word alone. */
  everyMs: number | null;
}

/** What `judge --json` prints of a case. */
export interface JudgedCase {
  id?: string;
  state: ClaimState;
  provisional: boolean;
  reason?: string;
  effectPct: number | null;
  interval: readonly [number, number] | null;
  before: { value: number | null; unit: string };
  after: { value: number | null; unit: string };
  decidedAt: string | null;
  decidableBy: string | null;
  /** Share of the watch so far that was measured, 0–1; null before it has a block. */
  coverage: number | null;
  baselineDays: number;
  onset: { at: string; lo: string; hi: string } | null;
  why: string;
  looks?: { at: string; state: ClaimState; interval: readonly [number, number] | null }[];
}

/** A number that counts no events has no known noise: nothing is decided so soon. */
const LEAST_MS = HOUR_MS;
const EARLY: Readonly<Partial<Record<ClaimState, ClaimState>>> = {
  met: 'on_track',
  mostly_met: 'on_track',
  missed: 'off_track',
  worse: 'off_track',
};

/** Judges a case from the rows of its series; a text says why it cannot be. Pure. */
export function judgeCase(one: JudgeCase, points: readonly SeriesPoint[]): JudgedCase | { fault: string } {
  const scale = scaleOf(one);
  if ('fault' in scale) return scale;
  const isRate = one.kind !== 'gauge';
  const read = readClaimWords(one.claim, {
    isRate,
    ownSeconds: isRate && (one.kind === 'rate' || one.unit !== null) ? scale.seconds : null,
    good: one.good,
  });
  if ('fault' in read) return read;
  const { blocks, asOfMs, endMs } = blocksOf(one, points, scale.unitMs);
  const { verdict, looks } = judgeClaim(inputOf(one, read.target, blocks, asOfMs, endMs), {
    looks: one.everyMs !== null,
  });
  const isCounted = blocks.kind === 'counts' && blocks.countsEvents;
  const leastMs = isCounted ? one.atMs : one.atMs + LEAST_MS;
  const state = stateAt(verdict.state, asOfMs, leastMs);
  const level = (value: number | null) => ({
    value: value === null ? null : value * (isRate ? scale.seconds : 1),
    unit: scale.name,
  });
  return {
    ...(one.id === null ? {} : { id: one.id }),
    state,
    provisional: verdict.provisional,
    ...(verdict.reason === null ? {} : { reason: verdict.reason }),
    effectPct: verdict.effectPct,
    interval: verdict.interval,
    before: level(verdict.before),
    after: level(verdict.after),
    decidedAt: state === verdict.state ? decidedAt(verdict, leastMs) : null,
    decidableBy: verdict.decidableByMs === null ? null : iso(verdict.decidableByMs),
    coverage: verdict.blocks.of === 0 ? null : verdict.blocks.usable / verdict.blocks.of,
    baselineDays: verdict.baseline.days,
    onset: verdict.onset === null ? null : onsetOf(verdict.onset),
    why:
      state === verdict.state
        ? verdict.why
        : 'Nothing is decided before an hour is over: how much it moves by itself is not known.',
    ...(one.everyMs === null ? {} : { looks: looksOf(looks, one, leastMs) }),
  };
}

interface Scale {
  /** As numbers of it are labelled. */
  name: string;
  seconds: number;
  /** What the rows of a rate are in; null where nobody says. */
  unitMs: number | null;
}

function scaleOf({ kind, unit }: JudgeCase): Scale | { fault: string } {
  if (kind === 'gauge') return { name: unit ?? '', seconds: 1, unitMs: null };
  if (unit === null) return { name: '/s', seconds: 1, unitMs: null };
  const unitMs = parseUnitMs(unit);
  if (unitMs === null) return { fault: 'the unit of a rate or count was expected as /s, /min, /h or /day' };
  return { name: unitNames.get(unitMs) ?? unit, seconds: unitMs / 1_000, unitMs };
}

const unitNames = new Map([
  [1_000, '/s'],
  [MINUTE_MS, '/min'],
  [HOUR_MS, '/h'],
  [DAY_MS, '/day'],
]);

/** The blocks of the case; where more was asked for than there are rows, the rest was not measured. */
function blocksOf(
  { atMs, untilMs, kind, baselineDays }: JudgeCase,
  points: readonly SeriesPoint[],
  unitMs: number | null,
): { blocks: ClaimBlocks; asOfMs: number; endMs: number } {
  const startMs = alignDown(atMs, BLOCK_MS);
  const endMs = alignDown(atMs + DAY_MS, BLOCK_MS);
  const lastMs = Math.min(endMs, untilMs ?? endMs);
  const blocks = claimBlocksOf(
    points,
    { kind, unitMs },
    { originMs: atMs, untilMs: lastMs, days: baselineDays },
  );
  // A series that ends before the deploy is no watch that settles: nothing was measured of it.
  const least = blocks.after.length === 0 ? SETTLE_BLOCKS + FIRST_LOOK_BLOCKS + 1 : 0;
  const wanted = untilMs === null ? least : Math.max(0, Math.floor((lastMs - startMs) / BLOCK_MS));
  const missing = Array.from({ length: Math.max(0, wanted - blocks.after.length) }, () => null);
  // Both kinds hold null for what was not measured.
  const padded =
    blocks.kind === 'counts'
      ? { ...blocks, after: [...blocks.after, ...missing] }
      : { ...blocks, after: [...blocks.after, ...missing] };
  return { blocks: padded, asOfMs: startMs + padded.after.length * BLOCK_MS, endMs };
}

function inputOf(
  { atMs }: JudgeCase,
  target: ClaimTarget,
  blocks: ClaimBlocks,
  asOfMs: number,
  endMs: number,
): Parameters<typeof judgeClaim>[0] {
  return {
    ...{ target, blocks, asOfMs, endMs, requests: null, backfilledStepMs: null, spans: [], caps: [] },
    originMs: atMs,
    settledMs: atMs + SETTLE_BLOCKS * BLOCK_MS,
    isWeekend: (blockStartMs) => [0, 6].includes(new Date(blockStartMs).getUTCDay()),
  };
}

function stateAt(state: ClaimState, atMs: number, leastMs: number): ClaimState {
  return atMs >= leastMs ? state : (EARLY[state] ?? state);
}

function decidedAt({ decidedAtMs }: ClaimVerdict, leastMs: number): string | null {
  return decidedAtMs === null ? null : iso(Math.max(decidedAtMs, leastMs));
}

function looksOf(
  looks: readonly ClaimLook[],
  { atMs, everyMs }: JudgeCase,
  leastMs: number,
): NonNullable<JudgedCase['looks']> {
  const startMs = alignDown(atMs, BLOCK_MS);
  const step = Math.max(BLOCK_MS, everyMs ?? BLOCK_MS);
  return looks
    .filter((look, index) => (look.atMs - startMs) % step === 0 || index === looks.length - 1)
    .map((look) => ({
      at: iso(look.atMs),
      state: stateAt(look.state, look.atMs, leastMs),
      interval: look.interval,
    }));
}

function onsetOf({ atMs, loMs, hiMs }: NonNullable<ClaimVerdict['onset']>): NonNullable<JudgedCase['onset']> {
  return { at: iso(atMs), lo: iso(loMs), hi: iso(hiMs) };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
