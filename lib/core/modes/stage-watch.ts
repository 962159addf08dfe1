import type { AlertEvent } from '../alerts/alert-book.ts';
import type { AlertRuleId } from '../alerts/rules/rule.ts';
import { BLOCK_MS, type TimeRange } from '../time/range.ts';
import { requestsText } from '../watch/check-limiter.ts';
import type { ModeChange } from './mode-book.ts';
import type { StageBlock } from './stages.ts';

/** Rules that speak of harm which Redis can bring; others say what is known anyway: mixed modes, two releases. */
const COUNTED: ReadonlySet<string> = new Set<AlertRuleId>([
  'redis_suspended',
  'redis_unaccounted',
  'http_429',
  'server_errors',
  'regression',
  'relapse',
  'limiter_open',
  'breaker_open',
  'machine_unhealthy',
  'restart_storm',
  'pool',
]);

/** An alert from when it fired until it stopped; `endMs` null while it fires. */
export interface FiringSpan {
  title: string;
  startMs: number;
  endMs: number | null;
}

/** What is watched beside the level of GETs. */
export interface StageWatch {
  /** Bursts of 429s and 5xx, at the end of the block in which each was whole. */
  bursts: readonly { endMs: number; what: string }[];
  /** Starts of the blocks in which responses of all machines were counted: in others a burst would not show. */
  counted: ReadonlySet<number>;
  /** Why bursts could not be looked for at all; null where they could. */
  burstsUnseen: string | null;
  firing: readonly FiringSpan[];
}

interface BlockFacts extends StageWatch {
  atMs: number;
  /** Requests that passed unasked; null where no limiter was counted. */
  limiter: number | null;
  /** Requests of the machines that use Redis; null where they were not counted. */
  requests: number | null;
}

/** What went wrong in one block, and what of it was not seen. */
export function troubleAt(facts: BlockFacts): Pick<StageBlock, 'trouble' | 'unseen' | 'limiterTold'> {
  const { atMs, limiter, bursts, firing } = facts;
  const endMs = atMs + BLOCK_MS;
  const burst = bursts.find((one) => one.endMs === endMs);
  const fired = firing.find(({ startMs }) => startMs >= atMs && startMs < endMs);
  const trouble =
    limiter !== null && limiter > 0
      ? `${requestsText(limiter)} passed because the limiter could not ask`
      : (burst?.what ?? (fired === undefined ? null : `alert: ${fired.title}`));
  return { trouble, unseen: unseenAt(facts), limiterTold: limiter !== null };
}

function unseenAt({ atMs, requests, counted, burstsUnseen, firing }: BlockFacts): string | null {
  if (requests === null) return 'responses were not counted';
  if (burstsUnseen !== null) return burstsUnseen;
  if (!counted.has(atMs)) return 'responses of a machine were not counted';
  const old = firing.find(({ startMs, endMs }) => startMs < atMs && (endMs === null || endMs > atMs));
  return old === undefined ? null : `an alert from before fires on: ${old.title}`;
}

/** When the alerts that count here fired, from what happened to them, oldest first. */
export function firingSpans(events: readonly AlertEvent[]): FiringSpan[] {
  const spans: FiringSpan[] = [];
  const open = new Map<string, FiringSpan>();
  for (const { id, title, what, atMs } of events) {
    if (!COUNTED.has(id.split(':')[0] ?? id)) continue;
    const known = open.get(id);
    if (what === 'firing' && known === undefined) {
      const span = { title, startMs: atMs, endMs: null };
      spans.push(span);
      open.set(id, span);
    }
    const isOver = what === 'recovering' || what === 'resolved' || what === 'retired';
    if (isOver && known !== undefined) {
      known.endMs = atMs;
      open.delete(id);
    }
  }
  return spans;
}

/** Machines that used Redis during all of a stretch, by name. */
export function usersIn(changes: readonly ModeChange[], { startMs, endMs }: TimeRange): string[] {
  const before = changes.findLast(({ atMs }) => atMs <= startMs);
  const inside = changes.filter(({ atMs }) => atMs > startMs && atMs < endMs);
  if (before === undefined) return [];
  return Object.entries(before.machines)
    .filter(
      ([name, mode]) => mode === 'active' && inside.every(({ machines }) => machines[name] === 'active'),
    )
    .map(([name]) => name);
}
