import type { StageId, StageState, StageView } from '../model/suspension.ts';
import { BLOCK_MS, DAY_MS, MINUTE_MS } from '../time/range.ts';
import { formatClock } from '../units/clock.ts';
import { formatDuration } from '../units/duration.ts';
import { rateText } from '../units/format-rate.ts';
import type { Stretch } from './stretch.ts';
import { nameList } from './words.ts';

/** What is known of five minutes of the way back. Rates per second, of the machines that use Redis then. */
export interface StageBlock {
  startMs: number;
  /** Redis GETs; null where they were not measured, or no machine is known to use Redis. */
  gets: number | null;
  /** As many as are allowed of the requests that these machines served; null where that is not known. */
  limit: number | null;
  /** What went wrong in it, one plain clause; null where nothing did that was looked at. */
  trouble: string | null;
  /** Why it says nothing though it may look well, one plain clause; null where it was seen. */
  unseen: string | null;
  /** Whether a limiter of these machines told if it let anybody pass unasked. */
  limiterTold: boolean;
}

/** All that the stages are judged by. */
export interface StageFacts {
  stretch: Stretch;
  nowMs: number;
  /** Oldest first, from the block that holds the first machine's return on; blocks that are not over are left out. */
  blocks: readonly StageBlock[];
}

const LENGTH_MS: Record<StageId, number> = { first: 30 * MINUTE_MS, all: 30 * MINUTE_MS, day: DAY_MS };
/** A new process fills its caches first: what it asks then is no level, and what it fumbles no fault. */
export const WARM_UP_MS = BLOCK_MS;
/** Of the blocks of a stage so many must have been seen. */
const SEEN_SHARE = 0.8;
/** The level at the end is that of the last quarter of an hour. */
const LEVEL_BLOCKS = 3;
/** Above what is allowed for half an hour on end is no noise. */
const OVER_BLOCKS = 6;

/**
 * The way back in three stages: one machine for 30 min, all for 30 min, then a day. Each is told from the blocks since its
 * start, in their order, so that the same blocks always tell the same: what failed stays failed until Redis is suspended and
 * used again, and what was not seen never passes. Empty where Redis was not suspended whole by the team, or is used nowhere.
 */
export function judgeStages({ stretch, nowMs, blocks }: StageFacts): StageView[] {
  const { byUs, firstMs, firstMachines, allMs } = stretch;
  if (!byUs || firstMs === null) return [];
  const first = judgeFirst(stretch, firstMs, { blocks, nowMs });
  const titleOfFirst =
    firstMachines.length === 0
      ? 'One machine'
      : `${firstMachines.length === 1 ? 'One machine' : `${firstMachines.length} machines`}: ${nameList(firstMachines)}`;
  if (allMs === null) {
    const waits = 'waits for the stage before it';
    return [
      { id: 'first', title: titleOfFirst, ...first },
      { id: 'all', title: 'All machines', ...waiting(waits) },
      { id: 'day', title: 'A day on all machines', ...waiting(waits) },
    ];
  }
  const all = judge('all', allMs, { blocks, nowMs, endMs: null });
  const day =
    all.state === 'failed'
      ? { ...judged('blocked', 'day', allMs), evidence: 'the stage before it failed' }
      : judge('day', allMs, { blocks, nowMs, endMs: null });
  return [
    { id: 'first', title: titleOfFirst, ...first },
    { id: 'all', title: 'All machines', ...all },
    { id: 'day', title: 'A day on all machines', ...day },
  ];
}

type Judged = Omit<StageView, 'id' | 'title'>;

function judgeFirst({ allMs }: Stretch, firstMs: number, look: Pick<StageFacts, 'blocks' | 'nowMs'>): Judged {
  if (allMs === null) return judge('first', firstMs, { ...look, endMs: null });
  if (allMs <= firstMs) {
    return { ...judged('blocked', 'first', firstMs), evidence: 'left out: all machines came back at once' };
  }
  const seen = judge('first', firstMs, { ...look, endMs: allMs });
  if (seen.state === 'passed' || seen.state === 'failed') return seen;
  const evidence = `not told: all machines followed after ${formatDuration(allMs - firstMs)}`;
  return { ...judged('blocked', 'first', firstMs), evidence };
}

interface Look extends Pick<StageFacts, 'blocks' | 'nowMs'> {
  /** Where the stage was cut short; null where it was not. */
  endMs: number | null;
}

