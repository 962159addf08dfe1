import { exportSamplesSchema } from '@/lib/server/history/export-query.ts';
import { readExportQuestion } from '@/lib/server/history/export-question.ts';
import { exportSamples, listExport } from '@/lib/server/history/export-samples.ts';
import { streamText } from '@/lib/server/history/stream-text.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** Files that are being written at one time: each reads the store as fast as it can. */
const AT_ONCE = 2;
const CONTENT = {
  csv: ['text/csv; charset=utf-8', 'csv'],
  openmetrics: ['application/openmetrics-text; version=1.0.0; charset=utf-8', 'om'],
} as const;
let writing = 0;

/** Raw samples as CSV or OpenMetrics, or as JSON what there is to export: `{startMs, endMs, metrics: [{metric, series}]}`. */
export const GET = guardedRoute(exportSamplesSchema, { access: 'reader', cost: 2 }, (_call, query) => {
  const runtime = getRuntime();
  const question = readExportQuestion(runtime, query);
  const format = query.format ?? 'csv';
  if (format === 'series') return listExport(runtime.store, question);
  if (writing >= AT_ONCE)
    throw new KnownError('too_many', `${AT_ONCE} exports are running. Wait for one to end.`, {
      retryAfterSeconds: 5,
    });
  writing += 1;
  const body = streamText(exportSamples(runtime.store, question, format), (fault) => {
    writing -= 1;
    if (fault !== null) runtime.log.error({ err: fault }, 'an export was cut off');
  });
  const [type, ending] = CONTENT[format];
  return new Response(body, {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="afterwatch-samples.${ending}"`,
    },
  });
});
