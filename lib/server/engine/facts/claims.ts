import 'server-only';
import type { ClaimFact, WatchedSeries } from '@/lib/core/alerts/facts/series.ts';
import type { ClaimedLevel } from '@/lib/core/detect/stall.ts';
import type { ClaimState } from '@/lib/core/model/claim.ts';
import type { Deploy, HeldClaim } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import { DAY_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { targetOf } from '@/lib/core/watch/claim-target.ts';
import { remember } from '../../queries/remember.ts';
import { confirmedClaims } from '../../watch/evaluate.ts';
import type { FactDeps, FactReader } from './fact-reader.ts';
import { seriesOfClaim } from './series-watched.ts';

/** A claim that counts, as it stood at a time, with what it promises of the level. */
export interface ClaimStanding extends ClaimFact {
  startMs: number;
  endMs: number;
  /** What is left of the usual level if it is kept; null where it promises no fall. */
  claimed: ClaimedLevel | null;
}

/** Deploys of so long ago may have moved what is usual. */
const REACH_MS = 15 * DAY_MS;
const MEMORY = { name: 'alert-claims', most: 64 };
/** A watch that is over does not change any more. */
const LIFE_MS = { open: 5 * MINUTE_MS, closed: DAY_MS };

/** Claims of watches that run, as they stand. */
export const readClaimFacts: FactReader<readonly ClaimFact[]> = async (question) => {
  const standingAt = await readStandings(question);
  return (atMs) =>
    standingAt(atMs)
      .filter(({ startMs, endMs }) => atMs >= startMs && atMs < endMs)
      .map(({ startMs: _, endMs: __, claimed: ___, ...fact }) => fact);
};

/** The same, and those of watches that are over, for all deploys that may have moved what is usual. */
export const readStandings: FactReader<readonly ClaimStanding[]> = async ({ deps, scope, times, isPast }) => {
  const { deploys, watches } = deps;
  if (deploys === undefined || watches === undefined) return () => [];
  const rows = (await deploys.list(scope)).filter(
    ({ claims, startMs }) =>
      claims.confirmed > 0 && startMs <= times.endMs && startMs > times.startMs - REACH_MS,
  );
  const held: { deploy: Deploy; record: WatchRecord }[] = [];
  for (const { id } of rows) {
    const one = await readHeld({ ...deps, deploys, watches }, scope, id);
    if (one !== null) held.push(one);
  }
  return (atMs) =>
    held.flatMap(({ deploy, record }) =>
      deploy.startMs > atMs
        ? []
        : confirmedClaims(deploy).map((claim) => standingOf(deploy, record, claim, isPast ? atMs : null)),
    );
};

type Books = FactDeps & Required<Pick<FactDeps, 'deploys' | 'watches'>>;

async function readHeld(
  deps: Books,
  { app, environment }: Scope,
  id: string,
): Promise<{ deploy: Deploy; record: WatchRecord } | null> {
  const open = deps.watches.openNow().find(({ deployId }) => deployId === id);
  const key = `${app}/${environment} ${id}`;
  const read = async () => {
    const deploy = await deps.deploys.get(id);
    const record = open ?? (await deps.watches.get(id));
    return deploy === null || record === null ? null : { deploy, record };
  };
  if (open === undefined) return remember(deps, MEMORY, `${key} closed`, LIFE_MS.closed, read);
  // The claims of an open watch may be confirmed anew; its record is in memory and always the newest.
  const known = await remember(deps, MEMORY, `${key} ${open.openedMs}`, LIFE_MS.open, read);
  return known === null ? null : { ...known, record: open };
}

/** As it stands now, or, of the past, as the changes tell. */
function standingOf(
  deploy: Deploy,
  record: WatchRecord,
  claim: HeldClaim,
  pastMs: number | null,
): ClaimStanding {
  const { id: deployId, release, startMs } = deploy;
  return {
    ...{ deployId, release, claimId: claim.id, text: claim.text, startMs, endMs: record.endMs },
    ...(pastMs === null ? stateNow(record, claim.id) : stateAt(record, claim.id, pastMs)),
    series: seriesOfClaim(claim) satisfies WatchedSeries | null,
    claimed: claimedOf(claim),
  };
}

type Standing = Pick<ClaimFact, 'state' | 'sinceMs' | 'evidence'>;

function stateNow({ claims, originMs }: WatchRecord, id: string): Standing {
  const verdict = Object.hasOwn(claims, id) ? claims[id] : undefined;
  if (verdict === undefined) return { state: 'settling', sinceMs: originMs, evidence: '' };
  return { state: verdict.state, sinceMs: verdict.sinceMs ?? originMs, evidence: verdict.why };
}

function stateAt({ changes, originMs }: WatchRecord, id: string, atMs: number): Standing {
  const last = changes.findLast((change) => change.claimId === id && change.atMs <= atMs);
  if (last === undefined) return { state: 'settling', sinceMs: originMs, evidence: '' };
  return { state: last.to, sinceMs: last.atMs, evidence: last.evidence };
}

function claimedOf(claim: HeldClaim): ClaimedLevel | null {
  const target = targetOf(claim);
  if ('why' in target) return null;
  if (target.level !== null) {
    return target.level.direction === 'down' ? { perSecond: target.level.value } : null;
  }
  return target.promise?.kind === 'change' && target.promise.ratio < 1
    ? { ratio: target.promise.ratio }
    : null;
}

/** States in which what was promised has come, at least so far: then it is what is expected. */
const HOLDS: ReadonlySet<ClaimState> = new Set(['on_track', 'met', 'mostly_met', 'relapsed']);
/** States in which a promise may still come. */
const MAY_COME: ReadonlySet<ClaimState> = new Set([
  'settling',
  'undecided',
  'off_track',
  'on_track',
  'failing',
  'cant_tell',
]);

export function holds({ state }: Pick<ClaimFact, 'state'>): boolean {
  return HOLDS.has(state);
}

export function mayCome({ state }: Pick<ClaimFact, 'state'>): boolean {
  return MAY_COME.has(state);
}
