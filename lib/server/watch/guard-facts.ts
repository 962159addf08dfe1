import 'server-only';
import { metricNeeded } from '@/lib/core/deploys/app-needs.ts';
import type { Deploy, HeldClaim } from '@/lib/core/model/deploy.ts';
import { alignDown, BLOCK_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { GuardFacts, Guards, LaterDeploy, ModeFact, SourceGap } from '@/lib/core/watch/guard-types.ts';
import { spansOf } from '@/lib/core/watch/guards.ts';
import { ownWindow } from '@/lib/core/watch/own-switch.ts';
import { measuredBlocks, stepNear, stepSeries } from '@/lib/core/watch/step-near.ts';
import { sameSubject, subjectOf } from '@/lib/core/watch/subject.ts';
import type { ShelfRow } from '../deploys/deploy-shelf.ts';
import { namesRelease, sameRelease } from '../deploys/release-name.ts';
import { readGaps } from '../queries/gaps.ts';
import { remember } from '../queries/remember.ts';
import type { Runtime } from '../runtime.ts';
import { readLimiter } from './limiter-blocks.ts';
import { type MachineTales, readMachineTales, runsUpTo } from './machine-runs.ts';
import { type ClaimNumbers, cutBlocks, readRequestBlocks } from './numbers.ts';

/** Settle time after the last machine. */
export const SETTLE_MS = 5 * MINUTE_MS;
/** Days that tell what traffic is usual. */
const TRAFFIC_DAYS = 14;
const MEMORY = { name: 'watch-guards', most: 64 };

/** When a look was made: everything later is left out, so that a look of the past gives what it gave then. */
export interface GuardLook {
  asOfMs: number;
  /** End of the settle time; 5 min after the last machine where it is not given, null while the deploy rolls. */
  settledMs?: number | null;
  /** Up to when everything may be read at once, for looks that are made one after the other; `asOfMs` unless said. */
  untilMs?: number;
}

/** What keeps one claim from being told, from what was stored up to `asOfMs`. */
export async function readGuards(
  runtime: Runtime,
  deploy: Deploy,
  claim: HeldClaim,
  numbers: ClaimNumbers,
  look: GuardLook,
): Promise<Guards> {
  const asOfMs = alignDown(look.asOfMs, BLOCK_MS);
  const { endMs, kind, release, rolled, startMs } = deploy;
  const settledMs = look.settledMs === undefined ? settledOf(deploy) : look.settledMs;
  const untilMs = alignDown(Math.max(asOfMs, look.untilMs ?? asOfMs), BLOCK_MS);
  const shared = cutShared(await readShared(runtime, deploy, untilMs), {
    midMs: numbers.midMs,
    settledMs,
    asOfMs,
  });
  const blocks = cutBlocks(numbers.blocks, numbers.midMs, asOfMs);
  const measured = measuredBlocks(blocks);
  const isAlone = shared.later.every(({ isSame }) => isSame);
  const series = settledMs === null || isAlone ? null : stepSeries({ ...numbers, blocks }, settledMs);
  const { followsTraffic } = subjectOf(claim);
  return spansOf({
    subject: subjectOf(claim),
    ...{ originMs: startMs, midMs: numbers.midMs, settledMs, asOfMs, release, kind, endMs, rolled },
    modes: shared.modes,
    later: shared.later.map(({ claims, ...one }) => ({
      ...one,
      claimsSame: claims.some((other) => sameSubject(claim, other)),
      step: stepNear(series, one.startMs),
    })),
    machines: shared.machines,
    measured,
    gaps: await readSourceGaps(runtime, numbers, measured, asOfMs),
    requests: followsTraffic ? shared.requests : null,
    limiter: shared.limiter,
    uncovered: numbers.uncovered,
    part: metricNeeded(claim)?.metric ?? null,
  });
}

/** End of the settle time of a deploy, ms; null while it rolls. */
export function settledOf({ endMs }: Pick<Deploy, 'endMs'>): number | null {
  return endMs === null ? null : endMs + SETTLE_MS;
}

/** What all claims of a deploy share. */
export interface SharedFacts extends Pick<GuardFacts, 'modes' | 'requests' | 'limiter'> {
  tales: MachineTales | null;
  later: readonly (Omit<LaterDeploy, 'claimsSame' | 'step'> & { claims: readonly HeldClaim[] })[];
}

/** The same as it was known at one look. */
export function cutShared(
  { tales, modes, later, requests, limiter }: SharedFacts,
  { midMs, settledMs, asOfMs }: Pick<GuardFacts, 'midMs' | 'settledMs' | 'asOfMs'>,
): Omit<SharedFacts, 'tales'> & Pick<GuardFacts, 'machines'> {
  const length = Math.max(0, Math.floor((asOfMs - midMs) / BLOCK_MS));
  const machines = tales === null ? [] : runsUpTo(tales, settledMs, asOfMs);
  return {
    modes: modes?.filter(({ atMs }) => atMs <= asOfMs) ?? null,
    later: later.filter(({ startMs }) => startMs <= asOfMs),
    machines: machines.length === 0 ? null : machines,
    requests: requests && { before: requests.before, after: requests.after.slice(0, length) },
    limiter: limiter && { ...limiter, after: limiter.after.slice(0, length) },
  };
}

/** Read once for all claims of a deploy, and for all looks up to `untilMs`. */
export function readShared(runtime: Runtime, deploy: Deploy, untilMs: number): Promise<SharedFacts> {
  const { id, startMs, endMs, kind, release, aliases } = deploy;
  const key = JSON.stringify([
    id,
    startMs,
    endMs,
    kind,
    release,
    aliases,
    untilMs,
    lastDeploy(runtime, deploy),
  ]);
  return remember(runtime, MEMORY, key, MINUTE_MS, async () => {
    const later = await readLater(runtime, deploy, untilMs);
    const range = { startMs: alignDown(startMs, BLOCK_MS), endMs: untilMs };
    const isEmpty = range.endMs <= range.startMs;
    const names = {
      own: [release, ...(aliases ?? [])],
      later: later.map((one) => one.release).filter(namesRelease),
    };
    const [tales, requests, limiter] = await Promise.all([
      readMachineTales(runtime, deploy, names, untilMs),
      readRequestBlocks(runtime, deploy, { originMs: startMs, days: TRAFFIC_DAYS, untilMs }),
      isEmpty ? null : readLimiter(runtime, deploy, range),
    ]);
    return { later, tales, requests, limiter, modes: readModes(runtime, deploy, later, untilMs) };
  });
}

/** Deploys that are told or noticed meanwhile make what was read old. */
function lastDeploy(runtime: Runtime, deploy: Deploy): unknown {
  const rows = runtime.deploys?.listNow(deploy) ?? [];
  return rows
    .filter(({ startMs }) => startMs > deploy.startMs)
    .map(({ id, release, startMs, endMs, kind, claims }) => [id, release, startMs, endMs, kind, claims.all]);
}

async function readLater(runtime: Runtime, deploy: Deploy, asOfMs: number): Promise<SharedFacts['later']> {
  const rows = (await runtime.deploys?.list(deploy)) ?? [];
  const later = rows.filter(
    ({ id, startMs }) => id !== deploy.id && startMs > deploy.startMs && startMs <= asOfMs,
  );
  return Promise.all(
    later.map(async (row) => {
      const full = row.claims.all === 0 ? null : await runtime.deploys?.get(row.id);
      const { id: deployId, release, kind, startMs } = row;
      return {
        ...{ deployId, release, kind, startMs },
        isSame: isSameDeploy(deploy, row),
        claims: (full?.claims ?? []).filter(({ standing }) => standing !== 'removed'),
      };
    }),
  );
}

/** The same release again, or a sign of it that was noticed apart: a setting, or the switch that it threw. */
function isSameDeploy(deploy: Deploy, row: ShelfRow): boolean {
  const names = [deploy.release, ...(deploy.aliases ?? [])];
  if (names.some((name) => sameRelease(name, row.release))) return true;
  const isSign = row.sign !== null && row.claims.all === 0 && !namesRelease(row.release);
  return isSign && row.startMs <= ownWindow({ originMs: deploy.startMs, endMs: deploy.endMs }).endMs;
}

/**
 * Modes as they were seen, and before the first of them what deploys were told to do: a suspension that somebody wrote down
 * was one, also where nobody looked yet.
 */
function readModes(
  runtime: Runtime,
  deploy: Deploy,
  later: SharedFacts['later'],
  untilMs: number,
): ModeFact[] | null {
  const { startMs } = ownWindow({ originMs: deploy.startMs, endMs: deploy.endMs });
  const seen = runtime.modes?.history(deploy, { startMs, endMs: untilMs + 1 }) ?? [];
  const firstMs = seen[0]?.atMs ?? untilMs;
  const told = [deploy, ...later].flatMap(({ kind, startMs: atMs }) =>
    atMs < firstMs && (kind === 'suspend' || kind === 'resume')
      ? [
          {
            atMs,
            mode: kind === 'suspend' ? ('suspended_by_us' as const) : ('active' as const),
            machines: {},
          },
        ]
      : [],
  );
  if (runtime.modes === undefined && told.length === 0) return null;
  return [...told.toSorted((a, b) => a.atMs - b.atMs), ...seen].map(({ atMs, mode, machines }) => ({
    ...{ atMs, mode, machines },
    by: causeOf(deploy, later, atMs),
  }));
}

/** The later deploy in whose own time a mode changed; the nearest one, and none where the watched deploy is nearer. */
function causeOf(deploy: Deploy, later: SharedFacts['later'], atMs: number): ModeFact['by'] {
  let cause: SharedFacts['later'][number] | null = null;
  for (const one of later) {
    if (one.isSame) continue;
    const own = ownWindow({ originMs: one.startMs, endMs: null });
    if (atMs < own.startMs || atMs > own.endMs) continue;
    if (cause === null || Math.abs(one.startMs - atMs) < Math.abs(cause.startMs - atMs)) cause = one;
  }
  if (cause === null) return null;
  const own = ownWindow({ originMs: deploy.startMs, endMs: deploy.endMs });
  const isOwn = atMs <= own.endMs && Math.abs(deploy.startMs - atMs) < Math.abs(cause.startMs - atMs);
  const { deployId, release, kind, startMs } = cause;
  return isOwn ? null : { deployId, release, kind, startMs };
}

/** Silences of the claim's own sources; asked for only where blocks are missing. */
async function readSourceGaps(
  runtime: Runtime,
  { targetIds, midMs }: ClaimNumbers,
  measured: readonly boolean[],
  asOfMs: number,
): Promise<SourceGap[]> {
  if (!measured.some((known, i) => !known && measured[i + 1] === false)) return [];
  const range: TimeRange = { startMs: midMs, endMs: asOfMs };
  const gaps = await readGaps(runtime, targetIds, range, BLOCK_MS, asOfMs);
  return gaps.map(({ targetId, startMs, endMs, reason }) => ({
    source: targetId.split('/').at(-1) ?? targetId,
    ...{ startMs, endMs, reason },
  }));
}
