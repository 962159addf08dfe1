import 'server-only';
import type { MachineEvidence, RedisEvidence } from '@/lib/core/modes/evidence.ts';
import { alignDown, HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { BucketSeries } from '../../store/store.ts';
import { FRESH_INTERVALS, TRAFFIC_VISITS } from '../mode-evidence.ts';
import type { FactQuestion } from './fact-reader.ts';
import { type PastStatus, readPastVisits } from './past-visits.ts';

/** What can still be told of a scope's Redis and machines at a time in the past. */
export interface PastWords {
  redis: readonly RedisEvidence[];
  /** Machines that were visited, and those that a Prometheus told of. Only their own words and wishes are kept. */
  machines: readonly MachineEvidence[];
  /** Machines that have told their mode by a word of their own before. */
  hasSpoken: ReadonlySet<string>;
  /** Machines whose source answered then. */
  answers: ReadonlySet<string>;
  /** True while the API of a provider answered. */
  hasProvider: boolean;
}

const STEP_MS = 15 * SECOND_MS;
/** Words from so long before the first asked time on are read. */
const LEAD_MS = HOUR_MS;
const FLAGS = ['app_redis_suspended', 'app_redis_suspend_asked'] as const;
type Flag = (typeof FLAGS)[number];

/** A 0/1 gauge of one machine on a grid of 15 s. */
interface Line {
  targetId: string;
  labels: Readonly<Record<string, string>>;
  /** 0, 1, or −1 where there is no sample; and for each place the latest one at or before it that holds a sample. */
  values: Int8Array;
  latest: Int32Array;
}

/** Reads once what visits, own words and wishes are stored around these times. */
export async function readPastWords(question: FactQuestion): Promise<(atMs: number) => PastWords> {
  const { deps, times, scope } = question;
  const visits = await readPastVisits(question);
  const startMs = alignDown(times.startMs - LEAD_MS, STEP_MS);
  const range = { startMs, endMs: times.endMs + 1 };
  const prefix = `${scope.app}/${scope.environment}/`;
  const read = async (metric: Flag): Promise<Line[]> => {
    const targetIds = [...new Set(deps.store.findSeries({ metric }).map(({ targetId }) => targetId))];
    const own = targetIds.filter((id) => id.startsWith(prefix));
    if (own.length === 0) return [];
    return (await deps.store.readBuckets({ metric, targetIds: own }, range, STEP_MS)).map(toLine);
  };
  const [suspended, asked] = await Promise.all([read(FLAGS[0]), read(FLAGS[1])]);
  return (atMs) => {
    const statuses = visits(atMs);
    const words = { suspended, asked, startMs, atMs };
    const own = statuses
      .filter(({ kind, isSeen }) => kind === 'app' && isSeen)
      .map((status) => ({ status, told: readMachine(words, status) }));
    const names = new Set(own.map(({ told }) => told.name));
    const foreign = statuses
      .filter(({ kind }) => kind === 'prometheus')
      .flatMap((status) => readForeign(words, status))
      .filter(({ name }) => !names.has(name));
    return {
      redis: statuses.filter(({ kind, isSeen }) => kind === 'redis' && isSeen).map(toRedis),
      machines: [...own.map(({ told }) => told), ...foreign],
      hasSpoken: new Set(
        own
          .filter(({ status }) => latestOf(words, suspended, status.id) !== null)
          .map(({ told }) => told.name),
      ),
      answers: new Set([
        ...own.filter(({ status }) => isAnswering(status)).map(({ told }) => told.name),
        ...foreign.map(({ name }) => name),
      ]),
      hasProvider: statuses.some(({ kind, state }) => kind === 'upstash' && state === 'ok'),
    };
  };
}

interface Words {
  suspended: readonly Line[];
  asked: readonly Line[];
  startMs: number;
  atMs: number;
}

function toLine({ series, buckets }: BucketSeries): Line {
  const values = new Int8Array(buckets.length).fill(-1);
  const latest = new Int32Array(buckets.length).fill(-1);
  let at = -1;
  for (const [i, bucket] of buckets.entries()) {
    const last = bucket?.last ?? null;
    if (last !== null) {
      values[i] = last > 0 ? 1 : 0;
      at = i;
    }
    latest[i] = at;
  }
  return { targetId: series.targetId, labels: series.labels, values, latest };
}

function isAnswering({ state }: PastStatus): boolean {
  return state === 'ok' || state === 'stale';
}

function readMachine(words: Words, status: PastStatus): MachineEvidence {
  const flag = (lines: readonly Line[]) => (isAnswering(status) ? freshFlag(words, lines, status) : null);
  return {
    name: status.name,
    suspended: flag(words.suspended),
    asked: flag(words.asked),
    suspendedLines: null,
    commandsPerSecond: null,
    health: null,
  };
}

/** The latest word of a line that was known then, and when the 15 s in which it was said began. */
function wordOf({ startMs, atMs }: Words, line: Line): { isOn: boolean; atMs: number } | null {
  const last = Math.min(Math.floor((atMs - startMs) / STEP_MS), line.latest.length) - 1;
  const at = last < 0 ? -1 : (line.latest[last] ?? -1);
  return at < 0 ? null : { isOn: line.values[at] === 1, atMs: startMs + at * STEP_MS };
}

function latestOf(
  words: Words,
  lines: readonly Line[],
  targetId: string,
): { isOn: boolean; atMs: number } | null {
  const line = lines.find((one) => one.targetId === targetId);
  return line === undefined ? null : wordOf(words, line);
}

/** A word counts while it is of the latest visits; a machine that does not export it any more says nothing. */
function freshFlag(words: Words, lines: readonly Line[], { id, history }: PastStatus): boolean | null {
  const word = latestOf(words, lines, id);
  if (word === null) return null;
  const oldestMs = (history.lastOkAtMs ?? words.atMs) - FRESH_INTERVALS * history.intervalMs;
  return word.atMs < alignDown(oldestMs, STEP_MS) ? null : word.isOn;
}

/** Machines that a Prometheus scrapes for us. */
function readForeign(words: Words, { id, name, state, history }: PastStatus): MachineEvidence[] {
  if (state !== 'ok') return [];
  const oldestMs = alignDown(words.atMs - TRAFFIC_VISITS * history.intervalMs, STEP_MS);
  return words.suspended
    .filter(({ targetId }) => targetId === id)
    .flatMap((line) => {
      const word = wordOf(words, line);
      if (word === null || word.atMs < oldestMs) return [];
      return [
        {
          name: line.labels.machine ?? line.labels.instance ?? name,
          suspended: word.isOn,
          asked: null,
          suspendedLines: null,
          commandsPerSecond: null,
          health: null,
        },
      ];
    });
}

function toRedis({ name, state, history }: PastStatus): RedisEvidence {
  return {
    name,
    state,
    errorKind: history.failures > 0 ? history.lastErrorKind : null,
    refusal: null,
    commandsPerSecond: null,
    arriving: null,
  };
}
