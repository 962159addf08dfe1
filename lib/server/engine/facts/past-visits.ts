import 'server-only';
import { type SourceHistory, type SourceState, sourceState } from '@/lib/core/model/source-state.ts';
import { SOURCE_KINDS, type SourceKind, type TargetId } from '@/lib/core/model/target.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { UP_METRIC } from '../../poller/write-down.ts';
import type { ScrapeMark } from '../../store/store.ts';
import type { FactQuestion } from './fact-reader.ts';

/** A target as its visits had left it at one time. */
export interface PastStatus {
  id: TargetId;
  kind: SourceKind;
  name: string;
  state: SourceState;
  history: SourceHistory;
  lastError: { text: string; atMs: number } | null;
  /** False while no visit of it was found before that time: then it was not watched yet, or we were away for long. */
  isSeen: boolean;
}

/** Visits from so long before the first asked time on are read: what failed for longer was down at its second failure. */
const LEAD_MS = 3 * HOUR_MS;
/** A target that is not watched any more is held for known this many intervals after its last visit. */
const GONE_AFTER_INTERVALS = 2;

interface Line {
  id: TargetId;
  kind: SourceKind;
  name: string;
  /** Null: it is still watched. */
  goneMs: number | null;
  /** After each visit, oldest first; `knownMs` is when the visit was over. */
  steps: readonly { knownMs: number; history: SourceHistory; lastError: PastStatus['lastError'] }[];
}

type Told = (atMs: number) => readonly PastStatus[];

/** Readers of one question share one reading. */
const READ = new WeakMap<FactQuestion, Promise<Told>>();

/**
 * Targets of the scope as the poller knew them at any asked time, rebuilt from the visits that are stored. Machines that
 * have left the fleet since are among them while they were visited. What a failure before our own latest start was is
 * counted on: the poller itself begins anew there.
 */
export function readPastVisits(question: FactQuestion): Promise<Told> {
  const reading = READ.get(question) ?? readAnew(question);
  READ.set(question, reading);
  return reading;
}

async function readAnew({ deps, scope, statuses, times }: FactQuestion): Promise<Told> {
  const known = statuses.map(({ id, target: { kind, name } }) => ({ id, kind, name, isWatched: true }));
  const watched = new Set(known.map(({ id }) => id));
  const prefix = `${scope.app}/${scope.environment}/`;
  const gone = SOURCE_KINDS.flatMap((kind) =>
    deps.store
      .findSeries({ metric: UP_METRIC[kind] })
      .map(({ targetId: id }) => id)
      .filter((id) => id.startsWith(`${prefix}${kind}/`) && !watched.has(id))
      .map((id) => ({ id, kind, name: id.slice(`${prefix}${kind}/`.length), isWatched: false })),
  );
  const targets = [...known, ...gone];
  const marks = new Map<TargetId, ScrapeMark[]>(targets.map(({ id }) => [id, []]));
  const read = { startMs: times.startMs - LEAD_MS, endMs: times.endMs + 1 };
  for (const mark of await deps.store.readScrapes([...marks.keys()], read))
    marks.get(mark.targetId)?.push(mark);
  const lines = targets.map(({ isWatched, ...target }): Line => {
    const own = marks.get(target.id) ?? [];
    const last = own.at(-1);
    const goneMs =
      isWatched || last === undefined ? null : last.atMs + GONE_AFTER_INTERVALS * last.intervalMs;
    return { ...target, goneMs: isWatched ? null : (goneMs ?? Number.NEGATIVE_INFINITY), steps: walk(own) };
  });
  let last: { atMs: number; told: readonly PastStatus[] } | null = null;
  return (atMs) => {
    if (last?.atMs !== atMs) last = { atMs, told: lines.flatMap((line) => statusAt(line, atMs)) };
    return last.told;
  };
}

/** What the poller remembers after each of these visits. */
function walk(marks: readonly ScrapeMark[]): Line['steps'] {
  let history: SourceHistory = {
    intervalMs: 0,
    lastOkAtMs: null,
    lastScrapeAtMs: null,
    failures: 0,
    lastErrorKind: null,
  };
  let lastError: PastStatus['lastError'] = null;
  return marks.map(({ atMs, durationMs, intervalMs, ok, error }) => {
    history = {
      intervalMs,
      lastOkAtMs: ok ? atMs : history.lastOkAtMs,
      lastScrapeAtMs: atMs,
      failures: ok ? 0 : history.failures + 1,
      lastErrorKind: ok ? null : (error?.kind ?? null),
    };
    if (error !== null) lastError = { text: error.message, atMs };
    return { knownMs: atMs + durationMs, history, lastError };
  });
}

function statusAt({ id, kind, name, goneMs, steps }: Line, atMs: number): PastStatus[] {
  const step = steps[countKnown(steps, atMs) - 1];
  if (goneMs !== null && (step === undefined || atMs > goneMs)) return [];
  if (step === undefined) return [{ id, kind, name, state: 'starting', ...UNSEEN }];
  const { history, lastError } = step;
  return [{ id, kind, name, state: sourceState(history, atMs), history, lastError, isSeen: true }];
}

const UNSEEN: Pick<PastStatus, 'history' | 'lastError' | 'isSeen'> = {
  history: { intervalMs: 0, lastOkAtMs: null, lastScrapeAtMs: null, failures: 0, lastErrorKind: null },
  lastError: null,
  isSeen: false,
};

/** How many of the visits were over before that time. */
function countKnown(steps: Line['steps'], atMs: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle]?.knownMs ?? Number.POSITIVE_INFINITY) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
