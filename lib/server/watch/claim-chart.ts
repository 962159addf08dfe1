import 'server-only';
import type { Deploy, HeldClaim } from '@/lib/core/model/deploy.ts';
import type { ClaimVerdict, WatchRecord } from '@/lib/core/model/verdict.ts';
import type { ChangeView, ChartView, GapView, Point, UsualView } from '@/lib/core/model/view.ts';
import type { ClaimChart } from '@/lib/core/model/watch.ts';
import { latestOf } from '@/lib/core/series/level.ts';
import { alignDown, BLOCK_MS, DAY_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { claimValueText } from '@/lib/core/units/format-claim.ts';
import { DAYS_NEEDED, usualOf } from '@/lib/core/usual/usual.ts';
import { BASELINE_DAYS } from '@/lib/core/verdict/baseline.ts';
import { isUsable } from '@/lib/core/verdict/blocks.ts';
import type { ClaimBlocks } from '@/lib/core/verdict/judge-types.ts';
import { mergeGaps, nameSuspended, readGaps, toGapViews } from '../queries/gaps.ts';
import type { Runtime } from '../runtime.ts';
import { type ClaimNumbers, readClaimNumbers } from './numbers.ts';
import { promisedOf, scaleOf } from './watch-view.ts';

/** Points of a small chart at most; a longer watch is drawn in means of several blocks. */
const MOST_POINTS = 200;
/** Digits sent: more than any screen shows. */
const DIGITS = 5;
const MOST_GAPS = 24;
/** Neighbours on either side that a clock time is smoothed with. */
const REACH_BLOCKS = 3;
const SLOTS = DAY_MS / BLOCK_MS;
const OF_REDIS = /^(app_)?redis_/;

/** The window that the charts of a watch share: as long before T₀ as it is watched, a day at most, and up to now or its end. */
export function watchWindow(
  { originMs, endMs }: Pick<WatchRecord, 'originMs' | 'endMs'>,
  nowMs: number,
): TimeRange {
  const lengthMs = Math.min(DAY_MS, endMs - originMs);
  return {
    startMs: alignDown(originMs - lengthMs, BLOCK_MS),
    endMs: Math.max(alignDown(originMs, BLOCK_MS) + BLOCK_MS, Math.min(nowMs, endMs)),
  };
}

/** A claim before and after its deploy, from the very blocks that its verdict is made of; null where nothing measures it. */
export async function readClaimChart(
  runtime: Runtime,
  deploy: Deploy,
  claim: HeldClaim,
  verdict: ClaimVerdict,
  record: WatchRecord,
): Promise<ClaimChart | null> {
  if (claim.metric === null || verdict.reason === 'unmeasurable') return null;
  const { app, environment } = deploy;
  const nowMs = runtime.clock.wallMs();
  const range = watchWindow(record, nowMs);
  const numbers = await readClaimNumbers(
    runtime,
    { app, environment },
    { metric: claim.metric, labels: claim.labels },
    { originMs: record.originMs, days: BASELINE_DAYS, untilMs: range.endMs },
  );
  if ('unmeasurable' in numbers) return null;
  const chart = await toChart(runtime, { claim, numbers, range, verdict, nowMs });
  return { claimId: claim.id, title: claim.text, chart };
}

interface Drawn {
  claim: HeldClaim;
  numbers: ClaimNumbers;
  range: TimeRange;
  verdict: ClaimVerdict;
  nowMs: number;
}

async function toChart(runtime: Runtime, drawn: Drawn): Promise<ChartView> {
  const { claim, numbers, range, verdict, nowMs } = drawn;
  const scale = scaleOf(claim, verdict.before ?? verdict.after);
  const values = valuesOf(numbers.blocks).map((value) => (value === null ? null : value * scale.factor));
  const whole = values.map((value, i): Point => [numbers.startMs + i * BLOCK_MS, value]);
  const blocks = whole.filter(([atMs]) => atMs >= range.startMs && atMs < range.endMs);
  const wide = Math.max(1, Math.ceil(blocks.length / MOST_POINTS));
  const stepMs = wide * BLOCK_MS;
  const points = coarser(blocks, wide).map(([atMs, value]): Point => [atMs, round(value)]);
  const isRate = scale.window !== null;
  const known = points.flatMap(([, value]) => value ?? []);
  const silences = await readGaps(runtime, numbers.targetIds, range, BLOCK_MS, nowMs);
  const promised = promisedOf(claim, verdict.before, scale);
  return {
    unit: scale.unit,
    as: isRate ? 'rate' : 'value',
    range,
    stepMs,
    lines: [{ key: 'sum', label: claim.text, quality: numbers.quality, points }],
    lastIsPartial: false,
    gaps: gapsOf(runtime, drawn, toGapViews(silences, numbers.targetIds.length), points, stepMs),
    resets: [],
    goals:
      promised === null
        ? []
        : [
            {
              direction:
                promised.direction === 'atMost' || promised.direction === 'below' ? 'atMost' : 'atLeast',
              value: promised.value,
              text: claimValueText(promised.value, scale.unit, scale.window),
            },
          ],
    plans: [],
    ...usualOver(numbers, whole, points, wide),
    comparison: null,
    change: changeOf(verdict, scale.factor),
    latest: latestOf(points, stepMs, range.endMs),
    overall: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
    missing: known.length === 0 ? { reason: 'Nothing measured in this time', fix: null } : null,
    note: numbers.note,
    stale: false,
  };
}

/** Level before and after T₀ as its verdict has it; null until both are known. */
export function changeOf(
  { before, after, held, baseline, sumsPct }: ClaimVerdict,
  factor: number,
): ChangeView | null {
  const measured = after ?? held?.after ?? null;
  if (before === null || measured === null) return null;
  const days = baseline.days === 1 ? '1 day' : `${baseline.days} days`;
  const warmUpMs = sumsPct?.warmUpMs ?? 0;
  return {
    before: before * factor,
    after: measured * factor,
    beforeWords: `mean at these times of ${days} before`,
    afterWords:
      warmUpMs > 0 ? `mean after a warm-up of ${Math.round(warmUpMs / 60_000)} min` : 'mean since then',
  };
}

function valuesOf(blocks: ClaimBlocks): (number | null)[] {
  if (blocks.kind === 'levels') return [...blocks.before, ...blocks.after];
  return [...blocks.before, ...blocks.after].map((block) =>
    isUsable(block) ? (block.increase * 1000) / block.coveredMs : null,
  );
}

function coarser(points: readonly Point[], wide: number): Point[] {
  if (wide === 1) return [...points];
  return Array.from({ length: Math.ceil(points.length / wide) }, (_, i): Point => {
    const part = points.slice(i * wide, (i + 1) * wide);
    const known = part.flatMap(([, value]) => value ?? []);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    return [part[0]?.[0] ?? 0, known.length * 2 >= part.length ? mean : null];
  });
}

/** Median and band of the days before, at the clock times of the chart. */
function usualOver(
  { midMs, startMs, baseline, provider }: ClaimNumbers,
  whole: readonly Point[],
  points: readonly Point[],
  wide: number,
): Pick<ChartView, 'usual' | 'usualForming'> {
  const days = Math.ceil((midMs - startMs) / DAY_MS);
  const slots = Array.from({ length: days }, (_, day) => {
    const row: (number | null)[] = new Array(SLOTS).fill(null);
    for (const [atMs, value] of whole.slice(day * SLOTS, (day + 1) * SLOTS)) {
      if (atMs < midMs) row[slotAt(atMs)] = value;
    }
    return row;
  });
  const usual = usualOf(slots, SLOTS, REACH_BLOCKS);
  const most = Math.max(0, ...usual.days);
  if (most < DAYS_NEEDED) return { usual: null, usualForming: { days: most, needed: DAYS_NEEDED } };
  const at = (list: readonly (number | null)[], atMs: number) =>
    round(list[slotAt(atMs + Math.floor(wide / 2) * BLOCK_MS)] ?? null);
  const view: UsualView = {
    label: `usual, ${most} days`,
    ...(baseline === 'backfilled' && provider !== null && { backfilled: { days: most, of: most, provider } }),
    points: points.map(([atMs]) => [atMs, at(usual.middle, atMs)]),
    band: points.map(([atMs]) => [atMs, at(usual.low, atMs), at(usual.high, atMs)]),
  };
  return { usual: view };
}

function round(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(DIGITS));
}

