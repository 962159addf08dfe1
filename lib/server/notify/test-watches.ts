import 'server-only';
import type { ClaimState } from '@/lib/core/model/claim.ts';
import type { ClaimVerdict, StateChange, WatchRecord } from '@/lib/core/model/verdict.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import { WatchBook } from '../watch/watch-book.ts';

// Real books on a state in memory, with records as an engine would write them. For tests of what leaves the product.

export const ORIGIN_MS = Date.parse('2026-04-09T17:54:52Z');
export const SCOPE = { app: 'harbor', environment: 'production' };

/** A verdict of one claim; change what the test is about. */
export function verdictOf(change: Partial<ClaimVerdict> = {}): ClaimVerdict {
  return {
    state: 'met',
    provisional: true,
    reason: null,
    sinceMs: ORIGIN_MS + HOUR_MS,
    held: null,
    why: 'Falls by 96.7 % as promised.',
    effectPct: -96.7,
    interval: [-97.2, -96.1],
    before: 203.6,
    after: 6.7,
    sumsPct: null,
    perRequestPct: null,
    provenShare: 1,
    probability: 0.999,
    decidedAtMs: ORIGIN_MS + HOUR_MS,
    decidableByMs: null,
    smallestChangePct: { after1h: 12, after6h: 6, after24h: 4 },
    baseline: { kind: 'measured', days: 14, excludedDays: 0, weak: false },
    blocks: { usable: 11, of: 12 },
    burstPct: null,
    noisier: false,
    route: 'logs',
    onset: null,
    caps: [],
    ...change,
  };
}

/** A watch as it is kept, just opened and settling. */
export function recordOf(deployId: string, release: string, change: Partial<WatchRecord> = {}): WatchRecord {
  return {
    deployId,
    release,
    ...SCOPE,
    originMs: ORIGIN_MS,
    settledMs: ORIGIN_MS + 5 * MINUTE_MS,
    endMs: ORIGIN_MS + DAY_MS,
    openedMs: ORIGIN_MS,
    closedMs: null,
    judgedMs: ORIGIN_MS,
    state: 'settling',
    provisional: true,
    reason: null,
    sinceMs: null,
    claims: {},
    checks: [],
    followUps: [],
    changes: [],
    notChecked: [],
    interruption: null,
    override: null,
    ...change,
  };
}

/** A change of the deploy as a whole, or of a claim. */
export function changeOf(to: ClaimState, change: Partial<StateChange> = {}): StateChange {
  return {
    atMs: ORIGIN_MS + HOUR_MS,
    claimId: null,
    from: null,
    to,
    provisional: to === 'met',
    reason: to === 'cant_tell' ? 'redis_suspended' : null,
    evidence: 'seen in the test',
    ...change,
  };
}

/** The books of a server over one state: opened again they find what the ones before wrote. */
export async function openBooks(nowMs: () => number, state = new MemoryState()) {
  const deploys = new DeployBook({ store: state, wallMs: nowMs, known: () => ({}) });
  await deploys.load([SCOPE]);
  const watches = new WatchBook({
    store: state,
    wallMs: nowMs,
    onFault: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  await watches.load([SCOPE]);
  /** Tells of a deploy with this summary and confirms its claims; gives its id. */
  const tell = async (
    release: string,
    summary = 'Redis GETs: 733,000/hour → 24,000/hour',
  ): Promise<string> => {
    const replay = { sender: 'test', key: null, signedAs: null, body: release + summary };
    const told = { release, summary, time: ORIGIN_MS };
    const registered = await deploys.register({ scope: SCOPE, deploy: told, origin: 'api', replay });
    if (!('deploy' in registered)) throw new Error('the deploy was not registered');
    await deploys.confirm(registered.deploy.id, null, 'test');
    return registered.deploy.id;
  };
  /** Writes a watch anew with these changes at its end. */
  const write = (record: WatchRecord, changes: readonly StateChange[] = []) =>
    watches.update(record.deployId, () => ({ record, changes }));
  return { state, deploys, watches, tell, write };
}
