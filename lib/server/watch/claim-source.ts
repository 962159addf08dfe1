import 'server-only';
import { METRIC_OPTIONS, tellMeasurable } from '@/lib/core/deploys/measurable.ts';
import type { MetricEntry, Unit } from '@/lib/core/metrics/catalogue/entry.ts';
import { findMetric, type MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { isExactStatus } from '@/lib/core/metrics/derived/formulas.ts';
import { type DerivedEntry, findDerived, inputsOf } from '@/lib/core/metrics/derived/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { Scope, SourceKind, TargetId } from '@/lib/core/model/target.ts';
import { matchesLabels } from '@/lib/core/series/family-sum.ts';
import { readBegan } from '../queries/began.ts';
import { GETS_RUNGS } from '../queries/redis-gets-rung.ts';
import { targetIdsOf, targetsOf } from '../queries/scope.ts';
import type { Reading } from '../runtime.ts';

/** A metric as a claim names it. */
export interface ClaimMetric {
  metric: string;
  labels: Labels;
}

interface Common {
  /** Targets that are watched, and such as were and left numbers. */
  targetIds: readonly TargetId[];
  /** Those of them that are not watched any more. */
  gone: ReadonlySet<TargetId>;
  /** How the number is got, where that is not plain; null else. */
  note: string | null;
  /** Why no more than a provisional verdict can come of it. */
  caps: readonly string[];
}

/** A counter, summed over the targets of one kind. */
export interface FlowSource extends Common {
  how: 'flow';
  kind: SourceKind;
  metric: MetricName;
  labels: Labels;
  /** False for seconds, bytes and money: they are no single events. */
  countsEvents: boolean;
}

/** A gauge over the targets of one kind. */
export interface LevelSource extends Common {
  how: 'level';
  kind: SourceKind;
  metric: MetricName;
  labels: Labels;
  combine: 'sum' | 'mean' | 'max';
  /** True for a gauge that is itself a rate. */
  isRate: boolean;
}

/** A metric that is worked out from others, over all of an app. */
export interface DerivedSource extends Common {
  how: 'derived';
  name: string;
  entry: DerivedEntry;
  labels: Labels;
  isRate: boolean;
}

/** What a claim's numbers are read from: the same before and after its deploy. */
export type ClaimSource = FlowSource | LevelSource | DerivedSource;

/** Units of which one and another make two. */
const ADDS_UP: Readonly<Record<Unit, 'sum' | 'mean' | 'max'>> = {
  seconds: 'mean',
  ratio: 'mean',
  state: 'max',
  bytes: 'sum',
  commands: 'sum',
  queries: 'sum',
  transactions: 'sum',
  requests: 'sum',
  responses: 'sum',
  connections: 'sum',
  keys: 'sum',
  lookups: 'sum',
  events: 'sum',
  errors: 'sum',
  rows: 'sum',
  locks: 'sum',
  restarts: 'sum',
  samples: 'sum',
  processes: 'sum',
  usd: 'sum',
};
const NO_EVENTS: ReadonlySet<Unit> = new Set(['seconds', 'bytes', 'ratio', 'usd', 'state']);
const DAYS_BEGUN = 14;

/**
 * Where the numbers of a claim come from. Of several kinds of source that count the same, the first that counted before
 * T₀ is taken, and kept. `unmeasurable`: a plain sentence on what is missing.
 */
export async function chooseSource(
  runtime: Reading,
  scope: Scope,
  claim: ClaimMetric,
  originMs: number,
): Promise<ClaimSource | { unmeasurable: string }> {
  const derived = findDerived(claim.metric);
  if (derived !== null) return chooseDerived(runtime, scope, claim, derived);
  const candidates = candidatesOf(runtime, scope, claim);
  const [first] = candidates;
  if (first === undefined) return { unmeasurable: missingText(runtime, scope, claim) };
  for (const one of candidates) {
    const { metric, targetIds } = one;
    const began = await readBegan(runtime, { metric, targetIds }, originMs, DAYS_BEGUN);
    if (began.size > 0) return one;
  }
  return first;
}

/** The candidates after the chosen one: whether they count where it does not. */
export function othersOf(
  runtime: Reading,
  scope: Scope,
  claim: ClaimMetric,
  chosen: ClaimSource,
): ClaimSource[] {
  if (chosen.how === 'derived') return [];
  return candidatesOf(runtime, scope, claim).filter(
    (one) => one.kind !== chosen.kind || one.metric !== chosen.metric,
  );
}

function candidatesOf(runtime: Reading, scope: Scope, claim: ClaimMetric): (FlowSource | LevelSource)[] {
  const isGets = claim.metric === 'redis_commands_total' && sameLabels(claim.labels, { cmd: 'get' });
  const asked: { kind: SourceKind; metric: string; labels: Labels; note: string | null }[] = isGets
    ? GETS_RUNGS.map(({ kind, metric, labels, note }) => ({ kind, metric, labels, note }))
    : (METRIC_OPTIONS.get(claim.metric)?.sources ?? []).map((kind) => ({ kind, ...claim, note: null }));
  return asked.flatMap(({ kind, metric, labels, note }): (FlowSource | LevelSource)[] => {
    const entry = findMetric(metric);
    if (entry === null) return [];
    const { ids, gone } = idsOf(runtime, scope, kind, metric);
    const found = runtime.store.findSeries({ metric, targetIds: ids });
    const matching = found.filter((series) => matchesLabels(series.labels, labels));
    if (found.length === 0 || (matching.length === 0 && !entry.absentIsZero)) return [];
    const told = exactOnly(labels, ids, found);
    if (told.ids.length === 0) return [];
    return [toSource(entry, { kind, metric: metric as MetricName, labels }, told, gone, note)];
  });
}

function toSource(
  entry: MetricEntry,
  asked: { kind: SourceKind; metric: MetricName; labels: Labels },
  { ids, caps }: { ids: readonly TargetId[]; caps: readonly string[] },
  gone: ReadonlySet<TargetId>,
  note: string | null,
): FlowSource | LevelSource {
  const common = { ...asked, targetIds: ids, gone, note, caps };
  if (entry.kind === 'counter') return { ...common, how: 'flow', countsEvents: !NO_EVENTS.has(entry.unit) };
  return {
    ...common,
    how: 'level',
    combine: ADDS_UP[entry.unit],
    isRate: asked.metric.endsWith('_per_second'),
  };
}

/** Of machines that tell statuses by class only nobody can say how many were of one exact status. */
function exactOnly(
  labels: Labels,
  ids: readonly TargetId[],
  found: readonly { targetId: TargetId; labels: Labels }[],
): { ids: readonly TargetId[]; caps: readonly string[] } {
  if (!isExactStatus(labels.status)) return { ids, caps: [] };
  const classed = ids.filter((id) => {
    const own = found.filter(({ targetId }) => targetId === id);
    return own.length > 0 && !own.some((series) => isExactStatus(series.labels.status));
  });
  if (classed.length === 0) return { ids, caps: [] };
  return {
    ids: ids.filter((id) => !classed.includes(id)),
    caps: [
      `${classed.length} of ${ids.length} machines tell classes of status only, so theirs are not counted`,
    ],
  };
}

function chooseDerived(
  runtime: Reading,
  scope: Scope,
  claim: ClaimMetric,
  entry: DerivedEntry,
): ClaimSource | { unmeasurable: string } {
  const inputs = inputsOf(entry);
  const ids = targetIdsOf(runtime, scope);
  const missing = inputs.find((metric) => runtime.store.findSeries({ metric, targetIds: ids }).length === 0);
  if (missing !== undefined) return { unmeasurable: missingText(runtime, scope, claim, missing) };
  return {
    how: 'derived',
    name: claim.metric,
    entry: { ...entry, over: 'app' },
    labels: claim.labels,
    targetIds: ids,
    gone: new Set(),
    isRate: entry.perSecond || claim.metric.endsWith('_usd_per_day'),
    note: null,
    caps: [],
  };
}

/** Targets of a kind, and such as gave this metric once and are not watched any more. */
function idsOf(
  runtime: Reading,
  { app, environment }: Scope,
  kind: SourceKind,
  metric: string,
): { ids: readonly TargetId[]; gone: ReadonlySet<TargetId> } {
  const watched = targetIdsOf(runtime, { app, environment }, kind);
  const prefix = `${app}/${environment}/${kind}/`;
  const known = new Set(watched);
  const gone = new Set<TargetId>();
  // Machines come and go with deploys; what they counted belongs to the days before. A source with none left is gone whole.
  if (watched.length > 0) {
    for (const { targetId } of runtime.store.findSeries({ metric })) {
      if (targetId.startsWith(prefix) && !known.has(targetId)) gone.add(targetId);
    }
  }
  return { ids: [...watched, ...gone], gone };
}

function missingText(runtime: Reading, scope: Scope, claim: ClaimMetric, input = claim.metric): string {
  const present = [...new Set(targetsOf(runtime, scope).map(({ kind }) => kind))];
  const told = tellMeasurable({ metric: claim.metric, unit: null, text: '' }, present);
  if (told.kind === 'not') return told.why;
  const labels = Object.entries(claim.labels).map(([name, value]) => `${name}="${value}"`);
  const name = labels.length === 0 ? input : `${input}{${labels.join(', ')}}`;
  return `Nothing connected here has told ${name} yet.`;
}

function sameLabels(a: Labels, b: Labels): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
