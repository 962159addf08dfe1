import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect, test } from '@playwright/test';
import { startMachine } from '../../test/faults/machines.ts';
import { startPostgres } from '../../test/peers.ts';
import { startAndFail, startServer } from '../fixtures/server.ts';

interface Source {
  id: string;
  name: string;
  kind: string;
  state: string;
  lastError: string | null;
  fix: string | null;
  notices: string[];
}

/** Accepts and says nothing, for ever. */
function startSilent(): Promise<{ port: number; stop: () => void }> {
  return new Promise((resolve) => {
    const sockets = new Set<import('node:net').Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        stop: () => {
          for (const socket of sockets) socket.destroy();
          server.close();
        },
      });
    });
  });
}

test('each bad source has a named state, a reason and a fix on the sources list, and delays no other', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const silent = await startSilent();
  const postgres = await startPostgres();
  postgres.psql("CREATE ROLE nobody LOGIN PASSWORD 'x'", 'app');
  postgres.psql('REVOKE ALL ON DATABASE app FROM PUBLIC; REVOKE CONNECT ON DATABASE app FROM PUBLIC', 'app');
  const html = await startMachine({ name: 'html' });
  html.setFault({ type: 'html' });
  const huge = await startMachine({ name: 'huge' });
  huge.setFault({ type: 'huge' });
  const slowClock = await startMachine({ name: 'ahead' });
  slowClock.setClockOffset(600_000);
  const good = await startMachine({ name: 'good' });
  good.inc('http_requests', { status: '200' }, 10);
  const server = await startServer({
    REDIS_URL: `redis://127.0.0.1:${silent.port}`,
    DATABASE_URL: postgres.urlFor('nobody', { password: 'x' }),
    APP_METRICS_URLS: [html, huge, slowClock, good].map(({ metricsUrl }) => metricsUrl).join(','),
  });
  try {
    const find = async (part: string): Promise<Source> => {
      const body = (await (await fetch(`${server.baseUrl}/api/status`)).json()) as { sources: Source[] };
      const source = body.sources.find(({ id }) => id.includes(part));
      if (source === undefined) throw new Error(`no source ${part} in ${JSON.stringify(body.sources)}`);
      return source;
    };
    const port = (url: string): string => new URL(url).port;
    /** First visits are spread over the interval: each is waited for on its own. */
    const eventually = (part: string, read: (source: Source) => string | null) =>
      expect.poll(async () => read(await find(part)), { timeout: 60_000 });
    await eventually('/redis/', ({ lastError }) => lastError).toMatch(/no answer|timed out|within/i);
    await eventually('/redis/', ({ state }) => state).toMatch(/stale|down/);
    await eventually('/postgres/', ({ state }) => state).toMatch(/refused|misconfigured/);
    await eventually(port(html.metricsUrl), ({ state }) => state).toBe('misconfigured');
    await eventually(port(html.metricsUrl), ({ lastError }) => lastError).toMatch(/HTML/);
    await eventually(port(huge.metricsUrl), ({ state }) => state).toBe('limited');
    await eventually(port(slowClock.metricsUrl), ({ notices }) => notices.join(' ')).toMatch(
      /clock.*10 min/i,
    );
    await eventually(port(good.metricsUrl), ({ state }) => state).toBe('ok');

    await page.goto(server.baseUrl);
    await expect(page.getByText(/HTML/).first()).toBeVisible();
    await expect(page.getByText(/10 min/).first()).toBeVisible();
    expect(server.output()).not.toContain(':x@');
  } finally {
    silent.stop();
    await server.stop();
    await Promise.all([postgres.stop(), ...[html, huge, slowClock, good].map((machine) => machine.stop())]);
  }
});

test('a role without pg_monitor still gives what it can and is told what is missing', async () => {
  const postgres = await startPostgres();
  postgres.psql("CREATE ROLE plain LOGIN PASSWORD 'x'", 'app');
  const server = await startServer({ DATABASE_URL: postgres.urlFor('plain', { password: 'x' }) });
  try {
    await expect
      .poll(
        async () => {
          const body = (await (await fetch(`${server.baseUrl}/api/status`)).json()) as { sources: Source[] };
          return body.sources[0]?.notices.join(' ') ?? '';
        },
        { timeout: 60_000 },
      )
      .toContain('GRANT pg_monitor');
  } finally {
    await server.stop();
    await postgres.stop();
  }
});

test('all faults of a configuration at once, without a value; the server does not stay up', async () => {
  const { code, output } = await startAndFail({
    REDIS_URL: 'http://user:canary-secret@example.invalid',
    DATABASE_URL: 'mysql://user:canary-secret@example.invalid/db',
    HOST: '0.0.0.0',
  });
  expect(code).toBe(78);
  expect(output).toContain('REDIS_URL');
  expect(output).toContain('DATABASE_URL');
  expect(output).toContain('AFTERWATCH_PASSWORD');
  expect(output).not.toContain('canary-secret');
});

test('a second process on the same data folder ends by itself with a clear text', async () => {
  const postgres = await startPostgres();
  const server = await startServer({ DATABASE_URL: postgres.url });
  try {
    const second = await startAndFail({ DATABASE_URL: postgres.url, AFTERWATCH_DATA_DIR: server.dataDir });
    expect(second.code).toBe(1);
    expect(second.output).toMatch(/already|in use|another/i);
  } finally {
    await server.stop();
    await postgres.stop();
  }
});

test('SIGTERM closes the store and ends cleanly; a killed server comes back with its data', async () => {
  const machine = await startMachine({ name: 'm1' });
  machine.inc('http_requests', { status: '200' }, 10);
  const first = await startServer({ APP_METRICS_URLS: machine.metricsUrl });
  const newest = async (baseUrl: string): Promise<number> => {
    const answer = await fetch(`${baseUrl}/api/query?metric=app_up&as=value&range=5m&step=5s`);
    const body = (await answer.json()) as { series: { points: [number, number | null][] }[] };
    return (body.series[0]?.points ?? []).filter(([, value]) => value !== null).length;
  };
  await expect.poll(() => newest(first.baseUrl), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  const kept = await newest(first.baseUrl);
  await first.kill();
  const second = await startServer({ APP_METRICS_URLS: machine.metricsUrl }, { dataDir: first.dataDir });
  expect(await newest(second.baseUrl)).toBeGreaterThanOrEqual(kept);
  const code = await second.stop();
  expect([0, 143]).toContain(code);
  await machine.stop();
});
