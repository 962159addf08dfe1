import 'server-only';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { findDerived } from '@/lib/core/metrics/derived/index.ts';
import { type ClaimUnit, type ClaimView, countClaims, type PromiseView } from '@/lib/core/model/claim.ts';
import type { Deploy, HeldClaim } from '@/lib/core/model/deploy.ts';
import type { Quality } from '@/lib/core/model/sample.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ClaimVerdict, WatchRecord } from '@/lib/core/model/verdict.ts';
import { WATCH_STOPS_MS, type WatchView } from '@/lib/core/model/watch.ts';
import { chooseRateWindow, RATE_WINDOWS, type RateWindow } from '@/lib/core/units/format-rate.ts';
import type { ClaimTarget } from '@/lib/core/verdict/judge-types.ts';
import { type ClaimPromise, limitsOf } from '@/lib/core/verdict/limits.ts';
import { resolvePromise } from '@/lib/core/verdict/promise.ts';
import { stopsOf } from '@/lib/core/watch/checks.ts';
import { targetOf } from '@/lib/core/watch/claim-target.ts';
import { metricShape } from '@/lib/core/watch/metric-shape.ts';
import { redisGetsRung } from '../queries/redis-gets-rung.ts';
import { targetIdsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';

/** A watch as pages show it, from its record and its deploy. */
export function toWatchView(runtime: Runtime, deploy: Deploy, record: WatchRecord): WatchView {
  const nowMs = runtime.clock.wallMs();
  const claims = deploy.claims
    .filter(({ id }) => Object.hasOwn(record.claims, id))
    .flatMap((claim): ClaimView[] => {
      const verdict = record.claims[claim.id];
      return verdict === undefined ? [] : [toClaimView(runtime, deploy, claim, verdict)];
    });
  const { release, originMs, endMs, state, provisional, reason, interruption, closedMs } = record;
  return {
    release,
    href: `/deploys/${record.deployId}`,
    ...{ originMs, endMs, nowMs, state, provisional, reason },
    stops: stopsOf(record.checks),
    interruption:
      interruption === null
        ? null
        : { atMs: interruption.atMs, release: interruption.release, kind: interruption.kind },
    nextLookMs: closedMs === null ? nextLook(originMs, endMs, nowMs) : null,
    decidable: closedMs === null ? nextDecidable(claims) : null,
    evidence: evidenceOf(Object.values(record.claims)),
    claims,
    counts: countClaims(claims),
    assumedMachines: deploy.document?.deploy.machinesAssumed ?? null,
  };
}

/** One claim with its verdict, its numbers in the window that its author wrote. */
export function toClaimView(
  runtime: Runtime,
  scope: Scope,
  claim: HeldClaim,
  verdict: ClaimVerdict,
): ClaimView {
  const scale = scaleOf(claim, verdict.before ?? verdict.after);
  const { state, provisional, reason, sinceMs, provenShare, decidableByMs } = verdict;
  const { after, effectPct, interval } = shownOf(verdict);
  return {
    id: claim.id,
    title: claim.text,
    why: verdict.why === '' ? null : verdict.why,
    ...{ unit: scale.unit, window: scale.window },
    before: scaled(verdict.before, scale),
    promised: promisedOf(claim, verdict.before, scale),
    measured: scaled(after, scale),
    ...{ effectPct, interval },
    ...{ provisional, state, reason, sinceMs, provenShare, decidableByMs },
    ...qualityOf(runtime, scope, claim, verdict),
  };
}

/** What is shown as measured: of a claim that a guard froze, what it was until then. */
function shownOf({ after, effectPct, interval, held }: ClaimVerdict) {
  if (held === null) return { after, effectPct, interval };
  return {
    after: after ?? held.after,
    effectPct: effectPct ?? held.effectPct,
    interval: effectPct === null ? held.interval : interval,
  };
}

interface Scale {
  unit: ClaimUnit;
  window: RateWindow | null;
  /** Of the metric's own unit to that of pages: dollars a day are dollars per second there. */
  factor: number;
}

/** How the numbers of a claim are written: in the window of its author where that is one of ours. */
export function scaleOf(claim: Pick<HeldClaim, 'metric' | 'window'>, level: number | null): Scale {
  const shape = claim.metric === null ? null : metricShape(claim.metric);
  const unit = unitOf(claim.metric);
  if (shape === null || !shape.isRate) return { unit, window: null, factor: 1 };
  const factor = 1 / shape.perSecondFactor;
  return { unit, window: windowOf(claim.window, level === null ? null : level * factor), factor };
}

function windowOf(written: string | null, perSecond: number | null): RateWindow {
  const name = /^\d*([a-z]+)$/.exec(written ?? '')?.[1];
  const own = RATE_WINDOWS.find((window) => window === name);
  if (own !== undefined) return own;
  if (name === 'week' || name === 'month' || name === 'year') return 'day';
  return chooseRateWindow(perSecond);
}

function unitOf(metric: string | null): ClaimUnit {
  if (metric === null) return 'events';
  return findMetric(metric)?.unit ?? findDerived(metric)?.unit ?? 'events';
}

function scaled(value: number | null, { factor }: Scale): number | null {
  return value === null ? null : value * factor;
}

/** The level that was promised and the one that decides, against what was measured before; null without either. */
export function promisedOf(claim: HeldClaim, before: number | null, scale: Scale): PromiseView | null {
  const target = targetOf(claim, { usual: before });
  if ('why' in target) return null;
  const levels = promisedLevels(target, before);
  if (levels === null) return null;
  const { direction, value, limit } = levels;
  return { direction, value: value * scale.factor, limit: limit * scale.factor };
}

function promisedLevels(target: ClaimTarget, before: number | null): PromiseView | null {
  if (before === null) {
    if (target.level === null) return null;
    const { value, direction } = target.level;
    return { direction: direction === 'down' ? 'atMost' : 'atLeast', value, limit: value };
  }
  const resolved = resolvePromise(target, before, true);
  if (resolved === null) return null;
  const { promise, level } = resolved;
  const limits = limitsOf(promise);
  const limit = limits === null ? 0 : Math.exp(limits.met) * before;
  const way = wayOf(promise, before);
  // A level stands as it was written.
  return { ...way, value: level ?? way.value, limit: promise.kind === 'improve' ? before : limit };
}

function wayOf(promise: ClaimPromise, before: number): Pick<PromiseView, 'direction' | 'value'> {
  switch (promise.kind) {
    case 'change':
      return { direction: promise.ratio < 1 ? 'atMost' : 'atLeast', value: promise.ratio * before };
    case 'guard':
      return promise.against === 'rise'
        ? { direction: 'atMost', value: (1 + promise.margin) * before }
        : { direction: 'atLeast', value: (1 - promise.margin) * before };
    case 'improve':
      return { direction: promise.toward === 'down' ? 'below' : 'above', value: before };
    default:
      return promise satisfies never;
  }
}

function qualityOf(
  runtime: Runtime,
  { app, environment }: Scope,
  { metric, labels }: Pick<HeldClaim, 'metric' | 'labels'>,
  { route, reason }: ClaimVerdict,
): { quality: Quality; metricNote: string | null } {
  if (metric === null || (route === 'none' && reason === 'unmeasurable'))
    return { quality: 'unavailable', metricNote: null };
  const scope = { app, environment };
  const isGets =
    metric === 'redis_commands_total' && labels.cmd === 'get' && Object.keys(labels).length === 1;
  const { note, ...rung } = isGets ? redisGetsRung(runtime, scope) : { note: null, metric, labels };
  const found = runtime.store.findSeries({
    metric: rung.metric,
    labels: rung.labels,
    targetIds: targetIdsOf(runtime, scope),
  });
  const isInferred = found.length > 0 && found.every(({ quality }) => quality === 'inferred');
  return { quality: isInferred ? 'inferred' : 'measured', metricNote: note };
}

function nextLook(originMs: number, endMs: number, nowMs: number): number | null {
  const stops = WATCH_STOPS_MS.map((offsetMs) => originMs + offsetMs);
  return [...stops, endMs].filter((atMs) => atMs > nowMs && atMs <= endMs).sort((a, b) => a - b)[0] ?? null;
}

function nextDecidable(claims: readonly ClaimView[]): WatchView['decidable'] {
  const [first] = claims
    .flatMap(({ title, decidableByMs }) =>
      decidableByMs === null ? [] : [{ what: title, byMs: decidableByMs }],
    )
    .sort((a, b) => a.byMs - b.byMs);
  return first === undefined ? null : { ...first, condition: null };
}

/** Of the claim that rests on least. */
function evidenceOf(verdicts: readonly ClaimVerdict[]): string | null {
  const [least] = verdicts
    .filter(({ route, blocks }) => route !== 'none' && blocks.of > 0)
    .sort((a, b) => a.blocks.usable - b.blocks.usable);
  if (least === undefined) return null;
  const { blocks, baseline } = least;
  return `${blocks.usable} of ${blocks.of} blocks, ${baseline.days} baseline ${baseline.days === 1 ? 'day' : 'days'}`;
}
