import 'server-only';
import { CATALOGUE } from '@/lib/core/metrics/catalogue/index.ts';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import { readAskedRange } from '@/lib/core/time/asked-range.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { didYouMean, suggest } from '../config/suggest.ts';
import { KnownError } from '../http/guards.ts';
import { LABEL } from '../http/series-query.ts';
import type { Runtime } from '../runtime.ts';
import type { SeriesSelector } from '../store/store.ts';
import type { ExportQuery } from './export-query.ts';

/** What is to be exported: metric after metric. */
export interface ExportQuestion {
  selectors: readonly SeriesSelector[];
  range: TimeRange;
}

/** Reads what was asked for. Throws `KnownError` for an unknown metric or target and a range that is none. */
export function readExportQuestion(
  runtime: Pick<Runtime, 'config' | 'store' | 'clock'>,
  { format: _, metric, target, range, start, end, ...rest }: ExportQuery,
): ExportQuestion {
  const nowMs = runtime.clock.wallMs();
  // Without a word about time it is everything: samples end by themselves.
  const isAll = range === undefined && start === undefined && end === undefined;
  const asked = isAll
    ? { startMs: 0, endMs: nowMs + 1 }
    : readAskedRange({ range, start: start ?? (end && '0'), end }, nowMs);
  if ('fault' in asked) throw new KnownError('bad_input', asked.fault);
  const known = Object.keys(CATALOGUE);
  const metrics = metric === undefined ? known : [...new Set([metric].flat())];
  for (const name of metrics) {
    if (Object.hasOwn(CATALOGUE, name)) continue;
    throw new KnownError('not_found', `no metric is called ${JSON.stringify(name.slice(0, 80))}`, {
      suggestions: suggest(name, known),
    });
  }
  const labels = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name.slice(LABEL.length), String(value)]),
  );
  const targetIds = target === undefined ? null : [...new Set([target].flat())];
  const selectors = metrics.map((one) => ({
    metric: one,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(targetIds === null ? {} : { targetIds }),
  }));
  if (targetIds !== null) checkTargets(runtime, selectors, targetIds);
  return { selectors, range: asked };
}

/** A target that is not configured any more may still have samples. */
function checkTargets(
  { config, store }: Pick<Runtime, 'config' | 'store'>,
  selectors: readonly SeriesSelector[],
  asked: readonly TargetId[],
): void {
  const known = config.targets.map(targetId);
  for (const id of asked) {
    if (known.includes(id)) continue;
    if (selectors.some(({ metric }) => store.findSeries({ metric, targetIds: [id] }).length > 0)) continue;
    throw new KnownError(
      'not_found',
      `no target is called ${JSON.stringify(id.slice(0, 120))}${didYouMean(id, known)}`,
    );
  }
}
