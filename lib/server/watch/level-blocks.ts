import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { evaluateDerived, type InputSeries, inputsOf } from '@/lib/core/metrics/derived/index.ts';
import { type Labels, processOf, type Quality } from '@/lib/core/model/sample.ts';
import { type SourceKind, type TargetId, targetId } from '@/lib/core/model/target.ts';
import { matchesLabels } from '@/lib/core/series/family-sum.ts';
import { IMPORTED } from '@/lib/core/series/history.ts';
import { alignDown, BLOCK_MS, DAY_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { gridOf } from '../queries/grid.ts';
import type { Reading } from '../runtime.ts';
import type { BucketSeries } from '../store/store.ts';
import type { DerivedSource, LevelSource } from './claim-source.ts';
import { combineLevels, joinLevels } from './sum-blocks.ts';

/** Levels of a stretch of time, and whose memory tells a part of them. */
export interface LevelBlocks {
  values: (number | null)[];
  rememberedStepMs: number | null;
  provider: string | null;
  quality: Quality;
}

export type LevelFault = { unmeasurable: string };

const CHUNK_MS = DAY_MS;
/** Read before a stretch as well: who gave numbers then is missed where it gives none. */
const LEAD_MS = HOUR_MS;
/** More than one series of a share is told apart by these only where they are processes that do the same. */
const PROCESS_LABELS: ReadonlySet<string> = new Set(['machine', 'instance', 'member']);
/** Engines of another kind may watch more than ours. */
const ONE_TO_ONE: ReadonlySet<SourceKind> = new Set(['redis', 'postgres', 'upstash', 'neon']);
const PROVIDERS: Partial<Record<SourceKind, string>> = {
  upstash: 'Upstash',
  neon: 'Neon',
  fly: 'Fly',
  prometheus: 'Prometheus',
};

/** Levels block by block over `range`, a day at a time. */
export async function readLevels(
  runtime: Reading,
  source: LevelSource | DerivedSource,
  range: TimeRange,
): Promise<LevelBlocks | LevelFault> {
  const all: LevelBlocks = { values: [], rememberedStepMs: null, provider: null, quality: 'unavailable' };
  for (let startMs = range.startMs; startMs < range.endMs; startMs += CHUNK_MS) {
    const day = { startMs, endMs: Math.min(startMs + CHUNK_MS, range.endMs) };
    const part = await readChunk(runtime, source, day);
    if ('unmeasurable' in part) return part;
    for (const value of part.values) all.values.push(value);
    if (part.quality !== 'unavailable') all.quality = part.quality;
    all.provider ??= part.provider;
    if (part.rememberedStepMs !== null)
      all.rememberedStepMs = Math.max(all.rememberedStepMs ?? 0, part.rememberedStepMs);
  }
  return all;
}

async function readChunk(
  runtime: Reading,
  source: LevelSource | DerivedSource,
  range: TimeRange,
): Promise<LevelBlocks | LevelFault> {
  const wide = { startMs: range.startMs - LEAD_MS, endMs: range.endMs };
  const measured = await readWith(source, wide, (metric, labels) =>
    runtime.store.readBuckets({ metric, labels, targetIds: source.targetIds }, wide, BLOCK_MS),
  );
  if ('unmeasurable' in measured) return measured;
  const lead = LEAD_MS / BLOCK_MS;
  const values = measured.values.slice(lead);
  const none = { rememberedStepMs: null, provider: null };
  // A memory tells of the time before our first number; a gap of ours stays one.
  const first = values.findIndex((value) => value !== null);
  const holes = first === -1 ? values.length : first;
  if (holes === 0) return { values, quality: measured.quality, ...none };
  const memory = memoryOf(runtime, source);
  if (memory === null || memory.fromMs >= range.endMs || memory.atMs <= range.startMs)
    return { values, quality: measured.quality, ...none };
  const told = await readWith(source, range, async (metric, labels) => {
    const found = await runtime.store.readHistory(
      { metric, labels, targetIds: memory.targetIds },
      range,
      BLOCK_MS,
    );
    const processes = new Set(found.map(({ series }) => `${series.targetId} ${processOf(series.labels)}`));
    return processes.size > memory.mostProcesses ? [] : found;
  });
  if ('unmeasurable' in told || !told.values.slice(0, holes).some((value) => value !== null))
    return { values, quality: measured.quality, ...none };
  return {
    values: values.map((value, i) => (i < holes ? (told.values[i] ?? null) : value)),
    rememberedStepMs: memory.stepMs,
    provider: memory.provider,
    quality: measured.quality,
  };
}

type ReadBuckets = (metric: MetricName, labels: Labels) => Promise<readonly BucketSeries[]>;
type Values = Pick<LevelBlocks, 'values' | 'quality'>;

function readWith(
  source: LevelSource | DerivedSource,
  range: TimeRange,
  read: ReadBuckets,
): Promise<Values | LevelFault> {
  return source.how === 'level' ? readGauge(source, range, read) : readDerived(source, range, read);
}

async function readGauge(
  source: LevelSource,
  range: TimeRange,
  read: ReadBuckets,
): Promise<Values | LevelFault> {
  const { metric, labels, combine, gone } = source;
  const found = await read(metric, labels);
  const { length } = gridOf(range, BLOCK_MS).starts;
  if (combine === 'mean') {
    const fault = apart(metric, found);
    if (fault !== null) return fault;
  }
  const byTarget = new Map<TargetId, BucketSeries[]>();
  for (const one of found) {
    const { targetId: id } = one.series;
    byTarget.set(id, [...(byTarget.get(id) ?? []), one]);
  }
  const targets = [...byTarget].map(([id, list]) => ({
    gone: gone.has(id),
    values: Array.from({ length }, (_, i) =>
      joinLevels(
        list.flatMap(({ buckets }) => buckets[i]?.mean ?? buckets[i]?.last ?? []),
        combine,
      ),
    ),
  }));
  return { values: combineLevels(targets, combine, length), quality: worst(found) };
}

/** A mean over series that are about different things is about none of them. */
function apart(metric: string, found: readonly BucketSeries[]): LevelFault | null {
  const kinds = new Set(
    found.map(({ series }) =>
      JSON.stringify(
        Object.entries(series.labels)
          .filter(([name]) => !PROCESS_LABELS.has(name))
          .sort(),
      ),
    ),
  );
  return kinds.size < 2
    ? null
    : {
        unmeasurable: `${metric} tells of ${kinds.size} different things here; name one of them by its labels.`,
      };
}

async function readDerived(
  source: DerivedSource,
  range: TimeRange,
  read: ReadBuckets,
): Promise<Values | LevelFault> {
  const { entry, labels, name } = source;
  const { starts } = gridOf(range, BLOCK_MS);
  const series: InputSeries[] = [];
  for (const metric of inputsOf(entry)) {
    for (const { series: info, buckets } of await read(metric, {})) {
      const { labels: own, targetId: id, quality } = info;
      series.push({ metric, labels: own, targetId: id, quality, buckets });
    }
  }
  const lines = evaluateDerived(entry, series, { starts, stepMs: BLOCK_MS }).filter((line) =>
    matchesLabels(line.labels, labels),
  );
  const [only] = lines;
  if (only === undefined) return { values: starts.map(() => null), quality: 'unavailable' };
  if (lines.length === 1) return { values: [...only.values], quality: only.quality };
  if (!entry.perSecond) {
    return {
      unmeasurable: `${name} tells of ${lines.length} different things here; name one of them by its labels (${entry.labels.join(', ')}).`,
    };
  }
  // Parts of one whole, such as responses by class: one that is silent had no events.
  const values = starts.map((_, i) =>
    joinLevels(
      lines.flatMap((line) => line.values[i] ?? []),
      'sum',
    ),
  );
  return { values, quality: only.quality };
}

interface Memory {
  targetIds: readonly TargetId[];
  provider: string;
  stepMs: number;
  fromMs: number;
  atMs: number;
  mostProcesses: number;
}

/** A provider that remembers everything that the source is made of, in steps of an hour or less; the own targets first. */
function memoryOf(runtime: Reading, source: LevelSource | DerivedSource): Memory | null {
  const metrics = source.how === 'level' ? [source.metric] : inputsOf(source.entry);
  const own = source.targetIds.filter((id) => !source.gone.has(id));
  const scopes = new Set(own.map((id) => id.split('/').slice(0, 2).join('/')));
  const ownKinds = new Set(own.map((id) => id.split('/')[2]));
  const engines = runtime.config.targets.filter(
    ({ kind, app, environment }) => kind === 'prometheus' && scopes.has(`${app}/${environment}`),
  );
  const isSingle = source.how === 'level' && ONE_TO_ONE.has(source.kind);
  const options: { ids: readonly TargetId[]; mostProcesses: number }[] = [
    { ids: own, mostProcesses: Number.POSITIVE_INFINITY },
    {
      ids: ownKinds.has('prometheus') && source.how === 'level' ? [] : engines.map(targetId),
      mostProcesses: isSingle ? own.length : Number.POSITIVE_INFINITY,
    },
  ];
  for (const { ids, mostProcesses } of options) {
    const known = ids.flatMap((id) => {
      const status = runtime.poller.backfill(id);
      if (status?.kind !== 'done' || status.fromMs === null) return [];
      const steps = metrics.flatMap((metric) => status.resolutionsMs[metric] ?? []);
      if (steps.length < metrics.length || Math.max(...steps) > HOUR_MS) return [];
      return [{ id, stepMs: Math.max(...steps), fromMs: status.fromMs, atMs: status.atMs }];
    });
    if (known.length === 0) continue;
    const kind = known[0]?.id.split('/')[2] as SourceKind;
    return {
      targetIds: known.map(({ id }) => id),
      provider: PROVIDERS[kind] ?? IMPORTED,
      stepMs: Math.max(...known.map(({ stepMs }) => stepMs)),
      fromMs: alignDown(Math.min(...known.map(({ fromMs }) => fromMs)), BLOCK_MS),
      atMs: Math.max(...known.map(({ atMs }) => atMs)),
      mostProcesses,
    };
  }
  return null;
}

function worst(found: readonly BucketSeries[]): Quality {
  if (found.length === 0) return 'unavailable';
  return found.some(({ series }) => series.quality === 'inferred') ? 'inferred' : 'measured';
}
