import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOGUE } from '@/lib/core/metrics/catalogue/index.ts';
import { DERIVED, type DerivedEntry, inputsOf } from '@/lib/core/metrics/derived/index.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { CollectorSession } from '@/lib/server/collectors/collector.ts';
import { sessionOpener } from '@/lib/server/collectors/index.ts';
import { demoTargets } from '@/lib/server/demo-link.ts';
import { type Fleet, startFleet } from './fleet.ts';

const START_MS = Date.UTC(2026, 3, 9, 21, 0, 0);

let fleet: Fleet;
let sessions: CollectorSession[];

beforeEach(async () => {
  fleet = await startFleet({ seed: 7, startMs: START_MS });
  const targets = demoTargets({ type: 'ready', ...fleet.addresses });
  const open = sessionOpener(targets);
  sessions = targets.map((target) => open(target, { count: () => {} }));
});
afterEach(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await fleet.close();
});

/** Names of every metric that the fleet's sources give at these times. */
async function seenAt(times: readonly number[]): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (const atMs of times) {
    await fleet.setClock(atMs);
    const visit = (session: CollectorSession) =>
      session.collect({ signal: AbortSignal.timeout(30_000), nowMs: atMs });
    for (const result of await Promise.allSettled(sessions.map(visit))) {
      if (result.status === 'fulfilled') for (const { metric } of result.value.samples) seen.add(metric);
    }
  }
  return seen;
}

/** What no source of the fleet can give, and why. */
const NOT_IN_FLEET: Readonly<Record<string, string>> = {
  redis_probe_refused_ratio: 'the probe runs after an error only',
  redis_read_commands_total: 'INFO of Upstash, and the fleet’s cache answers as Redis 7',
  redis_write_commands_total: 'INFO of Upstash, and the fleet’s cache answers as Redis 7',
  redis_data_size_bytes: 'INFO of Upstash, and the fleet’s cache answers as Redis 7',
  redis_data_size_max_bytes: 'INFO of Upstash, and the fleet’s cache answers as Redis 7',
  redis_master_link_up: 'replicas only',
  upstash_requests_limit: 'pay as you go has none',
  fly_machine_cpu_throttled_seconds_total: 'not among the series of the fleet’s platform',
  fly_machine_net_received_bytes_total: 'not among the series of the fleet’s platform',
  fly_volume_used_ratio: 'its machines have no volume',
};
/** Written by the poller or the sink for lines, and by no collector's answer. */
const BY_OURSELVES = /^(upstash|fly|neon|prometheus)_up$|^(scrape|logs)_/;

it('the fleet gives every metric of the catalogue but those that it cannot have', async () => {
  const seen = await seenAt([-300, -299, -1, 0].map((minutes) => START_MS + minutes * MINUTE_MS));
  const missing = Object.keys(CATALOGUE).filter((name) => !seen.has(name) && !BY_OURSELVES.test(name));
  expect(missing.sort()).toEqual(Object.keys(NOT_IN_FLEET).sort());
  const idle = Object.entries<DerivedEntry>(DERIVED).filter(([, entry]) =>
    inputsOf(entry).some((name) => !seen.has(name)),
  );
  expect(idle.map(([name]) => name)).toEqual(['upstash_requests_left', 'upstash_requests_left_ratio']);
}, 60_000);
