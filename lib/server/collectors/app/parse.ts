import 'server-only';
import { appMetrics } from '@/lib/core/metrics/catalogue/app.ts';
import type { Sample, StartMarker } from '@/lib/core/model/sample.ts';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import type { AppTarget } from '@/lib/server/config/types.ts';
import { type Exposition, mergeExpositions, SeriesLimitError } from './exposition.ts';
import { readFacts } from './facts.ts';
import { type HealthReading, healthValue, readHealth } from './health.ts';
import { readHealthRedis } from './health-redis.ts';
import { readJsonMetrics } from './json-metrics.ts';
import { type Binding, discoverMapping, isAppMetric } from './mapping.ts';
import { answererNotices, discoveryNotices, refusedNotices, skewNotices } from './notices.ts';
import { type AppAnswers, nameTarget, refuseHealthStatus } from './read.ts';
import { MAX_SERIES, type Page, readPage } from './read-page.ts';
import { type Refused, readSamples } from './read-samples.ts';
import { RouteMemory } from './routes.ts';
import { type HealthBody, healthBodySchema } from './schema.ts';
import type { WorkerWatch } from './workers.ts';

/**
 * One visit's answers as samples, facts and notices. Pure but for `watch`, which remembers who answered before, and
 * `routes`, which remembers the routes that are kept.
 * Throws `ScrapeError` when the metrics page, or the only health answer, cannot be used.
 */
export function parseAnswers(
  answers: AppAnswers,
  target: AppTarget,
  watch: WorkerWatch,
  nowMs: number,
  routes = new RouteMemory(),
): CollectResult {
  const page = answers.metrics === null ? null : readPage(answers.metrics, nameTarget(target));
  const health = judgeHealth(answers, target);
  const inHealth = healthPage(health.reading);
  const exposition = mergeExpositions(
    [page?.exposition ?? null, inHealth.page].filter((one) => one !== null),
  );

  const discovery = discoverMapping(exposition, target.mapping);
  const refused: Refused = { badValue: 0, future: 0, mixedBuckets: [], tooManyLabels: [] };
  const samples = discovery.bindings.flatMap((binding) => readSamples(exposition, binding, nowMs, refused));

  const skewMs = skewOf(answers, nowMs);
  const startMs = startOf(samples, exposition);
  const cpuSeconds = firstValue(samples, 'app_cpu_seconds_total');
  const answerer = watch.step({ startMs, skewMs: skewMs ?? 0, cpuSeconds }, nowMs);
  const kept = answerer.countersUsable
    ? [...samples, ...routes.read(exposition, discovery.bindings)]
    : samples.filter(isGauge);
  const facts = factsOf(health.reading, page, exposition, discovery.bindings);

  return {
    samples: [
      ...(answerer.multiWorker ? kept.map(inferred) : kept),
      ...healthSamples(health.reading),
      ...infoSamples(facts, watch),
    ],
    start: startMarker(answerer.startMs, skewMs ?? 0),
    facts,
    notices: [
      ...(page?.notices ?? []),
      ...(page === null ? [] : discoveryNotices(discovery, exposition)),
      ...refusedNotices(refused),
      ...answererNotices(answerer),
      ...skewNotices(skewMs),
      ...health.notices,
      ...inHealth.notices,
    ],
  };
}

/** A health endpoint that is missing or refuses us is no failing machine: it is said, and nothing is claimed. */
function judgeHealth(
  { metrics, health, healthError }: AppAnswers,
  target: AppTarget,
): { reading: HealthReading | null; notices: readonly Notice[] } {
  const error = health === null ? healthError : refuseHealthStatus(health, target);
  if (error !== null) {
    if (metrics === null) throw error;
    return { reading: null, notices: [{ code: 'health_unreachable', text: error.message }] };
  }
  if (health === null) return { reading: null, notices: [] };
  const reading = readHealth(health);
  return { reading, notices: reading.notices };
}

/** Numbers in the health body can be mapped as well; the metrics page wins where both have a name. */
function healthPage(reading: HealthReading | null): { page: Exposition | null; notices: readonly Notice[] } {
  if (reading === null || reading.body === null) return { page: null, notices: [] };
  try {
    return { page: readJsonMetrics(reading.body, MAX_SERIES), notices: [] };
  } catch (error) {
    if (!(error instanceof SeriesLimitError)) throw error;
    const text = `Its health body holds more than ${error.limit.toLocaleString('en-US')} values; its numbers were left out. Keep it small.`;
    return { page: null, notices: [{ code: 'health_too_large', text }] };
  }
}

function skewOf({ metrics, health }: AppAnswers, nowMs: number): number | null {
  const dateMs = metrics?.dateHeaderMs ?? health?.dateHeaderMs ?? null;
  return dateMs === null ? null : dateMs - nowMs;
}

/** The process's own start; else the earliest `_created`, which is when its first counter appeared. */
function startOf(samples: readonly Sample[], exposition: Exposition): number | null {
  const seconds = firstValue(samples, 'app_process_start_time_seconds') ?? exposition.createdSeconds;
  return seconds === null || seconds <= 0 ? null : Math.round(seconds * 1_000);
}

function startMarker(startMs: number | null, skewMs: number): StartMarker | null {
  return startMs === null ? null : { marker: `start:${startMs}`, atMs: startMs - skewMs };
}

function firstValue(samples: readonly Sample[], metric: string): number | null {
  return samples.find((sample) => sample.metric === metric)?.value ?? null;
}

function isGauge({ metric }: Sample): boolean {
  return !isAppMetric(metric) || appMetrics[metric].kind === 'gauge';
}

function inferred(sample: Sample): Sample {
  return { ...sample, quality: 'inferred' };
}

function healthSamples(reading: HealthReading | null): Sample[] {
  const value = reading === null ? null : healthValue(reading.state);
  return value === null ? [] : [{ metric: 'app_health_ok', labels: {}, value }];
}

/** What the answers tell of the machine in words, so that a change of it has its time in the store. */
function infoSamples(facts: Readonly<Record<string, string>>, watch: WorkerWatch): Sample[] {
  const told = (['version', 'region'] as const).flatMap((name) => {
    const text = facts[name];
    return text === undefined ? [] : [[name, text] as const];
  });
  if (told.length === 0 || !watch.believes(JSON.stringify(told))) return [];
  return [{ metric: 'app_machine_info', labels: Object.fromEntries(told), value: 1 }];
}

/** Only what names Redis: a green endpoint says nothing about it. */
function healthRedisFact(body: HealthBody | null): Record<string, string> {
  const state = body === null ? null : readHealthRedis(body);
  return state === null ? {} : { healthRedis: state };
}

function factsOf(
  reading: HealthReading | null,
  page: Page | null,
  exposition: Exposition,
  bindings: readonly Binding[],
): Record<string, string> {
  const pageBody = page?.json === undefined ? null : healthBodySchema.safeParse(page.json);
  const body = reading?.body ?? pageBody?.data ?? null;
  const responses = bindings.find(
    ({ metric, configured }) => metric === 'http_responses_total' && !configured,
  );
  return {
    ...readFacts(body, exposition),
    ...(reading === null ? {} : { health: reading.state }),
    ...healthRedisFact(body),
    ...(responses === undefined ? {} : { library: responses.library }),
  };
}
