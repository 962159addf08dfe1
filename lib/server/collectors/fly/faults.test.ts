import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { startFlyServer } from '@/lib/demo/fly/server.ts';
import { makeCertificate } from '@/lib/server/http/test-certificate.ts';
import { ScrapeError } from '../collector.ts';
import { FAULTS } from '../promql/test-faults.ts';
import { fly } from './index.ts';
import { flyTarget, flyWorld, NOW_MS, TOKEN, TOKENS } from './test-world.ts';

const TIMEOUT_SECONDS = 0.6;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(
  urls?: { machinesUrl: string; graphqlUrl: string; prometheusUrl: string },
  timeoutSeconds = TIMEOUT_SECONDS,
) {
  const server = await startFlyServer(flyWorld(), { nowMs: () => NOW_MS, tokens: TOKENS });
  const given = { timeoutSeconds, organization: 'acme' };
  const session = fly.open(flyTarget(urls ?? server, given), { count: () => {} });
  closers.push(
    () => server.close(),
    () => session.close(),
  );
  const visit = () => session.collect({ signal: AbortSignal.timeout(5_000), nowMs: NOW_MS });
  return { server, visit };
}

async function failure(visit: () => Promise<unknown>): Promise<ScrapeError> {
  const error = await visit().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ScrapeError) return error;
  throw new Error(`expected a ScrapeError, got ${inspect(error)}`);
}

describe('a fault of all of Fly’s APIs fails the visit by kind, in time, without the token, and heals', () => {
  test.each(FAULTS)('$name: $kind', async ({ fault, kind, retryAfterMs }) => {
    const { server, visit } = await start();
    server.setFault(fault);
    const beganMs = performance.now();
    const error = await failure(visit);
    expect(performance.now() - beganMs).toBeLessThan(TIMEOUT_SECONDS * 1_000 * 2 + 1_500);
    expect([error.kind, error.retryAfterMs]).toEqual([kind, retryAfterMs]);
    expect(error.message).toMatch(/^fly: shop: /);
    expect(inspect(error, { depth: 9 })).not.toContain(TOKEN);
    server.setFault(null);
    expect((await visit()).notices).toEqual([]);
  });

  test('a refused connection: network', async () => {
    const dead = 'http://127.0.0.1:1';
    const { visit } = await start({ machinesUrl: dead, graphqlUrl: dead, prometheusUrl: dead });
    expect((await failure(visit)).kind).toBe('network');
  });

  test('a certificate that nobody knows: network, and no token is sent', async () => {
    const day = 86_400_000;
    const own = makeCertificate({
      name: 'api.elsewhere.test',
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + day),
    });
    let requests = 0;
    const server = createServer({ cert: own.certPem, key: own.keyPem }, (_request, response) => {
      requests += 1;
      response.end('[]');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { visit } = await start({ machinesUrl: url, graphqlUrl: url, prometheusUrl: url });
    const error = await failure(visit);
    expect(error.kind).toBe('network');
    expect(error.message).toContain('certificate');
    expect(requests).toBe(0);
  });
});

describe('a fault of the machine list alone', () => {
  test.each(FAULTS)('$name leaves the metrics, and is said', async ({ fault }) => {
    const { server, visit } = await start();
    server.setFault(fault, 'machines');
    const { samples, notices } = await visit();
    expect(samples.some(({ metric }) => metric === 'fly_http_responses_total')).toBe(true);
    expect(samples.some(({ metric }) => metric.startsWith('fly_machine_up'))).toBe(false);
    expect(notices).toHaveLength(1);
    expect(notices[0]?.text).not.toContain(TOKEN);
  });

  test.each(['machines', 'graphql', 'secrets'] as const)(
    'an endless answer of %s is cut at its cap, not at the deadline',
    async (part) => {
      const { server, visit } = await start(undefined, 20);
      server.setFault({ kind: 'huge', bytes: 48 * 1024 * 1024 }, part);
      const { notices } = await visit();
      expect(notices.map(({ text }) => text).join()).toMatch(/sent more than \d+ MB/);
    },
  );
});
