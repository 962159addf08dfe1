import 'server-only';
import type { ResponsesFact } from '@/lib/core/alerts/facts.ts';
import type { SourceState } from '@/lib/core/model/source-state.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { alignUp, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { FactDeps, FactQuestion, FactReader } from './fact-reader.ts';
import { readPastVisits } from './past-visits.ts';

/** Responses are counted over so long. */
const RESPONSES_MS = 5 * MINUTE_MS;
const STEP_MS = 15_000;
const WINDOW_STEPS = RESPONSES_MS / STEP_MS;

/** A machine that could count responses, at one time. */
interface Machine {
  id: TargetId;
  name: string;
  state: SourceState;
  /** What was read of it later than this was not known yet; null: nothing was. */
  knownToMs: number | null;
}

/**
 * Responses in the five minutes before each time. Machines that count by exact status, also those whose first 429 is
 * still to come; where only classes such as `4xx` are counted, a 429 can't be told from a 404. Null when none of the
 * others has been read in these minutes.
 */
export const readResponseFacts: FactReader<ResponsesFact | null> = async (question) => {
  const { deps, times } = question;
  const machinesAt = question.isPast ? await pastMachines(question) : liveMachines(question);
  const targetIds = question.isPast
    ? [...new Set(seenIds(question))]
    : machinesAt(times.endMs).map(({ id }) => id);
  if (targetIds.length === 0) return () => null;
  const startMs = alignUp(times.startMs, STEP_MS) - RESPONSES_MS;
  const counts = await countByMachine(deps.store, targetIds, {
    startMs,
    endMs: alignUp(times.endMs, STEP_MS),
  });
  return (atMs) => {
    const last = (alignUp(atMs, STEP_MS) - startMs) / STEP_MS;
    return sumUp(machinesAt(atMs), counts, { first: last - WINDOW_STEPS, last, startMs });
  };
};

function liveMachines({ statuses }: FactQuestion): (atMs: number) => Machine[] {
  const machines = statuses
    .filter(({ target }) => target.kind === 'app')
    .map(({ id, target, state }) => ({
      id,
      name: target.name,
      state,
      knownToMs: Number.POSITIVE_INFINITY,
    }));
  return () => machines;
}

async function pastMachines(question: FactQuestion): Promise<(atMs: number) => Machine[]> {
  const visits = await readPastVisits(question);
  return (atMs) =>
    visits(atMs)
      .filter(({ kind, isSeen }) => kind === 'app' && isSeen)
      .map(({ id, name, state, history }) => ({ id, name, state, knownToMs: history.lastOkAtMs }));
}

/** Machines of the scope that have ever counted responses, also those that have left it. */
function seenIds({ deps, scope }: FactQuestion): TargetId[] {
  const prefix = `${scope.app}/${scope.environment}/app/`;
  return deps.store
    .findSeries({ metric: 'http_responses_total' })
    .map(({ targetId }) => targetId)
    .filter((id) => id.startsWith(prefix));
}

/** Responses of one machine by bucket. `known` is 1 where time is covered: a first look at a counter tells no count. */
interface Counts {
  all: Float64Array;
  limited: Float64Array;
  known: Uint8Array;
}

/** Of machines that count by exact status only. */
async function countByMachine(
  store: FactDeps['store'],
  targetIds: readonly TargetId[],
  range: TimeRange,
): Promise<ReadonlyMap<TargetId, Counts>> {
  const selector = { metric: 'http_responses_total', targetIds };
  const exact = new Set(
    store
      .findSeries(selector)
      .filter(({ labels }) => /^\d{3}$/.test(labels.status ?? ''))
      .map(({ targetId }) => targetId),
  );
  const byMachine = new Map<TargetId, Counts>();
  const length = (range.endMs - range.startMs) / STEP_MS;
  await store.scanBuckets({ ...selector, targetIds: [...exact] }, range, STEP_MS, (series, columns) => {
    const counts = byMachine.get(series.targetId) ?? newCounts(length);
    byMachine.set(series.targetId, counts);
    const { first, coveredMs, increase } = columns;
    for (let i = 0; i < columns.length; i++) {
      if ((coveredMs[i] ?? 0) === 0) continue;
      const at = first + i;
      counts.known[at] = 1;
      counts.all[at] = (counts.all[at] ?? 0) + (increase[i] ?? 0);
      if (series.labels.status === '429') counts.limited[at] = (counts.limited[at] ?? 0) + (increase[i] ?? 0);
    }
  });
  return byMachine;
}

function newCounts(length: number): Counts {
  return { all: new Float64Array(length), limited: new Float64Array(length), known: new Uint8Array(length) };
}

interface Window {
  /** Buckets from `first` up to but without `last`, of a grid that begins at `startMs`. */
  first: number;
  last: number;
  startMs: number;
}

function sumUp(
  machines: readonly Machine[],
  counts: ReadonlyMap<TargetId, Counts>,
  window: Window,
): ResponsesFact | null {
  const counted = machines.flatMap(({ id, name, knownToMs }) => {
    const own = counts.get(id);
    const sum = own === undefined || knownToMs === null ? null : sumOf(own, window, knownToMs);
    return sum === null ? [] : [{ name, ...sum }];
  });
  if (counted.length === 0) return null;
  return {
    limited: counted.reduce((total, { limited }) => total + limited, 0),
    all: counted.reduce((total, { all }) => total + all, 0),
    machines: counted
      .filter(({ limited }) => limited > 0)
      .map(({ name, limited }) => ({ name, limited }))
      .sort((a, b) => b.limited - a.limited),
    isPartial: machines.some(({ id, state }) => counts.has(id) && state !== 'ok' && state !== 'asleep'),
  };
}

/** Null where nothing was read in the window. A bucket that was not over at the latest visit is left out. */
function sumOf(
  { all, limited, known }: Counts,
  { first, last, startMs }: Window,
  knownToMs: number,
): { all: number; limited: number } | null {
  const end = Math.min(last, Math.floor((knownToMs - startMs) / STEP_MS), known.length);
  const sum = { all: 0, limited: 0 };
  let isKnown = false;
  for (let i = first; i < end; i += 1) {
    if (known[i] !== 1) continue;
    isKnown = true;
    sum.all += all[i] ?? 0;
    sum.limited += limited[i] ?? 0;
  }
  return isKnown ? { all: mended(sum.all), limited: mended(sum.limited) } : null;
}

/** Events that were shared out over buckets add up to whole ones again only to within rounding. */
function mended(count: number): number {
  return Math.round(count * 1e6) / 1e6;
}
