import { expect, test } from '@playwright/test';
import { EVENING_MS, startOnEvening } from '../fixtures/evening.ts';
import { sendRaw } from '../fixtures/raw-request.ts';
import type { RunningServer } from '../fixtures/server.ts';

// A server of its own: what is registered here would be the origin of time on everybody's charts.
let server: RunningServer;
test.beforeAll(async () => {
  test.setTimeout(EVENING_MS);
  server = await startOnEvening({});
});
test.afterAll(() => server?.stop());

/** Sends as a page on this machine would: the demo is open to it. */
async function post(baseUrl: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await sendRaw(baseUrl, {
    method: 'POST',
    path: '/api/deploys',
    headers: { origin: baseUrl, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: JSON.parse(answer.body) };
}

test('a deploy is registered once, and what is wrong with one is said in the production build too', async () => {
  const { baseUrl } = server;
  const release = `e2e-${Date.now()}.0`;
  const told = { release, kind: 'config', summary: 'Redis GETs: 24K/h → 12K/h\n\ntoken: hunter2hunter2' };
  const key = { 'idempotency-key': release };
  const first = await post(baseUrl, told, key);
  expect([first.status, first.json.claims.length, first.json.redactions]).toEqual([201, 1, 1]);
  const again = await post(baseUrl, told, key);
  expect([again.status, again.json.id]).toEqual([200, first.json.id]);
  expect((await post(baseUrl, { ...told, title: 'other' }, key)).status).toBe(409);
  const page = await sendRaw(baseUrl, { path: `/api/deploys/${first.json.id}` });
  expect(page.body).not.toContain('hunter2');
  expect(page.status).toBe(200);

  const none = await post(baseUrl, { summary: 'words without a release' });
  expect([none.status, none.json.error.message]).toEqual([400, expect.stringMatching(/release: missing/)]);
  const app = await post(baseUrl, { release, app: 'nobody' });
  expect([app.status, app.json.error.message]).toEqual([400, expect.stringMatching(/harbor\/production/)]);
  const hook = await sendRaw(baseUrl, {
    method: 'POST',
    path: '/api/hooks',
    headers: { origin: baseUrl, 'content-type': 'application/json' },
    body: '{"name":"ci"}',
  });
  expect([hook.status, hook.body]).toEqual([400, expect.stringMatching(/AFTERWATCH_SECRET_KEY/)]);
});
