import type { ClaimVerdict } from '../model/verdict.ts';
import { BLOCK_MS, HOUR_MS } from '../time/range.ts';
import { daysBefore, MIN_BASELINE_DAYS } from './baseline.ts';
import { beliefOf } from './belief.ts';
import { isUsable } from './blocks.ts';
import { TRAILING_BLOCKS } from './boundary.ts';
import { shownWindow } from './count-steps.ts';
import type { ClaimForecast } from './forecast.ts';
import { forecastResolved } from './forecast-resolved.ts';
import { onsetOf } from './onset.ts';
import { burstShare } from './ratio-of-sums.ts';
import { ratioBetween, sumsAt, warmUpBlocks } from './sum-track.ts';
import { heldAt, isDecided, type Standing, standingAt } from './timeline.ts';
import { levelAt, levelsAt, perRequest } from './verdict-numbers.ts';
import type { Watched } from './watched.ts';
import { tellWatched } from './why-watched.ts';

/** A verdict that says nothing yet. */
export function blankVerdict(): ClaimVerdict {
  return {
    state: 'settling',
    provisional: true,
    reason: null,
    sinceMs: null,
    held: null,
    why: '',
    effectPct: null,
    interval: null,
    before: null,
    after: null,
    sumsPct: null,
    perRequestPct: null,
    provenShare: null,
    probability: null,
    decidedAtMs: null,
    decidableByMs: null,
    smallestChangePct: { after1h: null, after6h: null, after24h: null },
    baseline: { kind: 'none', days: 0, excludedDays: 0, weak: false },
    blocks: { usable: 0, of: 0 },
    burstPct: null,
    noisier: false,
    route: 'none',
    onset: null,
    caps: [],
  };
}

/** The verdict as it stands with all blocks that are over. */
export function verdictOf(watched: Watched): ClaimVerdict {
  const { input, route, atBlocks, settleBlocks, blocks } = watched;
  const standing = standingAt(watched, atBlocks);
  const { state, freeze, look } = standing;
  const held = heldAt(watched, standing);
  const forecast = forecastOf(watched);
  // A frozen claim shows what it was beside itself, never as its own numbers.
  const shown = freeze === null ? look : null;
  const burst = blocks.kind === 'counts' ? burstShare(blocks.after, 0) : null;
  const requests = perRequest(blocks, watched.sums, { ...watched, requests: input.requests }, atBlocks);
  return {
    state,
    provisional: standing.provisional,
    reason: freeze?.reason ?? null,
    sinceMs: standing.sinceMs,
    held,
    why: tellWatched(watched, standing, { held, requests, burstPct: burst === null ? null : 100 * burst }),
    effectPct: shown?.effectPct ?? null,
    interval: shown?.interval ?? null,
    ...levels(watched),
    sumsPct: sumsPct(watched),
    perRequestPct: shown === null ? null : (requests?.perRequestPct ?? null),
    provenShare: shown?.provenShare ?? null,
    probability: shown === null ? null : beliefOf(route, watched.before),
    decidedAtMs: isDecided(state) ? standing.sinceMs : null,
    decidableByMs: decidableByMs(watched, standing, forecast),
    smallestChangePct: percentsOf(forecast),
    baseline: baselineFacts(watched),
    blocks: { usable: usableBlocks(watched), of: Math.max(0, atBlocks - settleBlocks) },
    burstPct: burst === null ? null : 100 * burst,
    noisier: route.kind === 'logs' && (route.seen.at(-1)?.noisierSinceBlocks ?? null) !== null,
    route: route.kind === 'logs' || route.kind === 'counts' ? route.kind : 'none',
    onset: freeze === null && look !== null ? onsetOf(watched) : null,
    caps: capsOf(watched),
  };
}

function levels({ route, input, blocks, before, atBlocks }: Watched): Pick<ClaimVerdict, 'before' | 'after'> {
  if (route.kind === 'stated') {
    return { before: input.target.statedBefore, after: levelAt(blocks, atBlocks) };
  }
  if (route.kind === 'none') return { before: null, after: levelAt(blocks, atBlocks) };
  return levelsAt(blocks, before.usual, atBlocks);
}

