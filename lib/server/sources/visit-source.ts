import 'server-only';
import { type Acts, addActs, scaleActs } from '@/lib/core/budget/acts.ts';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { SourceTestView, TestedMetric } from '@/lib/core/sources/settings-view.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { KnownError } from '../http/guards.ts';
import { scrubText } from '../log/scrub.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import { UP_METRIC } from '../poller/write-down.ts';
import { keep, recall } from '../queries/remember.ts';
import type { Runtime } from '../runtime.ts';

/** Between two tests of one source. */
const PAUSE_MS = 15_000;
/** Where contacts are billed, or refused and perhaps billed all the same. */
const DEAR_PAUSE_MS = 60_000;
const READING = 'Its history is being read just now. Test it again when that is done.';
const MEMORY = { name: 'source-tests', most: 1_000 };
const OWN_METRICS: ReadonlySet<string> = new Set([
  ...Object.values(UP_METRIC),
  'scrape_duration_seconds',
  'scrape_samples_scraped',
]);

/**
 * One visit to a source because a person asked: by its own collector, deadline, budget and ledger, and kept like any
 * other. Throws `KnownError` for an unknown id, for one that was tested a moment ago, and while its history is read.
 */
export async function testSource(runtime: Runtime, id: TargetId): Promise<SourceTestView> {
  const { poller, ledger, clock } = runtime;
  const before = poller.status(id, clock.wallMs());
  if (before === null)
    throw new KnownError('not_found', 'That source is not configured any more. Reload the page.');
  if (poller.backfill(id)?.kind === 'running') throw new KnownError('not_ready', READING);
  takeTurn(runtime, before);
  const spentBefore = ledger.today(id);
  const scrape = await poller.visitToTell(id);
  const after = poller.status(id, clock.wallMs());
  if (scrape === null || after === null) throw new KnownError('not_ready', READING);
  const { error, atMs, durationMs, samples, ok } = scrape;
  return {
    id,
    atMs,
    durationMs,
    state: after.state,
    error: error === null ? null : { kind: error.kind, message: scrubText(error.message) },
    // Those of a visit before say nothing of this one.
    notices: ok || after.state === 'asleep' ? after.notices.map(cleanNotice) : [],
    metrics: metricsIn(samples),
    spent: spentSince(spentBefore, ledger.today(id)),
  };
}

function cleanNotice({ code, text }: TargetStatus['notices'][number]): { code: string; text: string } {
  return { code, text: scrubText(text) };
}

/** Visits cost, and a test is no way to visit more often. */
function takeTurn(runtime: Runtime, { id, budget, history }: TargetStatus): void {
  const nowMs = runtime.clock.wallMs();
  const lastMs = recall<number>(runtime, MEMORY, id);
  const isDear = budget !== null || history.lastErrorKind === 'auth' || history.lastErrorKind === 'quota';
  const pauseMs = isDear ? DEAR_PAUSE_MS : PAUSE_MS;
  if (lastMs !== undefined && nowMs - lastMs < pauseMs) {
    const wait = formatDuration(Math.max(1_000, pauseMs - (nowMs - lastMs)));
    throw new KnownError('too_many', `It was tested a moment ago. Test it again in ${wait}.`);
  }
  keep(runtime, MEMORY, id, nowMs, DEAR_PAUSE_MS);
}

function metricsIn(samples: readonly Sample[]): TestedMetric[] {
  const byName = new Map<string, Sample[]>();
  for (const sample of samples) {
    if (OWN_METRICS.has(sample.metric)) continue;
    const known = byName.get(sample.metric);
    if (known === undefined) byName.set(sample.metric, [sample]);
    else known.push(sample);
  }
  return [...byName]
    .flatMap(([metric, all]): TestedMetric[] => {
      const entry = findMetric(metric);
      if (entry === null) return [];
      const only = all.length === 1 ? (all[0]?.value ?? null) : null;
      return [{ metric, unit: entry.unit, samples: all.length, value: only }];
    })
    .toSorted((a, b) => (a.metric < b.metric ? -1 : 1));
}

/** What was sent meanwhile; the page of a new day begins at 0. */
function spentSince(before: Acts, after: Acts): Acts {
  const spent = addActs(after, scaleActs(before, -1));
  return Object.values(spent).some((count) => count < 0) ? after : spent;
}
