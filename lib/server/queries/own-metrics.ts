import 'server-only';
import { Gauge, Registry } from 'prom-client';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { SOURCE_STATES } from '@/lib/core/model/source-state.ts';
import { targetId } from '@/lib/core/model/target.ts';
import type { Runtime } from '../runtime.ts';
import { readObserver } from './observer.ts';

/** The counters and gauges that are worth handing on: small in number, fixed in name. */
const HANDED_ON = [
  'redis_up',
  'db_up',
  'app_up',
  'redis_commands_total',
  'http_responses_total',
  'db_queries_total',
];

/** Our own metrics and the latest values of the main ones, as Prometheus text. No address and no error text in labels. */
export async function readOwnMetrics(runtime: Runtime): Promise<{ contentType: string; text: string }> {
  const registry = new Registry();
  addProcess(registry, runtime);
  addStore(registry, runtime);
  addSources(registry, runtime);
  addReceivers(registry, runtime);
  addLatest(registry, runtime);
  return { contentType: registry.contentType, text: await registry.metrics() };
}

function gauge(registry: Registry, name: string, help: string, labelNames: readonly string[] = []): Gauge {
  return new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
}

function addProcess(registry: Registry, runtime: Runtime): void {
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  gauge(registry, 'afterwatch_start_time_seconds', 'When this server started.').set(
    runtime.startedAtMs / 1000,
  );
  gauge(registry, 'afterwatch_resident_memory_bytes', 'Memory of this process.').set(memory.rss);
  gauge(registry, 'afterwatch_cpu_seconds_total', 'CPU time of this process.').set(
    (cpu.user + cpu.system) / 1e6,
  );
}

function addStore(registry: Registry, runtime: Runtime): void {
  const stats = runtime.store.stats();
  gauge(registry, 'afterwatch_store_series', 'Series that the store knows.').set(stats.series);
  gauge(registry, 'afterwatch_store_bytes', 'Size of the store on disk.').set(stats.bytesOnDisk);
  gauge(registry, 'afterwatch_store_healthy', '1 while the store takes data.').set(
    stats.lastError === null ? 1 : 0,
  );
  gauge(registry, 'afterwatch_samples_appended_total', 'Samples stored since the start.').set(
    stats.samplesAppended,
  );
  const dropped = gauge(registry, 'afterwatch_samples_dropped_total', 'Samples refused, by reason.', [
    'reason',
  ]);
  for (const [reason, count] of Object.entries(stats.samplesDropped)) dropped.set({ reason }, count);
}

function addSources(registry: Registry, runtime: Runtime): void {
  const labelNames = ['app', 'environment', 'kind', 'name'];
  const nowMs = runtime.clock.wallMs();
  const state = gauge(registry, 'afterwatch_source_state', '1 for the state that a source is in.', [
    ...labelNames,
    'state',
  ]);
  const age = gauge(registry, 'afterwatch_source_age_seconds', 'Time since the last good visit.', labelNames);
  const sent = gauge(registry, 'afterwatch_observer_acts_today', 'What we sent since midnight UTC.', [
    ...labelNames,
    'act',
  ]);
  const projected = gauge(
    registry,
    'afterwatch_observer_acts_projected',
    'What a whole day costs at the present pace, by what the latest visits cost.',
    [...labelNames, 'act'],
  );
  const usd = gauge(
    registry,
    'afterwatch_observer_usd_today',
    'What we sent today at list price.',
    labelNames,
  );
  const limit = gauge(
    registry,
    'afterwatch_observer_contacts_limit',
    'Our own limit of commands and connects a day, where they are billed.',
    labelNames,
  );
  for (const status of runtime.poller.statuses(nowMs)) {
    const { app, environment, kind, name } = status.target;
    const labels = { app, environment, kind, name };
    for (const one of SOURCE_STATES) state.set({ ...labels, state: one }, status.state === one ? 1 : 0);
    const { lastOkAtMs } = status.history;
    if (lastOkAtMs !== null) age.set(labels, (nowMs - lastOkAtMs) / 1000);
    const { aDay, usdToday, contactsADay } = readObserver(runtime, status);
    for (const [act, count] of Object.entries(runtime.ledger.today(status.id)))
      sent.set({ ...labels, act }, count);
    for (const [act, count] of Object.entries(aDay ?? {})) projected.set({ ...labels, act }, count);
    if (usdToday !== null) usd.set(labels, usdToday);
    if (contactsADay !== null) limit.set(labels, contactsADay);
  }
}

/** By the names of the config; what was given up and why is on the Settings page. */
function addReceivers(registry: Registry, { notify, clock }: Runtime): void {
  const labelNames = ['receiver', 'kind'];
  const add = (name: string, help: string) => gauge(registry, `afterwatch_${name}`, help, labelNames);
  const waiting = add('outbox_waiting', 'Messages that wait to be delivered.');
  const age = add(
    'outbox_oldest_age_seconds',
    'Age of the oldest message that waits; absent where none does.',
  );
  const delivered = add('notices_delivered_total', 'Messages that were delivered.');
  const failed = add('notices_failed_total', 'Tries that failed since the start.');
  for (const one of notify?.receivers() ?? []) {
    const labels = { receiver: one.name, kind: one.kind };
    waiting.set(labels, one.waiting);
    if (one.oldestMs !== null) age.set(labels, Math.max(0, clock.wallMs() - one.oldestMs) / 1_000);
    delivered.set(labels, one.delivered);
    failed.set(labels, one.failedTries);
  }
  const lastOkMs = notify?.heartbeat()?.lastOkMs ?? null;
  if (lastOkMs !== null)
    gauge(registry, 'afterwatch_heartbeat_timestamp_seconds', 'When the last heartbeat arrived.').set(
      lastOkMs / 1_000,
    );
}

/** Latest raw values with the time of their scrape left out: the scraper stamps them itself. */
function addLatest(registry: Registry, runtime: Runtime): void {
  const targets = new Map(runtime.config.targets.map((target) => [targetId(target), target]));
  for (const metric of HANDED_ON) {
    const entry = findMetric(metric);
    if (entry === null) continue;
    const own = gauge(registry, metric, entry.help, ['app', 'environment', 'target', ...entry.labels]);
    for (const { series, value } of runtime.store.latest({ metric })) {
      const target = targets.get(series.targetId);
      if (target === undefined) continue;
      own.set(
        { ...series.labels, app: target.app, environment: target.environment, target: target.name },
        value,
      );
    }
  }
}
