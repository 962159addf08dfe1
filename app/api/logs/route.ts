import { MAX_LINES } from '@/lib/server/collectors/logs/sink.ts';
import { sinkOf } from '@/lib/server/collectors/logs/sinks.ts';
import { logsQuerySchema } from '@/lib/server/http/logs-query.ts';
import { readRequestText } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { scrubText } from '@/lib/server/log/scrub.ts';
import { chooseLogsTarget, readKeptLines } from '@/lib/server/queries/logs.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

const MAX_BYTES = 5 * 1024 * 1024;
/** Bodies that are held in memory at one time. */
const AT_ONCE = 4;
let reading = 0;

/** Takes log lines (NDJSON, a JSON array or plain text, also gzip) and counts them: `{counted, refused}`. */
export const POST = guardedRoute(logsQuerySchema, { access: 'ingest' }, async ({ request }, query) => {
  const runtime = getRuntime();
  const sink = sinkOf(chooseLogsTarget(runtime, query));
  if (reading >= AT_ONCE) throw tooMany(1);
  reading += 1;
  try {
    const body = await readRequestText(request, MAX_BYTES);
    if (body === null) return tooLarge('The body is larger than 5 MB: make the shipper’s batches smaller.');
    const batchId = request.headers.get('idempotency-key');
    const answer = await sink.take({ body, batchId, nowMs: runtime.clock.wallMs(), scrub: scrubText });
    if (answer.ok) return { counted: answer.counted, refused: answer.refused };
    if (answer.reason === 'limited') throw tooMany(answer.retryAfterSeconds);
    return tooLarge(
      `More than ${MAX_LINES.toLocaleString('en-US')} lines: make the shipper’s batches smaller.`,
    );
  } finally {
    reading -= 1;
  }
});

/** The last matching lines of each source that keeps text: `{sources: [{id, lastLineMs, lines}]}`. */
export const GET = guardedRoute(logsQuerySchema, { access: 'reader' }, (_call, query) =>
  readKeptLines(getRuntime(), query),
);

function tooMany(retryAfterSeconds: number): KnownError {
  return new KnownError('too_many', 'Too many lines at once. Wait and send this batch again.', {
    retryAfterSeconds,
  });
}

/** A shipper that is told 413 does not send the same again. */
function tooLarge(message: string): Response {
  return Response.json({ error: { code: 'bad_input', message } }, { status: 413 });
}
