import { afterEach, expect, it } from 'vitest';
import type { HeartbeatView } from '@/lib/core/model/receiver.ts';
import type { ReceiverStatus } from '../notify/notify-step.ts';
import type { Runtime } from '../runtime.ts';
import { readOwnMetrics } from './own-metrics.ts';
import { readReceivers } from './receivers.ts';
import { readSettings } from './settings.ts';
import { readStatus } from './status.ts';
import { good, openWorld, redis, START_MS } from './test-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const failing: ReceiverStatus = {
  ...{ name: 'oncall', kind: 'slack', address: 'hooks.slack.com:443', topics: ['alerts'] },
  ...{
    waiting: 3,
    oldestMs: START_MS - 90_000,
    delivered: 7,
    lastDeliveredMs: START_MS - 120_000,
    failedTries: 4,
  },
  ...{ lastError: 'hooks.slack.com:443 answered 503 with token=hush-hush-hush', nextTryMs: START_MS + 5_000 },
  givenUp: [{ about: 'v1: met', atMs: START_MS, why: 'at https://hooks.slack.com/services/T0/B0/hush' }],
};
const beat: HeartbeatView = {
  address: 'beat:443',
  everyMs: 60_000,
  lastOkMs: START_MS - 30_000,
  lastError: null,
};

async function world(notify: Runtime['notify']): Promise<Runtime> {
  const { runtime, close } = await openWorld([redis], () => good([]));
  closers.push(close);
  if (notify !== undefined) runtime.notify = notify;
  return runtime;
}
const told = (receivers: ReceiverStatus[], heartbeat: HeartbeatView | null) => ({
  receivers: () => receivers,
  heartbeat: () => heartbeat,
  test: async () => ({ ok: true, text: '' }),
});

it('how receivers stand is told by the settings, the status and the metrics, and no credential by any of them', async () => {
  const runtime = await world(told([failing], beat));
  const [status, { text }, settings] = [
    await readStatus(runtime),
    await readOwnMetrics(runtime),
    readSettings(runtime),
  ];
  expect(status.notify).toMatchObject({
    receivers: [{ name: 'oncall', waiting: 3, oldestAgeSeconds: 90, delivered: 7, givenUp: 1 }],
    heartbeat: { lastOk: new Date(START_MS - 30_000).toISOString(), lastError: null },
  });
  const labels = '{receiver="oncall",kind="slack"}';
  for (const line of [
    `afterwatch_outbox_waiting${labels} 3`,
    `afterwatch_outbox_oldest_age_seconds${labels} 90`,
    `afterwatch_notices_delivered_total${labels} 7`,
    `afterwatch_notices_failed_total${labels} 4`,
    `afterwatch_heartbeat_timestamp_seconds ${(START_MS - 30_000) / 1_000}`,
  ])
    expect(text.split('\n')).toContain(line);
  expect(settings.receivers).toEqual(readReceivers(runtime));
  expect(settings.receivers[0]).not.toHaveProperty('failedTries');
  expect(settings.heartbeat).toEqual(beat);
  expect(JSON.stringify([status, text, settings])).not.toMatch(/hush/);
});

it('a line where nothing waits has no age, and a heartbeat that never arrived no time', async () => {
  const runtime = await world(
    told([{ ...failing, waiting: 0, oldestMs: null }], { ...beat, lastOkMs: null }),
  );
  const { text } = await readOwnMetrics(runtime);
  expect(text).not.toMatch(/^afterwatch_(outbox_oldest_age|heartbeat)/m);
  expect((await readStatus(runtime)).notify.receivers[0]?.oldestAgeSeconds).toBeNull();
});

it('where no engine runs nobody is told, and nothing is made up', async () => {
  const runtime = await world(undefined);
  expect(readReceivers(runtime)).toEqual([]);
  expect((await readStatus(runtime)).notify).toEqual({ receivers: [], heartbeat: null });
  expect(readSettings(runtime)).toMatchObject({ receivers: [], heartbeat: null });
});
