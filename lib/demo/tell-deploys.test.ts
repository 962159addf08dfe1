import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { parseClaims } from '../core/claims/index.ts';
import { demoSummaries } from './summaries.ts';
import { tellDeploys } from './tell-deploys.ts';

const START_MS = Date.UTC(2026, 3, 10, 0, 50, 0);
let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A server that becomes ready at the second look. */
async function listen(status: number) {
  const seen: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
  let looks = 0;
  const made = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    if (request.url === '/api/ready') {
      looks += 1;
      response.writeHead(looks > 1 ? 200 : 503).end();
      return;
    }
    seen.push({ url: request.url, headers: request.headers, body });
    response.writeHead(status).end('{}');
  });
  server = made;
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  const address = made.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, seen };
}

it('sends the summaries in order by the API once it answers, as a page without a token and with one else', async () => {
  const { url, seen } = await listen(201);
  await tellDeploys({ url, token: null }, demoSummaries(START_MS));
  expect(seen.map(({ body }) => JSON.parse(body).release)).toEqual(['v1203', 'v1205', 'v1206']);
  expect(seen[0]).toMatchObject({ url: '/api/deploys', headers: { origin: url } });
  expect(seen[0]?.headers.authorization).toBeUndefined();
  await tellDeploys({ url, token: 'aw_x' }, demoSummaries(START_MS));
  expect(seen[3]?.headers.authorization).toBe('Bearer aw_x');
  expect(seen[3]?.headers.origin).toBeUndefined();
  expect(seen[3]?.headers['idempotency-key']).toBe(seen[0]?.headers['idempotency-key']);
});

it('says which summary was refused', async () => {
  const { url } = await listen(403);
  await expect(tellDeploys({ url, token: null }, demoSummaries(START_MS))).rejects.toThrow(
    /v1203 was refused \(403\)/,
  );
});

it('the summaries promise what the evening is about, and do not add up where that is its point', () => {
  const [spike, suspension, cause] = demoSummaries(START_MS).map(({ summary }) => parseClaims(summary));
  expect(spike?.claims.map(({ after }) => after)).toEqual(expect.arrayContaining([24_000, 50_816, 288]));
  expect(spike?.audit.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['machines', 'price', 'month', 'percent']),
  );
  expect(suspension?.claims.some(({ after, limit }) => after === 0 || limit === 0)).toBe(true);
  expect(cause?.audit.map(({ kind }) => kind)).toContain('parts');
  for (const one of [spike, suspension, cause]) expect(one?.rollback.length).toBeGreaterThan(0);
});
