import type { ClaimState } from '../../lib/core/model/claim.ts';
import { judgeClaim } from '../../lib/core/verdict/judge.ts';
import type { JudgeInput } from '../../lib/core/verdict/judge-types.ts';
import type { ClaimPromise } from '../../lib/core/verdict/limits.ts';
import type { TestSeries } from '../../lib/core/verdict/test-series.ts';
import { type MadeParams, MINUTES_PER_BLOCK, makeWatch } from './made.ts';

const BLOCK_MS = MINUTES_PER_BLOCK * 60_000;
const DAY_MS = 86_400_000;
/** A Monday, so that the days of a series are whole days on the clock. */
const ORIGIN_MS = Date.UTC(2026, 0, 5);

/** What is claimed of a watch. */
export interface JudgedParams extends MadeParams {
  promises: readonly ClaimPromise[];
}

/** What the judge said over one watch. */
export interface JudgedOutcome {
  /** Every state that it gave at some look, and the last one. */
  states: readonly ClaimState[];
  last: ClaimState;
  /** Minutes after the settle end until it first said *met*; null when it never did. */
  metMinutes: number | null;
  route: 'logs' | 'counts' | 'none';
}

/** The input of a judge for a made series and a promise, so many blocks into a watch of 24 h; at its end unless said. */
export function judgeInputOf(
  series: TestSeries,
  promise: ClaimPromise,
  blocks: number = series.after.length,
): JudgeInput {
  return {
    target: { promise, level: null, statedBefore: null },
    blocks: {
      kind: 'counts',
      before: series.before,
      after: series.after.slice(0, blocks),
      countsEvents: true,
    },
    requests: null,
    originMs: ORIGIN_MS,
    settledMs: ORIGIN_MS + BLOCK_MS,
    asOfMs: ORIGIN_MS + blocks * BLOCK_MS,
    endMs: ORIGIN_MS + DAY_MS,
    backfilledStepMs: null,
    isWeekend: (atMs) => series.isWeekend(Math.round((atMs - ORIGIN_MS) / BLOCK_MS)),
    spans: [],
    caps: [],
  };
}

/** The states that each claim goes through over one made watch, in the order of the promises. */
export function measureJudged(params: JudgedParams, seed: number): JudgedOutcome[] {
  const { series } = makeWatch(params, seed);
  return params.promises.map((promise) => judgedOf(series, promise));
}

function judgedOf(series: TestSeries, promise: ClaimPromise): JudgedOutcome {
  const { verdict, looks } = judgeClaim(judgeInputOf(series, promise), { looks: true });
  const minutesUntil = (states: readonly ClaimState[]): number | null => {
    const found = looks.find(({ state }) => states.includes(state));
    return found === undefined ? null : (found.atMs - ORIGIN_MS - BLOCK_MS) / 60_000;
  };
  return {
    states: [...new Set([...looks.map(({ state }) => state), verdict.state])],
    last: verdict.state,
    metMinutes: minutesUntil(['met']),
    route: verdict.route,
  };
}
