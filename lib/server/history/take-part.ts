import 'server-only';
import { type HistoryNames, type HistoryPart, type PartSeries, toBlocks } from '@/lib/core/history/part.ts';
import type { Block } from '@/lib/core/metrics/blocks.ts';
import { labelsKey } from '@/lib/core/model/sample.ts';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import { BLOCK_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { suggest } from '../config/suggest.ts';
import { KnownError } from '../http/guards.ts';
import type { Runtime } from '../runtime.ts';
import { historyFromMs } from '../store/history-grid.ts';
import { unknownMetric } from './unknown-metric.ts';

type Needs = Pick<Runtime, 'config' | 'clock' | 'store' | 'poller'>;

/** A clock may run ahead by this much, as for visits. */
const AHEAD_MS = 10 * MINUTE_MS;
/** Faults that are told of at once. */
const MOST_FAULTS = 20;

/** What of these names this server would refuse, and between which times it takes blocks. */
export function judgeNames(
  { config, clock }: Pick<Needs, 'config' | 'clock'>,
  { targets, metrics }: HistoryNames,
): { faults: string[]; fromMs: number; untilMs: number } {
  const known = config.targets.map(targetId);
  const faults = [
    ...targets.filter((id) => !known.includes(id)).map((id) => unknownTarget(id, known)),
    ...metrics.flatMap((metric) => unknownMetric(metric) ?? []),
  ];
  const nowMs = clock.wallMs();
  return {
    faults: faults.slice(0, MOST_FAULTS),
    fromMs: historyFromMs(nowMs, config.retention),
    untilMs: nowMs + AHEAD_MS,
  };
}

function unknownTarget(id: TargetId, known: readonly TargetId[]): string {
  const [near] = suggest(id, known, 1);
  const told =
    near !== undefined
      ? `did you mean ${near}?`
      : known.length === 0
        ? 'none is configured'
        : `there are ${known.slice(0, 5).join(', ')}${known.length > 5 ? ` and ${known.length - 5} more` : ''}`;
  return `no target is called ${JSON.stringify(id.slice(0, 120))}; ${told}`;
}

/**
 * Writes one part of an import beside what was measured; durable when resolved, and again without a change. Throws
 * `KnownError` for a part with a name that is unknown, or from the future: then nothing of it is written.
 */
export async function takePart(
  runtime: Needs,
  { series }: HistoryPart,
): Promise<{ blocks: number; tooOld: number }> {
  const { faults, fromMs, untilMs } = judgeNames(runtime, {
    targets: [...new Set(series.map(({ target }) => target))],
    metrics: [...new Set(series.map(({ metric }) => metric))],
  });
  if (faults.length > 0) throw new KnownError('bad_input', faults.join('; '));
  if (series.some(({ blocks }) => (blocks.startMs.at(-1) ?? 0) > untilMs))
    throw new KnownError(
      'bad_input',
      'a block lies in the future: check the times of the file and the clocks',
    );
  let blocks = 0;
  let tooOld = 0;
  for (const [target, some] of byTarget(series)) {
    const kept = some.map((one) => ({ one, blocks: toBlocks(one.blocks) }));
    for (const { blocks: all } of kept) {
      const old = all.filter(({ startMs }) => startMs < fromMs).length;
      blocks += all.length - old;
      tooOld += old;
    }
    await putTarget(runtime, target, kept, fromMs);
  }
  return { blocks, tooOld };
}

function byTarget(series: readonly PartSeries[]): Map<TargetId, PartSeries[]> {
  const found = new Map<TargetId, PartSeries[]>();
  for (const one of series) {
    const some = found.get(one.target);
    if (some === undefined) found.set(one.target, [one]);
    else some.push(one);
  }
  return found;
}

async function putTarget(
  { store, poller }: Needs,
  target: TargetId,
  kept: readonly { one: PartSeries; blocks: readonly Block[] }[],
  fromMs: number,
): Promise<void> {
  const young = kept.filter(({ blocks }) => (blocks.at(-1)?.startMs ?? 0) >= fromMs);
  if (young.length === 0) return;
  await store.putHistory(
    target,
    young.map(({ one: { metric, labels }, blocks }) => ({
      ...{ metric, labels, quality: 'measured', stretches: [], blocks },
    })),
  );
  await poller.noteImport(
    target,
    young.map(({ one: { metric, labels, sampleMs }, blocks }) => ({
      ...{ metric, key: labelsKey(labels), sampleMs: Math.max(BLOCK_MS, sampleMs) },
      fromMs: Math.max(fromMs, blocks[0]?.startMs ?? fromMs),
    })),
  );
}
