import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { compileQuery, QueryError } from './promql.ts';
import type { PromWorld } from './world.ts';

/** As many points as the real one gives of a series. */
const MOST_POINTS = 11_000;
const MAX_FORM_BYTES = 1024 * 1024;

/** Answers one request of the query API; `path` begins behind `/api/v1/`. `partial` says that data is missing. */
export async function answerQuery(
  world: PromWorld,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  { nowMs, partial }: { nowMs: number; partial: boolean },
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://prometheus');
  const form = request.method === 'POST' ? new URLSearchParams(await readBody(request)) : url.searchParams;
  const whole = partial ? { isPartial: true, warnings: ['one store did not answer'] } : {};
  const send = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  try {
    const data = await dataFor(world, path, form, nowMs);
    if (data === null) response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
    else send(200, { status: 'success', data, ...whole });
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    send(400, { status: 'error', errorType: 'bad_data', error: error.message });
  }
}

async function dataFor(
  world: PromWorld,
  path: string,
  form: URLSearchParams,
  nowMs: number,
): Promise<unknown> {
  if (path === 'query') {
    const atMs = form.has('time') ? Number(form.get('time')) * 1_000 : nowMs;
    const found = compileQuery(form.get('query') ?? '')(world.seriesAt(atMs), atMs);
    const result = found.map(({ labels, value }) => ({
      metric: labels,
      value: [atMs / 1_000, textOf(value)],
    }));
    return { resultType: 'vector', result };
  }
  if (path === 'query_range') return { resultType: 'matrix', result: await readRange(world, form) };
  const label = /^label\/([^/]+)\/values$/.exec(path)?.[1];
  if (label === undefined) return null;
  const match = form.get('match[]');
  const series = world.seriesAt(nowMs);
  const found = match === null ? series : compileQuery(match)(series, nowMs);
  return [...new Set(found.flatMap(({ labels }) => labels[decodeURIComponent(label)] ?? []))].sort();
}

/** Lets others be answered in between: two weeks take a while. */
const STEPS_AT_ONCE = 50;

async function readRange(world: PromWorld, form: URLSearchParams) {
  const [startMs, endMs, stepMs] = ['start', 'end', 'step'].map((name) => Number(form.get(name)) * 1_000);
  if (!(stepMs !== undefined && startMs !== undefined && endMs !== undefined && stepMs > 0)) {
    throw new QueryError('invalid parameter "step"');
  }
  if ((endMs - startMs) / stepMs >= MOST_POINTS) {
    throw new QueryError('exceeded maximum resolution of 11,000 points per timeseries.');
  }
  const query = compileQuery(form.get('query') ?? '');
  const lines = new Map<string, { metric: object; values: [number, string][] }>();
  const keys = new WeakMap<object, string>();
  let steps = 0;
  for (let atMs = startMs; atMs <= endMs; atMs += stepMs) {
    steps += 1;
    if (steps % STEPS_AT_ONCE === 0) await setImmediate();
    for (const { labels, value } of query(world.seriesAt(atMs), atMs)) {
      const key = keys.get(labels) ?? JSON.stringify(Object.entries(labels).sort());
      keys.set(labels, key);
      const line = lines.get(key) ?? { metric: labels, values: [] };
      lines.set(key, line);
      line.values.push([atMs / 1_000, textOf(value)]);
    }
  }
  return [...lines.values()];
}

/** Values are text on the wire. */
function textOf(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new QueryError('request body too large');
  }
  return text;
}