function slotAt(atMs: number): number {
  return Math.floor((atMs % DAY_MS) / BLOCK_MS);
}

function gapsOf(
  runtime: Runtime,
  { claim, range, nowMs, numbers }: Drawn,
  visits: readonly GapView[],
  points: readonly Point[],
  stepMs: number,
): GapView[] {
  const [scopeApp, scopeEnvironment] = (numbers.targetIds[0] ?? '').split('/');
  const isOfRedis = OF_REDIS.test(claim.metric ?? '');
  const suspended =
    isOfRedis && scopeApp !== undefined && scopeEnvironment !== undefined
      ? (runtime.modes?.suspended({ app: scopeApp, environment: scopeEnvironment }, range, nowMs) ?? [])
      : [];
  // What was drawn was measured or is remembered: only where nothing is drawn there is a gap.
  const silent = emptyRuns(points, stepMs).flatMap((run) =>
    visits.flatMap((gap) => {
      const startMs = Math.max(gap.startMs, run.startMs);
      const endMs = Math.min(gap.endMs, run.endMs);
      return startMs < endMs ? [{ ...gap, startMs, endMs }] : [];
    }),
  );
  return mergeGaps(nameSuspended(silent, suspended, points, stepMs), MOST_GAPS);
}

/** Stretches without a value. */
function emptyRuns(points: readonly Point[], stepMs: number): TimeRange[] {
  const runs: TimeRange[] = [];
  for (const [atMs, value] of points) {
    const last = runs.at(-1);
    if (value !== null) continue;
    if (last?.endMs === atMs) last.endMs = atMs + stepMs;
    else runs.push({ startMs: atMs, endMs: atMs + stepMs });
  }
  return runs;
}
