import type { ClaimVerdict } from '../model/verdict.ts';
import { BLOCK_MS, DAY_MS, MINUTE_MS } from '../time/range.ts';
import type { CountBlock } from '../verdict/blocks.ts';
import type { CheckedClaim, CheckFacts } from './check-types.ts';
import type { GuardFacts, LaterDeploy, LimiterBlock, MachineRun, ModeFact } from './guard-types.ts';
import { subjectOf } from './subject.ts';

// Facts of a made-up deploy of the app harbor, for the tables of guards and checks.

/** T₀, on the clock of blocks, so that times in tables read as minutes after it. */
export const T0 = Date.UTC(2026, 3, 9, 18, 0);
/** Minutes after T₀. */
export const at = (minutes: number): number => T0 + minutes * MINUTE_MS;
export const DAY_BLOCKS = DAY_MS / BLOCK_MS;
/** The span of a whole block. */
export const block = (increase: number): CountBlock => ({ increase, coveredMs: BLOCK_MS });
export const blocks = (count: number, increase: number): CountBlock[] =>
  Array.from({ length: count }, () => block(increase));

export const mode = (minutes: number, name: ModeFact['mode'], rest: Partial<ModeFact> = {}): ModeFact => ({
  atMs: at(minutes),
  mode: name,
  by: null,
  machines: {},
  ...rest,
});

export const later = (minutes: number, rest: Partial<LaterDeploy> = {}): LaterDeploy => ({
  ...{ deployId: 'd2', release: 'v8', kind: 'code', startMs: at(minutes) },
  ...{ claimsSame: false, isSame: false, step: 'none' },
  ...rest,
});

/** A machine and what it ran: pairs of minutes and a version; it is off the release where the version is `v6`. */
export const machine = (
  name: string,
  runs: readonly (readonly [from: number, to: number, version: string])[],
  share: number | null = 0.5,
): MachineRun => ({
  name,
  share,
  runs: runs.map(([from, to, version]) => ({
    ...{ startMs: at(from), endMs: at(to), version },
    onRelease: version !== 'v6',
  })),
});

export const decided = (decisions: number, limited = 0, failedOpen = 0): LimiterBlock => ({
  decisions,
  limited,
  failedOpen,
});

/** A calm deploy `v7` that was on both machines after 3 min; two hours have gone by. */
export function guardFacts(rest: Partial<GuardFacts> = {}): GuardFacts {
  return {
    subject: subjectOf({ metric: 'redis_commands_total', labels: { cmd: 'get' } }),
    ...{ originMs: T0, midMs: T0, settledMs: at(8), asOfMs: at(120), endMs: at(3) },
    ...{ release: 'v7', kind: 'code', rolled: { done: 2, of: 2 } },
    modes: [mode(-600, 'active')],
    later: [],
    machines: [machine('a', [[0, 120, 'v7']]), machine('b', [[0, 120, 'v7']])],
    measured: Array.from({ length: 24 }, () => true),
    gaps: [],
    requests: { before: blocks(14 * DAY_BLOCKS, 3_000), after: blocks(24, 3_000) },
    limiter: { after: Array.from({ length: 24 }, () => decided(100, 1)), dayBefore: 28_800 },
    uncovered: null,
    part: null,
    ...rest,
  };
}

/** A verdict on its way. */
export function verdictOf(rest: Partial<ClaimVerdict> = {}): ClaimVerdict {
  return {
    ...{ state: 'on_track', provisional: true, reason: null, sinceMs: null, held: null, why: '' },
    ...{ effectPct: -95, interval: [-96, -94], before: 200, after: 10, sumsPct: null, perRequestPct: null },
    ...{ provenShare: null, probability: null, decidedAtMs: null, decidableByMs: null },
    smallestChangePct: { after1h: null, after6h: null, after24h: null },
    baseline: { kind: 'measured', days: 14, excludedDays: 0, weak: false },
    ...{ blocks: { usable: 1, of: 1 }, burstPct: null, noisier: false, route: 'logs', onset: null, caps: [] },
    ...rest,
  };
}

export function checkedClaim(rest: Partial<ClaimVerdict> = {}, id = 'c1'): CheckedClaim {
  return {
    ...{ id, title: 'Redis GETs fall by 95 %' },
    target: { promise: { kind: 'change', ratio: 0.05 }, level: null, statedBefore: null },
    verdict: verdictOf(rest),
  };
}

/** The same deploy for checks: its one claim is on track, and two 429s an hour are usual. */
export function checkFacts(rest: Partial<CheckFacts> = {}): CheckFacts {
  const { originMs, midMs, settledMs, asOfMs, endMs, release, kind, rolled, modes, machines, limiter } =
    guardFacts();
  return {
    ...{ originMs, midMs, settledMs, asOfMs, endMs, release, kind, rolled, modes, machines, limiter },
    watchEndMs: T0 + DAY_MS,
    claims: [checkedClaim()],
    limited: { before: blocks(14 * DAY_BLOCKS, 1 / 6), after: blocks(24, 0) },
    ...rest,
  };
}
