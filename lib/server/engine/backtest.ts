import 'server-only';
import type { BacktestView, NamedChart } from '@/lib/core/alerts/alerts-view.ts';
import { RULES } from '@/lib/core/alerts/rules/index.ts';
import type { AlertRuleId } from '@/lib/core/alerts/rules/rule.ts';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { FiringWalk } from '@/lib/core/alerts/walk-firings.ts';
import { type Scope, targetId } from '@/lib/core/model/target.ts';
import { alignDown, alignUp, DAY_MS, MINUTE_MS, SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { readNamedChart } from '../queries/alert-chart.ts';
import type { Runtime } from '../runtime.ts';
import type { FactQuestion } from './facts/fact-reader.ts';
import { PieceFacts } from './facts/piece-facts.ts';
import type { FactPart } from './facts/readers.ts';

/** The engine's own beat, for rules that read what changes from one visit to the next. */
const LOOK_MS = 15 * SECOND_MS;
/** For rules whose detectors look at minutes and longer. A longer step would count as a pause between two looks. */
const LONG_LOOK_MS = MINUTE_MS;
const LONG_PARTS: readonly FactPart[] = ['series', 'limits'];
/** Facts are read day by day in UTC: baselines belong to such days. */
const PIECE_MS = DAY_MS;
const MOST_WALK_MS = 20 * SECOND_MS;
/** Others get their turn after so long. */
const TURN_MS = 25;

export interface BacktestInput {
  scope: Scope;
  rule: AlertRuleId;
  range: TimeRange;
  /** How long it may take, ms. */
  mostMs?: number;
}

/**
 * What a rule would have done over stored history: the same rule, the same book and the same readers as now, look by look.
 * What could not be walked is said in `limit`.
 */
export async function backtest(
  runtime: Runtime,
  { scope, rule, range, mostMs = MOST_WALK_MS }: BacktestInput,
): Promise<BacktestView> {
  const settings = runtime.alerts?.settings ?? DEFAULT_ALERT_SETTINGS;
  const nowMs = runtime.clock.wallMs();
  const kept = keptRange(runtime, range, nowMs);
  const walk = new FiringWalk(rule, settings);
  const { endMs, stepMs } = await walkPieces(runtime, { scope, range: kept, mostMs }, walk);
  const walked = { startMs: kept.startMs, endMs };
  const days = walk.daysOf(walked);
  return {
    rule,
    ...walked,
    stepMs,
    firings: walk.firings,
    days,
    limit: limitOf({ asked: range, kept, walked, mostMs, days }),
    chart: await readChart(runtime, { scope, rule, range: walked, nowMs }, walk),
  };
}

/**
 * Samples are needed: what is older than they are kept is left out. The last look is at this very moment, so that what
 * fires now has fired in the walk as well.
 */
function keptRange({ config }: Runtime, { startMs, endMs }: TimeRange, nowMs: number): TimeRange {
  const oldestMs = nowMs - config.retention.samplesDays * DAY_MS;
  const end = Math.min(endMs, nowMs);
  return { startMs: Math.min(end, alignUp(Math.max(startMs, oldestMs), LOOK_MS)), endMs: end };
}

interface Walked {
  endMs: number;
  stepMs: number;
}

/**
 * Both ends of the range are looked at. Where looks are far apart, a change between two of them is walked again on the
 * engine's own beat, so that it begins when it would have begun. Ends early when it takes too long.
 */
async function walkPieces(
  runtime: Runtime,
  { scope, range, mostMs }: { scope: Scope; range: TimeRange; mostMs: number },
  walk: FiringWalk,
): Promise<Walked> {
  const turns = new Turns(mostMs);
  let seenMs = range.startMs - LOOK_MS;
  let usualMs = LOOK_MS;
  let fineUntilMs = range.startMs;
  while (seenMs < range.endMs) {
    const startMs = seenMs + LOOK_MS;
    const midnightMs = alignDown(startMs, PIECE_MS) + PIECE_MS - LOOK_MS;
    const times = { startMs, endMs: Math.min(midnightMs, range.endMs) };
    const facts = new PieceFacts(question(runtime, scope, times));
    while (seenMs < times.endMs) {
      const stepMs = seenMs < fineUntilMs ? LOOK_MS : usualMs;
      const atMs = Math.min(seenMs + stepMs, times.endMs);
      const look = await facts.judge(atMs, (known) => walk.look(known));
      usualMs = facts.parts.some((part) => LONG_PARTS.includes(part)) ? LONG_LOOK_MS : LOOK_MS;
      if (look.isChange && atMs - seenMs > LOOK_MS) fineUntilMs = atMs;
      else {
        walk.accept(look);
        seenMs = atMs;
      }
      if (turns.isOver()) return { endMs: seenMs, stepMs: usualMs };
      await turns.pass();
    }
  }
  return { endMs: range.endMs, stepMs: usualMs };
}

/** Lets others work in between, and knows when the time is used up. */
class Turns {
  readonly #beganMs = performance.now();
  #turnMs = this.#beganMs;

  constructor(private readonly mostMs: number) {}

  isOver(): boolean {
    return performance.now() - this.#beganMs > this.mostMs;
  }

  async pass(): Promise<void> {
    if (performance.now() - this.#turnMs < TURN_MS) return;
    await new Promise((done) => setImmediate(done));
    this.#turnMs = performance.now();
  }
}

function question(runtime: Runtime, scope: Scope, times: TimeRange): FactQuestion {
  const nowMs = runtime.clock.wallMs();
  const statuses = runtime.config.targets
    .filter(({ app, environment }) => app === scope.app && environment === scope.environment)
    .flatMap((target) => runtime.poller.status(targetId(target), nowMs) ?? []);
  return { deps: runtime, scope, statuses, times, isPast: true };
}

interface Limits {
  asked: TimeRange;
  kept: TimeRange;
  walked: TimeRange;
  mostMs: number;
  days: BacktestView['days'];
}

function limitOf({ asked, kept, walked, mostMs, days }: Limits): string | null {
  const said: string[] = [];
  if (kept.startMs - asked.startMs > LOOK_MS)
    said.push(`samples older than ${formatStamp(kept.startMs)} are not kept`);
  if (walked.endMs < kept.endMs)
    said.push(
      `it took longer than ${Math.round(mostMs / SECOND_MS)} s, so the time after ${formatStamp(walked.endMs)} was not walked`,
    );
  const unknown = days.filter(({ isKnown }) => !isKnown).length;
  if (unknown > 0)
    said.push(
      unknown === days.length
        ? 'nothing that this rule reads is known of these days'
        : `nothing that this rule reads is known of ${unknown} of the ${days.length} days`,
    );
  const [first] = said;
  return first === undefined ? null : `${first[0]?.toUpperCase()}${said.join('; ').slice(1)}.`;
}

async function readChart(
  runtime: Runtime,
  { scope, rule, range, nowMs }: { scope: Scope; rule: AlertRuleId; range: TimeRange; nowMs: number },
  { firings }: FiringWalk,
): Promise<NamedChart | null> {
  // Rules that watch many things show the one that fired first.
  const subject = firings[0]?.alertId.slice(rule.length + 1) ?? '';
  const name = RULES[rule].chart(subject);
  if (name === null || range.endMs <= range.startMs) return null;
  return readNamedChart(runtime, scope, name, subject, range, nowMs);
}
