import type { CheckState } from '../model/check.ts';
import type { Deploy } from '../model/deploy.ts';
import type { WatchCheck } from '../model/verdict.ts';
import { WATCH_STOPS_MS, type WatchStopView } from '../model/watch.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { earlyCheck, finalCheck, stageCheck, standingCheck } from './check-claims.ts';
import { limitedCheck } from './check-limited.ts';
import { limiterCheck } from './check-limiter.ts';
import { machinesCheck, switchLooked } from './check-machines.ts';
import { modeCheck } from './check-mode.ts';
import { isSeen, summaryChecks } from './check-summary.ts';
import type { CheckFacts, CheckFound } from './check-types.ts';
import { ownSwitch } from './own-switch.ts';

export type { CheckedClaim, CheckFacts } from './check-types.ts';

/** One line of the product's own list. */
interface OwnCheck {
  id: string;
  title: string;
  dueMs: number;
  /** Null where there is nothing of the kind to look at: the line is left out. */
  look: (facts: CheckFacts, atMs: number) => CheckFound | null;
  /** True for a look at one moment: what was seen then stays, whatever comes later. */
  atOnce?: boolean;
}

/**
 * The checklist of a watch: the product's own looks, then those that the summary asks for, each with what was seen. What
 * people have signed stays, also when the summary does not ask for it any more. The same facts give the same list.
 */
export function buildChecks(
  deploy: Pick<Deploy, 'document'>,
  facts: CheckFacts,
  kept: readonly WatchCheck[] = [],
): WatchCheck[] {
  const lengthMs = facts.watchEndMs - facts.originMs;
  const own = ownChecks(facts, lengthMs).flatMap(({ id, title, dueMs, look, atOnce }): WatchCheck[] => {
    const seen = kept.find((check) => check.id === id && check.automatic && isSeen(check));
    if (atOnce === true && seen !== undefined) return [{ ...seen, title, dueMs, signed: null }];
    const found = look(facts, facts.originMs + dueMs);
    return found === null ? [] : [{ id, title, dueMs, automatic: true, signed: null, ...found }];
  });
  const asked = summaryChecks(deploy.document?.checks ?? [], facts, kept);
  return withSignatures([...own, ...asked], kept);
}

function ownChecks(facts: CheckFacts, lengthMs: number): OwnCheck[] {
  const switching = ownSwitch(facts);
  const machines = {
    on: 'Redis is in use on all machines',
    off: 'Redis is suspended on all machines',
    none: `All machines run ${facts.release}`,
  }[switchLooked(facts) ?? 'none'];
  const meant = switching === 'off' ? 'Redis stays suspended' : 'Redis stays in use';
  const mode = (name: string, fromMs: number, dueMs: number): OwnCheck => ({
    id: `mode-${name}`,
    title: meant,
    dueMs,
    look: (asked, atMs) => modeCheck(asked, asked.originMs + fromMs, atMs),
  });
  const standing = (name: string, dueMs: number): OwnCheck => ({
    id: `claims-${name}`,
    title: 'Claims are on track',
    dueMs,
    look: standingCheck,
    atOnce: true,
  });
  const limited = (name: string, dueMs: number): OwnCheck => ({
    id: `429-${name}`,
    title: 'No burst of 429s',
    dueMs,
    look: limitedCheck,
  });
  const enforces = (name: string, dueMs: number): OwnCheck => ({
    id: `limiter-${name}`,
    title: 'The limiter still enforces',
    dueMs,
    look: (asked, atMs) => (asked.limiter === null ? null : limiterCheck(asked, atMs)),
  });
  const before: OwnCheck[] = [
    { id: 'machines', title: machines, dueMs: 5 * MINUTE_MS, look: machinesCheck },
    {
      id: 'early',
      title: 'Claims begin to move as promised',
      dueMs: 15 * MINUTE_MS,
      look: earlyCheck,
      atOnce: true,
    },
    limited('15m', 15 * MINUTE_MS),
    {
      id: 'stage',
      title: '30 min without an alarm',
      dueMs: 30 * MINUTE_MS,
      look: stageCheck,
      atOnce: true,
    },
    standing('1h', HOUR_MS),
    limited('1h', HOUR_MS),
    mode('1h', 0, HOUR_MS),
    standing('6h', 6 * HOUR_MS),
    enforces('6h', 6 * HOUR_MS),
    mode('6h', HOUR_MS, 6 * HOUR_MS),
    standing('12h', 12 * HOUR_MS),
    mode('12h', 6 * HOUR_MS, 12 * HOUR_MS),
  ];
  const last = [HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS].filter((ms) => ms < lengthMs).at(-1) ?? 0;
  return [
    ...before.filter(({ dueMs }) => dueMs < lengthMs),
    { id: 'final', title: 'Every claim has its final verdict', dueMs: lengthMs, look: finalCheck },
    limited('end', lengthMs),
    enforces('end', lengthMs),
    mode('end', last, lengthMs),
  ];
}

/** What a person signed goes with its line, by its words where its number has moved; never lost. */
function withSignatures(checks: readonly WatchCheck[], kept: readonly WatchCheck[]): WatchCheck[] {
  const left = kept.filter(({ signed }) => signed !== null);
  const merged = checks.map((check) => {
    const at = left.findIndex(({ title, automatic }) => title === check.title && !automatic);
    const [known] = at === -1 ? [] : left.splice(at, 1);
    if (known === undefined) return check;
    const { signed, evidence } = known;
    // What the product looks at now keeps its own state; the signature stands beside it.
    if (check.automatic) return { ...check, signed };
    return { ...check, signed, evidence, state: 'done' as const, block: null, provisional: false };
  });
  const ids = new Set(merged.map(({ id }) => id));
  const orphans = left.map((check) => (ids.has(check.id) ? { ...check, id: `kept-${check.id}` } : check));
  return [...merged, ...orphans];
}

/** Worst first. */
const ORDER: readonly CheckState[] = ['failing', 'blocked', 'waiting', 'passing', 'done'];

/**
 * The looks of the rail, each as bad as the worst of what is due then: the product's own checks, and of the summary those
 * that it can look at. What waits for a person is no reason for a look to wait.
 */
export function stopsOf(checks: readonly WatchCheck[]): WatchStopView[] {
  const own = checks.filter(({ automatic }) => automatic);
  const lastMs = Math.max(...(own.length === 0 ? WATCH_STOPS_MS : own.map(({ dueMs }) => dueMs)));
  return WATCH_STOPS_MS.flatMap((offsetMs, i) => {
    const sinceMs = WATCH_STOPS_MS[i - 1] ?? 0;
    // A shorter watch ends with the stop that its last check belongs to.
    if (sinceMs >= lastMs) return [];
    const isLast = offsetMs === DAY_MS;
    const due = own.filter(({ dueMs }) => dueMs > sinceMs && (dueMs <= offsetMs || isLast));
    const [worst] = due.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    return worst === undefined
      ? [{ offsetMs, state: 'waiting' as const, block: null, provisional: false }]
      : [{ offsetMs, state: worst.state, block: worst.block, provisional: worst.provisional }];
  });
}
