import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import { reconcile, type SideCount } from '@/lib/core/reconcile/reconcile.ts';
import { sharedWindow } from '@/lib/core/reconcile/shared-window.ts';
import type { ReconcileSideView, ReconcileView } from '@/lib/core/reconcile/view.ts';
import { reconcileSentence, reconcileWindow } from '@/lib/core/reconcile/words.ts';
import { alignDown, alignUp, BLOCK_MS, HOUR_MS, STEPS_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { exactRateText } from '@/lib/core/units/format-rate.ts';
import type { Runtime } from '../runtime.ts';
import { MOST_FINE_SERIES, machineCounters } from './commands.ts';
import { finestStepMs, gridOf } from './grid.ts';
import { readGroups } from './groups.ts';
import { type Fleet, machinesText, readFleet, type Teller } from './reconcile-fleet.ts';
import { findSeen, type LeftOut, readSeen, type Seen } from './reconcile-seen.ts';

/** A rate of longer ago says little of now: of a longer range its last hour is compared. */
const MOST_MS = HOUR_MS;
const FINE_MS = 15_000;
/** Silent for more visits than this beyond its lag, a side is missing. */
const MISSED_VISITS = 3;

/**
 * The same commands as the provider, Redis itself and the machines counted them, over the stretch that all of them
 * cover, with what cannot be put down to a machine. `nowMs`: what is missing then is missing.
 */
export async function readReconciliation(
  runtime: Runtime,
  scope: Scope,
  shown: TimeRange,
  nowMs: number,
): Promise<ReconcileView> {
  const asked = {
    startMs: Math.max(shown.startMs, shown.endMs - MOST_MS),
    endMs: Math.min(shown.endMs, nowMs),
  };
  const stepMs =
    STEPS_MS.find(
      (step) => step >= Math.max(FINE_MS, finestStepMs(runtime.config.retention, asked.startMs, nowMs)),
    ) ?? FINE_MS;
  const { targetIds, series } = machineCounters(runtime, scope, 'app_redis_commands_total');
  const [fleet, told, redis] = await Promise.all([
    readFleet(runtime, scope, targetIds, asked),
    findSeen(runtime, scope, 'provider', asked),
    findSeen(runtime, scope, 'redis', asked),
  ]);
  const share = (sides: readonly { teller: Teller | null }[]) =>
    sharedWindow({
      asked,
      reaches: sides.flatMap(({ teller }) => presentTeller(teller, asked)?.reach ?? []),
      changes: fleet.changes,
      stepMs,
    });
  const all = share([told, redis, fleet]);
  // A provider tells seldom and late: until it has told twice, Redis and the machines are compared without it.
  const provider: Seen =
    all === null && redis.teller !== null && told.teller !== null
      ? { ...told, teller: null, missing: TOO_SELDOM }
      : told;
  const shared = all ?? share([provider, redis, fleet]);
  const range = shared !== null && series > MOST_FINE_SERIES ? fromBlock(shared) : shared;
  const [sent, atProvider, atRedis] =
    range === null
      ? [null, null, null]
      : await Promise.all([
          presentTeller(fleet.teller, asked) === null ? null : readSent(runtime, fleet, range, stepMs),
          readSeenSide(runtime, scope, provider, fleet.commands, asked, range, stepMs),
          readSeenSide(runtime, scope, redis, fleet.commands, asked, range, stepMs),
        ]);
  const seen = atProvider ?? atRedis;
  const found = reconcile(seen?.count ?? null, sent?.count ?? null, range ?? asked);
  const sentence =
    range === null
      ? 'The sources share no closed stretch of this time yet: each needs two visits in it.'
      : reconcileSentence({
          ...found,
          seenName: seen === null ? null : (atProvider === null ? redis : provider).name,
          seenPerSecond: seen?.count.perSecond ?? null,
          machinesPerSecond: sent?.count.perSecond ?? null,
          machines: sent?.machines ?? 0,
        });
  return {
    range,
    sides: [
      sideView('provider', provider, atProvider?.count ?? null, asked),
      sideView('redis', redis, atRedis?.count ?? null, asked),
      sideView(
        'machines',
        sent === null ? fleet : { ...fleet, name: machinesText(sent.machines) },
        sent?.count ?? null,
        asked,
      ),
    ],
    ...found,
    sentence,
    notes: [
      ...betweenNote(provider, atProvider?.count ?? null, redis, atRedis?.count ?? null, range),
      ...leftOutNote(seen?.leftOut ?? null, atProvider === null ? redis.name : provider.name),
      ...(range === null ? [] : await silentNotes(runtime, fleet, sent?.quiet ?? [], asked, stepMs)),
    ],
  };
}

const TOO_SELDOM = 'Fewer than two visits in this time so far.';

function isLost({ lastOkMs, reach }: Teller, { endMs }: TimeRange): boolean {
  return lastOkMs === null || endMs - lastOkMs > MISSED_VISITS * reach.spanMs;
}

function presentTeller(teller: Teller | null, asked: TimeRange): Teller | null {
  return teller === null || isLost(teller, asked) ? null : teller;
}

async function readSeenSide(
  runtime: Runtime,
  scope: Scope,
  side: Seen,
  commands: ReadonlySet<string>,
  asked: TimeRange,
  range: TimeRange,
  stepMs: number,
): Promise<{ count: SideCount; leftOut: LeftOut | null } | null> {
  if (presentTeller(side.teller, asked) === null) return null;
  return readSeen(runtime, scope, side, commands, range, stepMs);
}

interface Sent {
  count: SideCount;
  /** Machines in the sum. */
  machines: number;
  /** Those that answer without a count in the stretch. */
  quiet: readonly string[];
}

/** What the machines that answer sent. Whole blocks as blocks: of hundreds of machines single samples cost too much. */
async function readSent(
  runtime: Runtime,
  fleet: Fleet,
  range: TimeRange,
  stepMs: number,
): Promise<Sent | null> {
  const present = new Set(fleet.present);
  const totals = new Map<string, { increase: number; coveredMs: number }>();
  for (const part of splitRange(range, stepMs)) {
    const grid = gridOf(part.range, part.stepMs);
    const { groups, owners } = await readGroups(
      runtime,
      { metric: 'app_redis_commands_total', targetIds: fleet.targetIds, keyOf: () => 'all' },
      grid,
    );
    const windowMs = grid.starts.length * part.stepMs;
    for (const [name, share] of owners) {
      if (!present.has(name)) continue;
      const total = totals.get(name) ?? { increase: 0, coveredMs: 0 };
      total.increase += groups.get('all')?.byOwner.get(name)?.increase ?? 0;
      total.coveredMs += share * windowMs;
      totals.set(name, total);
    }
  }
  const counted = [...totals].filter(([, { coveredMs }]) => coveredMs > 0);
  if (counted.length === 0) return null;
  const names = new Set(counted.map(([name]) => name));
  const rates = counted.map(([, { increase, coveredMs }]) => (increase * 1_000) / coveredMs);
  const coveredMs = counted.reduce((all, [, one]) => all + one.coveredMs, 0);
  return {
    count: {
      perSecond: rates.reduce((all, one) => all + one, 0),
      coveredShare: Math.min(1, coveredMs / ((range.endMs - range.startMs) * counted.length)),
      quality: 'measured',
      spanMs: fleet.teller?.reach.spanMs ?? stepMs,
      lagJitterMs: 0,
      ownPerSecond: 0,
    },
    machines: counted.length,
    // They answer and once counted; a process that has sent nothing since its start may show no counter at all.
    quiet: fleet.present.filter((name) => !names.has(name)),
  };
}

/** The stretch from its first whole block on, where it is long enough to do without the minutes before. */
function fromBlock(range: TimeRange): TimeRange {
  const startMs = alignUp(range.startMs, BLOCK_MS);
  return range.endMs - startMs >= BLOCK_MS ? { ...range, startMs } : range;
}

/** The stretch in parts: fine to the first block edge, then blocks, then fine again. */
export function splitRange(range: TimeRange, stepMs: number): { range: TimeRange; stepMs: number }[] {
  const { startMs, endMs } = range;
  const from = alignUp(startMs, BLOCK_MS);
  const until = alignDown(endMs, BLOCK_MS);
  if (stepMs >= BLOCK_MS || until <= from) return [{ range, stepMs }];
  return [
    { range: { startMs, endMs: from }, stepMs },
    { range: { startMs: from, endMs: until }, stepMs: BLOCK_MS },
    { range: { startMs: until, endMs }, stepMs },
  ].filter(({ range: { startMs: a, endMs: b } }) => b > a);
}

function sideView(
  key: ReconcileSideView['key'],
  side: { name: string; teller: Teller | null; missing: string },
  count: SideCount | null,
  asked: TimeRange,
): ReconcileSideView {
  const { name, teller, missing } = side;
  const lostAt = teller !== null && isLost(teller, asked) ? teller.lastOkMs : null;
  return {
    key,
    name,
    perSecond: count?.perSecond ?? null,
    coveredShare: count?.coveredShare ?? 0,
    quality: count?.quality ?? 'unavailable',
    lagMs: teller?.lagMs ?? 0,
    intervalMs: teller?.reach.spanMs ?? null,
    missing:
      count !== null
        ? null
        : lostAt !== null
          ? `Last told at ${formatClock(lostAt, 'minutes')}, too long ago to compare.`
          : teller === null
            ? missing
            : 'No count in the stretch that is compared.',
  };
}

/** Where the provider and Redis itself do not agree, that is said first: then one of them is wrong. */
function betweenNote(
  provider: Seen,
  atProvider: SideCount | null,
  redis: Seen,
  atRedis: SideCount | null,
  range: TimeRange | null,
): string[] {
  if (atProvider === null || atRedis === null || range === null) return [];
  const { verdict, remainderPerSecond } = reconcile(atProvider, atRedis, range);
  if (verdict === 'agree' || remainderPerSecond === null) return [];
  const more = remainderPerSecond > 0 ? provider.name : redis.name;
  const less = remainderPerSecond > 0 ? redis.name : provider.name;
  const by = exactRateText(Math.abs(remainderPerSecond), reconcileWindow(atProvider.perSecond));
  return [
    `${more} counts ${by} more than ${less}: not the same database, or one of them leaves commands out.`,
  ];
}

const NAMED = 3;

function leftOutNote(leftOut: LeftOut | null, name: string): string[] {
  if (leftOut === null || leftOut.commands.length === 0 || leftOut.perSecond <= 0) return [];
  const { commands, perSecond } = leftOut;
  const named = commands.slice(0, NAMED).join(', ');
  const rest = commands.length > NAMED ? ` and ${commands.length - NAMED} more` : '';
  const rate = exactRateText(perSecond, reconcileWindow(perSecond));
  return [
    `Not compared: ${named}${rest}, ${rate} in all. ${name} sees them, your machines do not count them.`,
  ];
}

/** Machines that are not in the sum: what they send is in the remainder. */
async function silentNotes(
  runtime: Runtime,
  fleet: Fleet,
  quiet: readonly string[],
  asked: TimeRange,
  stepMs: number,
): Promise<string[]> {
  const notes: string[] = [];
  if (fleet.silent.length > 0) {
    const { groups } = await readGroups(
      runtime,
      { metric: 'app_redis_commands_total', targetIds: fleet.silentIds, keyOf: () => 'all' },
      gridOf(asked, Math.max(stepMs, Math.min(BLOCK_MS, (asked.endMs - asked.startMs) / 4))),
    );
    const perSecond = groups.get('all')?.perSecond ?? null;
    const last =
      perSecond === null
        ? ''
        : ` It last sent ${exactRateText(perSecond, reconcileWindow(perSecond))} in all.`;
    notes.push(
      `${nameSome(fleet.silent)} ${fleet.silent.length === 1 ? 'does' : 'do'} not answer: what still runs there counts as somewhere else.${last.replace('It', fleet.silent.length === 1 ? 'It' : 'They')}`,
    );
  }
  if (quiet.length > 0) {
    notes.push(
      `${nameSome(quiet)} ${quiet.length === 1 ? 'answers and shows' : 'answer and show'} no count of Redis commands now: none sent since the start, or Redis is suspended there.`,
    );
  }
  if (fleet.uncounted.length > 0) {
    notes.push(
      `${nameSome(fleet.uncounted)} ${fleet.uncounted.length === 1 ? 'answers and does' : 'answer and do'} not count Redis commands: export app_redis_commands_total there too.`,
    );
  }
  return notes;
}

function nameSome(names: readonly string[]): string {
  const named = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${named} and ${names.length - NAMED} more` : named;
}
