import { inspect } from 'node:util';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { type CounterSample, stepCounter } from '@/lib/core/metrics/increments.ts';
import { labelsKey, type Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult, Scrape } from '@/lib/core/model/scrape.ts';
import { type CollectorSession, ScrapeError } from '@/lib/server/collectors/collector.ts';
import { sessionOpener } from '@/lib/server/collectors/index.ts';
import type { Target } from '@/lib/server/config/types.ts';
import { TargetPoller, type TargetPollerDeps } from '@/lib/server/poller/target-poller.ts';
import { SECRETS } from './columns.ts';

/** One visit of the real poller with a real session, and everything that a reader could see of it. */
export interface SeenVisit {
  scrape: Scrape;
  /** What the session threw; null for a good visit. */
  thrown: unknown;
  notices: CollectResult['notices'];
  facts: Readonly<Record<string, string>>;
  tookMs: number;
  /** Until the poller would come by itself. */
  nextInMs: number;
}

/** A target under the real poller. */
export interface Scene {
  /** Visits now. Never rejects: what escapes shows as an error of kind `internal`. */
  visit(): Promise<SeenVisit>;
  close(): Promise<void>;
}

/** Opens a target through the registry and puts it under the poller; `nowMs` is its wall clock. */
export function openScene(target: Target, nowMs: () => number): Scene {
  const kept: Scrape[] = [];
  let thrown: unknown = null;
  const open = sessionOpener([target]);
  const deps: TargetPollerDeps = {
    open: (one, more) =>
      overhear(open(one, more), (error) => {
        thrown = error;
      }),
    count: () => undefined,
    spentToday: () => ({ commands: 0, connects: 0, queries: 0, requests: 0 }),
    reserve: async () => undefined,
    settle: async () => undefined,
    keep: async (scrape) => {
      kept.push(scrape);
    },
    wallMs: nowMs,
    monoMs: () => performance.now(),
  };
  const poller = new TargetPoller(target, deps);
  return {
    async visit() {
      thrown = null;
      const beganMs = performance.now();
      await poller.visitNow();
      const tookMs = performance.now() - beganMs;
      const { nextVisitInMs, notices, facts } = poller.status(nowMs());
      const scrape = kept.at(-1);
      if (scrape === undefined) throw new Error('the poller kept no visit');
      return { scrape, thrown, notices, facts, tookMs, nextInMs: nextVisitInMs };
    },
    close: () => poller.stop(),
  };
}

function overhear(session: CollectorSession, hear: (error: unknown) => void): CollectorSession {
  const { collect } = session;
  return Object.assign(Object.create(session) as CollectorSession, {
    pace: () => session.pace(),
    close: () => session.close(),
    collect: (context: Parameters<typeof collect>[0]) =>
      session.collect(context).catch((error: unknown) => {
        hear(error);
        throw error;
      }),
  });
}

/** Samples that the poller adds to every visit, what a refusal itself tells, and what is made with the source's clock. */
const OF_THE_VISIT =
  /^(scrape_|\w+_up$|redis_probe_refused_ratio$|upstash_stats_age_seconds$|neon_storage_period_mean_bytes$)/;

/**
 * Samples of a visit that stand neither in the same visit without the fault nor in the one before: made up, or bad
 * values let through. (A counter of our own stands where it stood while its source tells nothing new.)
 */
export function inventedIn(visit: SeenVisit, without: SeenVisit, before: SeenVisit): string[] {
  const sets = [without, before].map(
    ({ scrape }) => new Set(scrape.samples.map((one) => `${keyOf(one)}=${one.value}`)),
  );
  return visit.scrape.samples
    .filter(({ metric }) => !OF_THE_VISIT.test(metric))
    .map((one) => `${keyOf(one)}=${one.value}`)
    .filter((told) => !sets.some((set) => set.has(told)));
}

function keyOf({ metric, labels }: Sample): string {
  return `${metric}{${labelsKey(labels)}}`;
}

/** Credentials that a visit shows anywhere: text, facts, notices, or the error with all that hangs on it. */
export function secretsIn(visit: SeenVisit): string[] {
  const seen = inspect(visit, { depth: 12, maxStringLength: null, maxArrayLength: null, breakLength: 1_000 });
  return SECRETS.filter((secret) => seen.includes(secret));
}

/** What to do about it, in the words that our texts use. */
const ADVICE =
  /\b(checks?|set|put|make|raise|give|wait|look|run|see|narrow|allow|use|drop|exempt|add|name|renew|trust|correct|change|show|asked again|answers when|is .{3,40} running)\b/i;

/** What is wrong with the text of a failed visit; empty when it says who, what, and what to do. */
export function textFaults(visit: SeenVisit, target: Target): string[] {
  const text = visit.scrape.error?.message ?? '';
  const faults: string[] = [];
  if (!text.startsWith(`${target.kind}: ${target.name}`)) faults.push('does not begin with who');
  if (!ADVICE.test(text)) faults.push('does not say what to do');
  if (text.length < 40 || text.length > 420) faults.push(`has ${text.length} characters`);
  if (/https?:\/\/[\w[]|\/v2\/|\/apps\/|\/graphql/.test(text)) faults.push('shows an address in full');
  if (/\n|\p{Cc}/u.test(text)) faults.push('has control characters');
  if (visit.thrown !== null && !(visit.thrown instanceof ScrapeError)) faults.push('is of no ScrapeError');
  return faults.map((fault) => `${fault}: ${text}`);
}

/** Counters whose step from one visit to the next is negative, or more than they count now; or none that stepped. */
export function wrongIncreases(before: SeenVisit, after: SeenVisit): string[] {
  const faults: string[] = [];
  let fell = 0;
  const was = new Map(before.scrape.samples.map((one) => [keyOf(one), one]));
  for (const sample of after.scrape.samples) {
    const old = was.get(keyOf(sample));
    if (old === undefined || findMetric(sample.metric)?.kind !== 'counter') continue;
    if (sample.value < old.value) fell += 1;
    const first = stepCounter(null, sampleOf(old, before, null));
    const { increment } = stepCounter(first.state, sampleOf(sample, after, before.scrape.atMs));
    const added = increment?.increase ?? 0;
    if (added < 0 || added > Math.max(sample.value, sample.value - old.value))
      faults.push(`${keyOf(sample)} adds ${added}`);
  }
  return fell === 0 ? [...faults, 'no counter fell, so nothing was proved'] : faults;
}

function sampleOf(sample: Sample, { scrape }: SeenVisit, previousVisitMs: number | null): CounterSample {
  const { atMs, intervalMs } = scrape;
  const start = sample.start ?? scrape.start;
  return { atMs, value: sample.value, intervalMs, start, previousVisitMs, absentThen: false };
}