function judge(id: StageId, startMs: number, { blocks, nowMs, endMs }: Look): Judged {
  const dueMs = startMs + LENGTH_MS[id];
  const untilMs = Math.min(nowMs, endMs ?? nowMs);
  const own = blocks.filter(
    (block) => block.startMs >= startMs + WARM_UP_MS && block.startMs + BLOCK_MS <= untilMs,
  );
  const needed = Math.ceil(SEEN_SHARE * Math.floor((LENGTH_MS[id] - WARM_UP_MS) / BLOCK_MS));
  const seen: Seen[] = [];
  let over = 0;
  for (const block of own) {
    const atMs = block.startMs + BLOCK_MS;
    if (block.trouble !== null) return failed(id, startMs, atMs, block.trouble);
    const level = seenOf(block);
    if (level === null) continue;
    seen.push(level);
    over = level.gets > level.limit ? over + 1 : 0;
    if (over >= OVER_BLOCKS) return failed(id, startMs, atMs, `${levelWords(seen)} for 30 min`);
    if (atMs < dueMs || seen.length < needed) continue;
    const last = seen.slice(-LEVEL_BLOCKS);
    if (sum(last, 'gets') > sum(last, 'limit')) return failed(id, startMs, atMs, levelWords(last));
    return { ...judged('passed', id, startMs), decidedMs: atMs, evidence: passedWords(last, own) };
  }
  const evidence = openWords(own, seen, needed, nowMs >= dueMs);
  return { ...judged(nowMs < dueMs ? 'running' : 'blocked', id, startMs), evidence };
}

interface Seen {
  gets: number;
  limit: number;
}

/** A zero is no success: a machine that uses Redis asks it now and then. */
function seenOf({ gets, limit, unseen }: StageBlock): Seen | null {
  return gets === null || gets <= 0 || limit === null || unseen !== null ? null : { gets, limit };
}

function judged(state: StageState, id: StageId, startedMs: number): Judged {
  return { state, startedMs, dueMs: startedMs + LENGTH_MS[id], decidedMs: null, evidence: '' };
}

function waiting(evidence: string): Judged {
  return { state: 'waiting', startedMs: null, dueMs: null, decidedMs: null, evidence };
}

function failed(id: StageId, startMs: number, decidedMs: number, evidence: string): Judged {
  return {
    ...judged('failed', id, startMs),
    decidedMs,
    evidence: `${evidence}, seen at ${formatClock(decidedMs)}`,
  };
}

function sum(seen: readonly Seen[], key: keyof Seen): number {
  return seen.reduce((total, one) => total + one[key], 0);
}

/** `24.0K GETs/h, at most 36.7K/h are allowed`. */
function levelWords(seen: readonly Seen[]): string {
  const mean = (key: keyof Seen) => rateText(sum(seen, key) / seen.length, 'commands', 'h');
  return `${mean('gets').replace('/h', ' GETs/h')}, at most ${mean('limit')} are allowed`;
}

function passedWords(last: readonly Seen[], own: readonly StageBlock[]): string {
  const isTold = own.some(({ limiterTold }) => limiterTold);
  const limiter = isTold ? 'no limiter failed open' : 'whether the limiter failed open is not told';
  return `${levelWords(last)}; no burst of 429s or 5xx, no alert fired, ${limiter}`;
}

function openWords(
  own: readonly StageBlock[],
  seen: readonly Seen[],
  needed: number,
  isDue: boolean,
): string {
  const why = own.findLast(({ unseen }) => unseen !== null)?.unseen ?? whyUnseen(own);
  const counted = `${Math.min(seen.length, needed)} of ${needed} blocks of 5 min seen`;
  const so = seen.length === 0 ? counted : `${counted}, ${levelWords(seen.slice(-LEVEL_BLOCKS))}`;
  const isShort = seen.length < (isDue ? needed : own.length);
  return isShort && why !== null ? `${so}; ${why}` : so;
}

function whyUnseen(own: readonly StageBlock[]): string | null {
  const last = own.findLast((block) => seenOf(block) === null);
  if (last === undefined) return null;
  if (last.gets === null) return 'GETs were not counted';
  if (last.limit === null) return 'nothing tells how many GETs are allowed';
  return 'no GET came, so nothing shows that Redis is used';
}
