import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { readAskedRange } from '@/lib/core/time/asked-range.ts';
import { parseDurationMs } from '@/lib/core/time/named-range.ts';
import { chooseStepMs } from '@/lib/core/time/range.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { LABEL, seriesQuerySchema } from '@/lib/server/http/series-query.ts';
import { readSeries } from '@/lib/server/queries/series.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

const DEFAULT_POINTS = 300;

/** Buckets of every series of a metric: `{unit, stepMs, series: [{labels, quality, points, partial}], gaps}`. */
export const GET = guardedRoute(seriesQuerySchema, { access: 'reader' }, async (_call, query) => {
  const runtime = getRuntime();
  const range = readAskedRange(query, runtime.clock.wallMs());
  if ('fault' in range) throw new KnownError('bad_input', range.fault);
  const stepMs = query.step === undefined ? chooseStepMs(range, DEFAULT_POINTS) : parseDurationMs(query.step);
  if (stepMs === null || stepMs < 1_000) {
    throw new KnownError('bad_input', 'step: a length of at least 1s such as 15s, 5m or 1h was expected');
  }
  const labels = Object.fromEntries(
    Object.entries(query)
      .filter(([name]) => name.startsWith(LABEL))
      .map(([name, value]) => [name.slice(LABEL.length), String(value)]),
  );
  const kind = findMetric(query.metric)?.kind;
  const answer = await readSeries(runtime, {
    metric: query.metric,
    labels,
    ...(query.app === undefined ? {} : { app: query.app }),
    ...(query.environment === undefined ? {} : { environment: query.environment }),
    ...(query.target === undefined ? {} : { target: query.target }),
    // A derived metric has no kind: it is always a value.
    as: query.as ?? (kind === 'counter' ? 'rate' : 'value'),
    range,
    stepMs,
  });
  if ('code' in answer) {
    const details = answer.code === 'not_found' ? { suggestions: answer.suggestions } : {};
    throw new KnownError(answer.code, answer.message, details);
  }
  return answer;
});
