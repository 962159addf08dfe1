import { createServer } from 'node:http';
import { getRuntime, isRunning, startRuntime, stopRuntime } from '@/lib/server/runtime.ts';

// One of several instances that share a database, for `instances.live.test.ts`: the product's own runtime and front
// behind a bare HTTP server, without the pages. Ends by a signal.

const port = Number(process.env.PORT);

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const answer = await answerTo(url.pathname, url.searchParams).catch((error: unknown) => ({
    fault: String(error),
  }));
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ pid: process.pid, method: request.method, ...answer }));
});

async function answerTo(path: string, params: URLSearchParams): Promise<object> {
  if (!isRunning()) return { leads: null };
  const { store, poller, clock, modes, alerts, config } = getRuntime();
  const leads = store.stats().lastCommitMs !== null || 'start' in poller;
  if (path !== '/api/query') return { leads };
  const range = { startMs: Number(params.get('startMs')), endMs: Number(params.get('endMs')) };
  const selector = { metric: params.get('metric') ?? '' };
  return {
    leads,
    series: store.findSeries(selector),
    fine: await store.readBuckets(selector, range, 1_000),
    blocks: await store.readBuckets(selector, range, 300_000),
    scrapes: await store.readScrapes(
      poller.statuses(clock.wallMs()).map(({ id }) => id),
      range,
    ),
    sources: poller.statuses(clock.wallMs()).map(({ id, state }) => ({ id, state })),
    mode: modes?.current(config.targets[0] ?? { app: '', environment: '' })?.mode ?? null,
    alerts: alerts?.current(config.targets[0] ?? { app: '', environment: '' }) !== null,
  };
}

server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => void stopRuntime().finally(() => process.exit(0)));
startRuntime().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
