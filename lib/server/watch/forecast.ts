import 'server-only';
import type { ParsedClaim } from '@/lib/core/claims/document.ts';
import { listWords } from '@/lib/core/deploys/measurable.ts';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ClaimForecastView } from '@/lib/core/model/watch.ts';
import { alignDown, BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { BASELINE_DAYS, MIN_BASELINE_DAYS } from '@/lib/core/verdict/baseline.ts';
import { beforeSide, countsEvents, usualOver } from '@/lib/core/verdict/before-side.ts';
import type { ClaimForecast } from '@/lib/core/verdict/forecast.ts';
import { forecastResolved } from '@/lib/core/verdict/forecast-resolved.ts';
import { resolvePromise } from '@/lib/core/verdict/promise.ts';
import { targetOf } from '@/lib/core/watch/claim-target.ts';
import { endOf } from '@/lib/core/watch/end-of-watch.ts';
import { historyRevision } from '../queries/history.ts';
import { remember } from '../queries/remember.ts';
import type { Runtime } from '../runtime.ts';
import { type ClaimNumbers, readClaimNumbers } from './numbers.ts';

/** More claims than this nobody types; each reads two weeks of a metric once. */
const MOST_CLAIMS = 40;
const MEMORY = { name: 'forecasts', most: 16 };

interface When {
  originMs: number;
  /** Length of the watch. */
  lengthMs: number;
}

/**
 * What can be told of claims before their deploy, from the days before now. One for each claim that is bound to a metric,
 * in their order; the days are read once an hour.
 */
export function readForecasts(
  runtime: Runtime,
  scope: Scope,
  claims: readonly ParsedClaim[],
): Promise<ClaimForecastView[]> {
  const originMs = alignDown(runtime.clock.wallMs(), HOUR_MS);
  return forecastAll(runtime, scope, claims, { originMs, lengthMs: DAY_MS });
}

/** The same for a deploy that is known, from the days before its T₀; before now while it lies ahead. */
export function readDeployForecasts(runtime: Runtime, deploy: Deploy): Promise<ClaimForecastView[]> {
  const nowMs = alignDown(runtime.clock.wallMs(), HOUR_MS);
  const lengthMs = endOf(deploy) - deploy.startMs;
  const claims = deploy.claims.filter(({ standing }) => standing !== 'removed');
  const when = { originMs: Math.min(deploy.startMs, nowMs), lengthMs };
  // The page of a deploy asks every few seconds.
  const key = JSON.stringify([deploy.id, when, claims, historyRevision(runtime)]);
  return remember(runtime, MEMORY, key, BLOCK_MS, () => forecastAll(runtime, deploy, claims, when));
}

async function forecastAll(
  runtime: Runtime,
  scope: Scope,
  claims: readonly ParsedClaim[],
  when: When,
): Promise<ClaimForecastView[]> {
  const views: ClaimForecastView[] = [];
  // One after another: each may read two weeks.
  for (const claim of claims.filter(({ metric }) => metric !== null).slice(0, MOST_CLAIMS)) {
    views.push(await forecastOf(runtime, scope, claim, when));
  }
  return views;
}

async function forecastOf(
  runtime: Runtime,
  { app, environment }: Scope,
  claim: ParsedClaim,
  { originMs, lengthMs }: When,
): Promise<ClaimForecastView> {
  const numbers = await readClaimNumbers(
    runtime,
    { app, environment },
    { metric: claim.metric ?? '', labels: claim.labels },
    { originMs, days: BASELINE_DAYS, untilMs: originMs },
  );
  if ('unmeasurable' in numbers) return untold(claim, numbers.unmeasurable);
  const { blocks, backfilledStepMs, midMs } = numbers;
  const side = beforeSide({ blocks, backfilledStepMs, isWeekend: null, startMs: midMs });
  const usual = usualOver(side, Math.round(lengthMs / BLOCK_MS));
  const target = targetOf(claim, { usual });
  if ('why' in target) return untold(claim, target.why, numbers);
  if (side.baseline === null) {
    return untold(
      claim,
      target.level === null
        ? 'Cannot be told: nothing was measured before it.'
        : 'Nothing was measured before it: its level alone is watched, and no verdict comes of that.',
      numbers,
    );
  }
  const resolved = resolvePromise(target, usual, countsEvents(blocks));
  if (resolved === null) return untold(claim, 'It promises nothing that could be told.', numbers);
  const forecast = forecastResolved({
    ...{ before: side, blocks, resolved },
    maxHours: Math.min(lengthMs, DAY_MS) / HOUR_MS,
  });
  return toView(claim, forecast, numbers, lengthMs);
}

function untold(claim: ParsedClaim, text: string, numbers?: ClaimNumbers): ClaimForecastView {
  const days = numbers === undefined ? 0 : Math.floor((numbers.blocks.before.length * BLOCK_MS) / DAY_MS);
  return {
    claimId: claim.id,
    text,
    decidableAfterMs: null,
    baselineDays: days,
    baseline: numbers?.baseline ?? 'none',
  };
}

function toView(
  claim: ParsedClaim,
  forecast: ClaimForecast,
  numbers: ClaimNumbers,
  lengthMs: number,
): ClaimForecastView {
  return {
    claimId: claim.id,
    text: forecastText(forecast, numbers, lengthMs),
    decidableAfterMs: forecast.decidableAfterMs,
    baselineDays: forecast.baselineDays,
    baseline: numbers.baseline,
  };
}

/** `Can be told about 1 h after the deploy (14 days before it).` */
function forecastText(
  { decidableAfterMs, baselineDays, weak, why }: ClaimForecast,
  { baseline, provider, note }: Pick<ClaimNumbers, 'baseline' | 'provider' | 'note'>,
  lengthMs: number,
): string {
  if (weak) {
    const days = baselineDays === 1 ? 'one comparable day' : `${baselineDays} comparable days`;
    return `Only ${days} before it; ${MIN_BASELINE_DAYS} are needed.`;
  }
  if (decidableAfterMs === null)
    return `Cannot be told in ${durationWords(Math.min(lengthMs, DAY_MS))}: ${lower(why ?? 'nothing says when')}`;
  const days = `${baselineDays} days before it`;
  const of =
    baseline === 'backfilled' ? `${days}, a part of them as ${provider ?? 'a provider'} remembers it` : days;
  const parts = [of, ...(note === null ? [] : [lower(note).replace(/\.$/, '')])];
  return `Can be told about ${durationWords(decidableAfterMs)} after the deploy (${listWords(parts, 'and')}).`;
}

/** `20 min`, `1 h`, `2 h 30 min`, to five minutes. */
function durationWords(ms: number): string {
  const minutes = Math.ceil(ms / BLOCK_MS) * (BLOCK_MS / MINUTE_MS);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

function lower(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
