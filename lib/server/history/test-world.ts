import 'server-only';
import { createServer, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ReadableStream } from 'node:stream/web';
import { historyNamesSchema, historyPartSchema } from '@/lib/core/history/part.ts';
import type { Sample, StartMarker } from '@/lib/core/model/sample.ts';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { Secret } from '../config/secret.ts';
import type { RedisTarget } from '../config/types.ts';
import { ImportedHistory } from '../poller/imported.ts';
import type { Runtime } from '../runtime.ts';
import type { Store } from '../store/store.ts';
import { exportSamplesSchema } from './export-query.ts';
import { readExportQuestion } from './export-question.ts';
import { exportSamples, listExport } from './export-samples.ts';
import { streamText } from './stream-text.ts';
import { judgeNames, takePart } from './take-part.ts';

// A server of what imports and exports ask for, over any store: the same commands as behind the routes, without a login.

export const START_MS = Date.UTC(2026, 3, 9, 6);
export const TARGET = 'harbor/production/redis/cache';
export const RETENTION = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };

const redis: RedisTarget = {
  ...{ app: 'harbor', environment: 'production', intervalSeconds: null, timeoutSeconds: null },
  ...{
    kind: 'redis',
    name: 'cache',
    url: new Secret('redis://x'),
    address: 'x:6379',
    metered: false,
    plan: null,
  },
};

export interface HistoryServer {
  url: string;
  /** Parts that were taken. */
  taken: number;
  /** Called before each part; throws to refuse it with 503. */
  beforePart: () => void;
  memory: ImportedHistory;
  close(): Promise<void>;
}

export async function serveHistory(store: Store, nowMs: () => number): Promise<HistoryServer> {
  const memory = new ImportedHistory(store);
  // Imports and exports read these parts of the runtime only.
  const runtime = {
    config: { targets: [redis], retention: RETENTION },
    clock: { wallMs: nowMs },
    store,
    poller: {
      noteImport: (id: string, series: Parameters<ImportedHistory['note']>[1]) =>
        memory.note(id, series, nowMs()),
    },
  } as unknown as Runtime;
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    try {
      const body = await text(request);
      if (url.pathname === '/api/import/names')
        return json(200, judgeNames(runtime, historyNamesSchema.parse(JSON.parse(body))));
      if (url.pathname === '/api/import') {
        made.beforePart();
        const answer = await takePart(runtime, historyPartSchema.parse(JSON.parse(body)));
        made.taken += 1;
        return json(200, answer);
      }
      const params = Object.fromEntries(
        [...new Set(url.searchParams.keys())].map((key) => {
          const all = url.searchParams.getAll(key);
          return [key, all.length === 1 ? all[0] : all];
        }),
      );
      const query = exportSamplesSchema.parse(params);
      const question = readExportQuestion(runtime, query);
      if (query.format === 'series') return json(200, listExport(store, question));
      const pieces = exportSamples(store, question, query.format ?? 'csv');
      const stream = streamText(pieces, () => {});
      const file = Readable.fromWeb(stream as ReadableStream);
      file.on('error', () => response.destroy()).pipe(response);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      const message = error instanceof Error ? error.message : 'failed';
      json(code === 'not_found' ? 404 : code === 'bad_input' ? 400 : 503, { error: { message } });
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const made: HistoryServer = {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    taken: 0,
    beforePart: () => {},
    memory,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return made;
}

/** A day of visits with all that can befall a counter: restarts with and without marker, a glitch, a gap, a new label. */
export function eventfulDay(hours = 5, stepMs = 15_000): Scrape[] {
  let value = 1_000;
  let start: StartMarker = { marker: 'first', atMs: START_MS - DAY_MS };
  const scrapes: Scrape[] = [];
  for (let i = 0; i * stepMs < hours * HOUR_MS; i++) {
    const atMs = START_MS + i * stepMs + (i % 7) * 30;
    if (i % 400 === 300) continue;
    if (i >= 500 && i < 540) continue;
    value += (i * 7919) % 50;
    if (i === 333) {
      start = { marker: 'second', atMs: atMs - 4_000 };
      value = 9;
    }
    if (i === 700) value = 20;
    const shown = i === 620 ? Math.floor(value * 0.9) : value;
    const samples: Sample[] = [
      { metric: 'redis_commands_total', labels: { cmd: 'get' }, value: shown },
      { metric: 'redis_memory_used_bytes', labels: {}, value: 1e6 + ((i * 104_729) % 5_000) / 7 },
    ];
    if (i > 100)
      samples.push({
        metric: 'redis_commands_total',
        labels: { cmd: 'a "b", c' },
        value: i < 333 ? i : i - 330,
      });
    scrapes.push({
      ...{ targetId: TARGET, atMs, intervalMs: stepMs, durationMs: 3, ok: true, error: null },
      ...{ start, samples },
    });
  }
  return scrapes;
}