function sumsPct({ route, sums, atBlocks, settleBlocks, offsetMs }: Watched): ClaimVerdict['sumsPct'] {
  if (sums === null || (route.kind !== 'logs' && route.kind !== 'counts')) return null;
  const percent = (ratio: number | null) => (ratio === null ? null : 100 * (ratio - 1));
  if (route.kind === 'counts') {
    const last = route.seen.at(-1);
    if (last === undefined) return null;
    const { warmUpMs } = shownWindow(last, route.limits);
    const fromBlock = warmUpBlocks(warmUpMs, offsetMs, settleBlocks);
    const lateBlock = Math.max(settleBlocks, last.atBlocks - TRAILING_BLOCKS);
    return {
      cumulative: percent(ratioBetween(sums, fromBlock, atBlocks)),
      trailing: percent(ratioBetween(sums, lateBlock, atBlocks)),
      warmUpMs,
    };
  }
  const last = route.seen.at(-1);
  if (last === undefined) return null;
  const { direction, met } = route.limits;
  const { cumulative, trailing, warmUpMs } = sumsAt(sums, last.atBlocks, { direction, limit: met });
  return { cumulative: percent(cumulative), trailing: percent(trailing), warmUpMs };
}

function forecastOf({ before, route, input, watchBlocks, settleBlocks }: Watched): ClaimForecast | null {
  if (route.kind !== 'logs' && route.kind !== 'counts') return null;
  const maxHours = (watchBlocks * BLOCK_MS) / HOUR_MS;
  return forecastResolved({ before, blocks: input.blocks, resolved: route.resolved, maxHours, settleBlocks });
}

/** Only while it is open: when it is told at the latest if it is kept just so, and not after the end. */
function decidableByMs(
  { startMs, atBlocks, watchBlocks, isOver }: Watched,
  { state, freeze }: Standing,
  forecast: ClaimForecast | null,
): number | null {
  const isOpen = state === 'settling' || state === 'on_track' || state === 'off_track' || state === 'failing';
  if (!isOpen || isOver || freeze !== null || forecast === null || forecast.decidableAfterMs === null)
    return null;
  const endMs = startMs + watchBlocks * BLOCK_MS;
  const byMs = startMs + forecast.decidableAfterMs;
  return byMs > startMs + atBlocks * BLOCK_MS ? Math.min(byMs, endMs) : endMs;
}

function percentsOf(forecast: ClaimForecast | null): ClaimVerdict['smallestChangePct'] {
  const percent = (share: number | null | undefined) => (share == null ? null : 100 * share);
  const smallest = forecast?.smallestChange;
  return {
    after1h: percent(smallest?.after1h),
    after6h: percent(smallest?.after6h),
    after24h: percent(smallest?.after24h),
  };
}

function baselineFacts({ before, input, route }: Watched): ClaimVerdict['baseline'] {
  const { baseline, logs } = before;
  if (baseline === null) {
    const kind = route.kind === 'stated' && input.target.statedBefore !== null ? 'stated' : 'none';
    return { kind, days: 0, excludedDays: daysBefore(logs).length, weak: false };
  }
  return {
    kind: input.backfilledStepMs === null ? 'measured' : 'backfilled',
    days: baseline.days,
    excludedDays: baseline.excludedDays,
    weak: baseline.isWeak,
  };
}

/** Blocks that count: measured, not masked, after the settle time. */
function usableBlocks({ blocks, atBlocks }: Watched): number {
  const row =
    blocks.kind === 'counts' ? blocks.after.map(isUsable) : blocks.after.map((level) => level !== null);
  return row.slice(0, atBlocks).filter(Boolean).length;
}

/** Why it can be no more than provisional. */
function capsOf({ input, before, route }: Watched): string[] {
  const caps = [...input.caps];
  const { baseline } = before;
  if (baseline?.isWeak === true) {
    caps.push(
      `only ${baseline.days} of the ${MIN_BASELINE_DAYS} days that are needed were measured before it`,
    );
  }
  if (input.backfilledStepMs !== null)
    caps.push('the days before it are what the provider remembers, in coarser steps');
  if (route.kind === 'stated') caps.push('nobody measured the time before it');
  if (route.kind === 'logs' && route.resolved.alreadyThere)
    caps.push('it was there before the deploy already');
  return caps;
}
