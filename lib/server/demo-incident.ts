import 'server-only';
import { isBadState } from '@/lib/core/incidents/incident-titles.ts';
import { HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { rateText } from '@/lib/core/units/format-rate.ts';
import { DEMO_SCOPE } from './demo-link.ts';
import type { ShelfRow } from './deploys/deploy-shelf.ts';
import type { EngineStep } from './engine/engine.ts';
import { openFrom } from './incidents/commands.ts';
import type { IncidentBook } from './incidents/incident-book.ts';
import { readVain } from './incidents/vain.ts';
import { responsesLine } from './queries/alert-chart-line.ts';
import { readLine, type SumQuestion } from './queries/chart-line.ts';
import { gridOf } from './queries/grid.ts';
import { redisGetsRung } from './queries/redis-gets-rung.ts';
import { targetIdsOf } from './queries/scope.ts';
import { readSeries } from './queries/series.ts';
import type { Runtime } from './runtime.ts';

/** Who writes for the team of the demo. */
const BY = 'harbor on-call';
const STEP_MS = 300_000;
const FIRST = 'v1203';
const SUSPENDED = 'v1205';
const CAUSE = 'v1206';

/**
 * Opens the evening of the demo as an incident once, from the verdict of its first deploy, and writes what its made-up team
 * would have. Every number in it was measured.
 */
export class DemoIncident implements EngineStep {
  readonly name = 'the demo’s incident';

  constructor(
    private readonly runtime: Runtime,
    private readonly incidents: IncidentBook,
  ) {}

  async run(nowMs: number): Promise<void> {
    const { runtime, incidents } = this;
    const rows = runtime.deploys?.listNow(DEMO_SCOPE) ?? [];
    const [first, suspended, cause] = [FIRST, SUSPENDED, CAUSE].map((release) =>
      rows.find((row) => row.release === release),
    );
    if (first === undefined || suspended === undefined || cause === undefined) return;
    if (incidents.rowsNow(DEMO_SCOPE).some(({ origin }) => origin.ref === first.id)) return;
    const record = (await runtime.watches?.get(first.id)) ?? null;
    // Until the watch is replayed, nothing is known of its claims.
    if (record === null || !isBadState(record.state)) return;
    const told = await readTold(runtime, { first, suspended, cause }, nowMs);
    const { id } = await openFrom(runtime, DEMO_SCOPE, {
      ...{ by: BY, title: null, startMs: null },
      origin: { kind: 'verdict', ref: first.id },
    });
    await write(incidents, id, told, suspended);
  }
}

/** What the team writes down. */
interface Told {
  switchSeen: string;
  traffic: string;
  quota: string;
  gets: string;
}

interface Evening {
  first: ShelfRow;
  suspended: ShelfRow;
  cause: ShelfRow;
}

async function write(
  incidents: IncidentBook,
  id: string,
  { switchSeen, traffic, quota, gets }: Told,
  suspended: ShelfRow,
): Promise<void> {
  const judged = async (text: string, state: 'confirmed' | 'refuted', evidence: string) => {
    const { hypotheses } = await incidents.addHypothesis(id, BY, { text, evidence: null });
    await incidents.judgeHypothesis(id, BY, hypotheses.at(-1)?.id ?? '', { state, evidence });
  };
  await incidents.addNote(id, BY, noteOf(gets, suspended));
  await judged('SUSPEND_REDIS was parsed as false', 'confirmed', switchSeen);
  await incidents.addHypothesis(id, BY, {
    ...{ text: 'The quota check calls the cache that checks the quota', evidence: quota },
  });
  await judged('Traffic rose', 'refuted', traffic);
  await incidents.edit(id, BY, {
    cause: `The switch meant to suspend Redis held a value the app reads as false; ${suspended.release} set it right at ${formatClock(suspended.startMs)}.`,
  });
  await incidents.setStatus(id, BY, 'identified');
  await incidents.addAction(id, BY, {
    ...{ text: 'Refuse to start when SUSPEND_REDIS holds anything but true or false', owner: null },
    dueMs: null,
  });
  await incidents.addAction(id, BY, {
    ...{
      text: `Bring the machine that was left on ${suspended.release} to ${CAUSE}`,
      owner: BY,
      dueMs: null,
    },
  });
}

function noteOf(gets: string, { release, startMs }: ShelfRow): string {
  return `**What we saw.** ${gets}

- ${FIRST} moved the limiter’s counts into memory, but most GETs were never the limiter’s.
- Suspending Redis was the quick way out. It did not take: the switch held a digest in place of \`true\`.
- ${release} set \`SUSPEND_REDIS=true\` at ${formatClock(startMs)}, and the GETs ended.

While Redis is out of use, rate limits are counted per machine and caches are cold: claims about Redis can’t be told from then on.`;
}

async function readTold(runtime: Runtime, evening: Evening, nowMs: number): Promise<Told> {
  const { first, suspended, cause } = evening;
  const before = { startMs: first.startMs - HOUR_MS, endMs: first.startMs };
  const after = { startMs: first.endMs ?? first.startMs, endMs: suspended.startMs };
  const rung = redisGetsRung(runtime, DEMO_SCOPE);
  const gets: SumQuestion = {
    ...{ kind: rung.kind, metric: rung.metric, labels: rung.labels, as: 'rate' },
    targetIds: targetIdsOf(runtime, DEMO_SCOPE, rung.kind),
  };
  const requests = responsesLine(runtime, DEMO_SCOPE, '');
  const rate = async (line: SumQuestion, range: TimeRange, unit: 'commands' | 'requests') =>
    rateText((await readLine(runtime, line, gridOf(range, STEP_MS), nowMs)).overall, unit, 'h');
  // As the impact counts it, so that page and evidence say one number.
  const vain = await readVain(runtime, DEMO_SCOPE, { startMs: first.startMs, endMs: nowMs }, nowMs);
  const names = [...new Set((vain?.stretches ?? []).flatMap(({ machines }) => machines))];
  const all = targetIdsOf(runtime, DEMO_SCOPE, 'app').length;
  const quota = (range: TimeRange) => readQuotaGets(runtime, range);
  return {
    switchSeen: `Asked to suspend and active all the same for ${formatDuration(vain?.wrongMs ?? null)}, on ${names.length} of ${all} machines.`,
    traffic: `${await rate(requests, after, 'requests')} requests from ${first.release} to ${suspended.release}, ${await rate(requests, before, 'requests')} in the hour before.`,
    quota: `GETs per cache operation: ${await quota(before)} before ${first.release}, ${await quota(after)} after it, ${await quota({ startMs: cause.startMs, endMs: nowMs })} with ${cause.release}.`,
    gets: `GETs were ${await rate(gets, before, 'commands')} in the hour before ${first.release} and ${await rate(gets, after, 'commands')} from then until ${suspended.release}.`,
  };
}

/** Mean over a range, two digits of it; a dash where nothing tells. */
async function readQuotaGets(runtime: Runtime, range: TimeRange): Promise<string> {
  const metric = 'app_quota_gets_per_cache_operation';
  const answer = await readSeries(runtime, {
    ...{ ...DEMO_SCOPE, metric, labels: {}, as: 'value', range, stepMs: STEP_MS },
  });
  if ('code' in answer) return '–';
  const known = answer.series.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  return known.length === 0 ? '–' : String(Number(mean.toPrecision(2)));
}
