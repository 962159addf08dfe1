import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '@/lib/server/config/secret.ts';
import type { AppTarget } from '@/lib/server/config/types.ts';
import { type ObserverAct, ScrapeError } from '../collector.ts';
import { app } from './index.ts';
import { machine } from './test-answers.ts';

const NOW_MS = 1_795_310_000_000;
const PAGE = 'http_requests_total{code="200"} 5\nhttp_requests_total{code="429"} 1\n';
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function visit(given: Partial<AppTarget>, signal = new AbortController().signal) {
  const acts: ObserverAct[] = [];
  const session = app.open(machine(given), { count: (act) => acts.push(act) });
  try {
    return { result: await session.collect({ signal, nowMs: NOW_MS }), acts };
  } finally {
    await session.close();
  }
}

async function failure(given: Partial<AppTarget>, signal?: AbortSignal): Promise<ScrapeError> {
  const error = await visit(given, signal).catch((thrown: unknown) => thrown);
  if (error instanceof ScrapeError) return error;
  throw new Error(`expected a ScrapeError, got ${inspect(error)}`);
}

const text =
  (body: string, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'text/plain; version=0.0.4', ...headers });
    response.end(body);
  };

describe('a visit', () => {
  test('reads metrics and health, says who we are, asks for text and gzip, and counts before it sends', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers);
      if (request.url === '/health') {
        response.end('{"status":"pass"}');
        return;
      }
      response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4', 'Content-Encoding': 'gzip' });
      response.end(gzipSync(PAGE));
    });
    const { result, acts } = await visit({
      metricsUrl: `${url}/metrics`,
      healthUrl: `${url}/health`,
      bearer: new Secret('t0ken'),
    });
    expect(result.samples).toEqual([
      { metric: 'http_responses_total', labels: { status: '200' }, value: 5 },
      { metric: 'http_responses_total', labels: { status: '429' }, value: 1 },
      { metric: 'app_health_ok', labels: {}, value: 1 },
    ]);
    expect(acts.filter((act) => act === 'request')).toHaveLength(2);
    expect(acts[0]).toBe('request');
    expect(
      seen.every(
        (headers) => headers['user-agent'] === 'afterwatch' && headers.authorization === 'Bearer t0ken',
      ),
    ).toBe(true);
    expect(seen.map(({ accept }) => accept)).toContain('text/plain;version=0.0.4;q=1,*/*;q=0.1');
  });

  test('keeps metrics when only health fails', async () => {
    const url = await serve(text(PAGE));
    const { result } = await visit({ metricsUrl: url, healthUrl: 'http://127.0.0.1:1/health' });
    expect(result.samples).toHaveLength(2);
    expect(result.notices.map(({ code }) => code)).toContain('health_unreachable');
  });

  test('fails when metrics fail, however healthy the machine says it is', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/health') response.end('ok');
      else response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>');
    });
    const error = await failure({ metricsUrl: `${url}/metrics`, healthUrl: `${url}/health` });
    expect(error.kind).toBe('parse');
    expect(error.message).toContain('answered HTML');
  });

  test('has the default pace, or the target’s own', async () => {
    const own = app.open(machine({ intervalSeconds: 60, timeoutSeconds: 9 }), { count: () => {} });
    const usual = app.open(machine(), { count: () => {} });
    expect(usual.pace()).toEqual({
      normalSeconds: 15,
      denseSeconds: 15,
      fixedBeat: false,
      timeoutSeconds: 5,
    });
    expect(own.pace()).toEqual({ normalSeconds: 60, denseSeconds: 15, fixedBeat: false, timeoutSeconds: 9 });
    await Promise.all([own.close(), usual.close()]);
  });
});

describe('a failed visit has a kind and a text without path, query or token', () => {
  const cases: [string, ScrapeError['kind'], RequestListener, string][] = [
    ['401', 'auth', text('no', 401), 'check its token'],
    ['403', 'auth', text('no', 403), 'check its token'],
    ['404', 'http', text('no', 404), 'check its path'],
    ['500', 'http', text('no', 500), '500'],
    ['a redirect', 'http', text('', 302, { Location: '/login' }), 'redirect'],
    ['a body over 16 MB', 'limit', text('x'.repeat(17 * 1024 * 1024)), '16 MB'],
    ['broken metrics', 'parse', text('a one\n'), 'line 1'],
    ['a connection cut at once', 'network', (request) => request.socket.destroy(), 'closed the connection'],
  ];
  test.each(cases)('%s: %s', async (_name, kind, handler, words) => {
    const url = await serve(handler);
    const error = await failure({ metricsUrl: `${url}/metrics?key=s3cret`, bearer: new Secret('t0ken') });
    expect(error.kind).toBe(kind);
    expect(error.message).toContain('app: web-1');
    expect(error.message).toContain(words);
    expect(inspect(error, { depth: 10 })).not.toMatch(/s3cret|t0ken|\/metrics/);
  });

  test.each([429, 503])('%i with Retry-After hands the wait on', async (status) => {
    const url = await serve(text('', status, { 'Retry-After': '120' }));
    const error = await failure({ metricsUrl: url });
    expect(error.retryAfterMs).toBe(120_000);
    expect(error.kind).toBe(status === 429 ? 'limit' : 'http');
  });

  test('nobody listens: network, with a hint', async () => {
    const error = await failure({ metricsUrl: 'http://127.0.0.1:1/metrics' });
    expect(error.kind).toBe('network');
    expect(error.message).toContain('127.0.0.1:1 refused the connection');
  });

  test('a metadata address: only a person can mend that', async () => {
    expect((await failure({ metricsUrl: 'http://169.254.169.254/latest' })).kind).toBe('grant');
  });

  test('silence: timeout, by the poller’s signal as by our own deadline', async () => {
    const url = await serve(() => {});
    expect((await failure({ metricsUrl: url, timeoutSeconds: 0.2 })).kind).toBe('timeout');
    expect((await failure({ metricsUrl: url }, AbortSignal.timeout(100))).kind).toBe('timeout');
  });

  test('100 MB without a length: cut at the cap, memory stays flat', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'a_total 1\n');
    const url = await serve((_request, response) => {
      let left = 100;
      const more = () => {
        while (left > 0) {
          left -= 1;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const before = process.memoryUsage().rss;
    const error = await failure({ metricsUrl: url });
    expect(error.kind).toBe('limit');
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
  });
});
