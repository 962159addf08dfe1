import type { CantTellReason, ClaimState } from '../model/claim.ts';
import type { StateChange } from '../model/verdict.ts';
import { nameList } from '../modes/words.ts';
import { HOUR_MS, type TimeRange } from '../time/range.ts';
import type { FoundEntry } from './add-entries.ts';
import { isIn, type WatchFact } from './incident-facts.ts';

/** The same state of the same claim is told again only after so long. */
const CALM_MS = HOUR_MS;
const MOST_DETAIL_CHARS = 240;

/**
 * Changes of verdicts, as entries. Claims that come to the same state at one look are one entry, and the deploy as a whole
 * is told beside them only where it is kept; on its way a claim is not told, unless it comes back from what was bad.
 */
export function verdictEntries(watch: WatchFact, range: TimeRange): FoundEntry[] {
  const groups = new Map<string, StateChange[]>();
  for (const change of calm(watch.changes)) {
    const key = `${change.atMs}:${change.claimId === null ? 'deploy' : change.to}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups].flatMap(([key, changes]): FoundEntry[] => {
    const [first] = changes;
    if (first === undefined || !isIn(first.atMs, range)) return [];
    if (first.claimId === null && groups.has(`${first.atMs}:${first.to}`) && !isKept(first.to)) return [];
    const { atMs, to } = first;
    const claimId = changes.length === 1 ? first.claimId : null;
    return [
      {
        id: `verdict:${watch.deployId}:${key}`,
        atMs,
        fact: { kind: 'verdict', deployId: watch.deployId, claimId, state: to },
        ...(first.claimId === null ? wholeWords(watch, first) : claimWords(watch, changes)),
        by: null,
      },
    ];
  });
}

/** Real changes that are worth a line. */
function calm(changes: readonly StateChange[]): StateChange[] {
  const told = new Map<string, number>();
  const bad = new Set<string>();
  return changes.filter(({ claimId, from, to, atMs }) => {
    if (from === to) return false;
    if (claimId === null && to === 'off_track') return false;
    const who = claimId ?? '';
    const wasBad = bad.has(who);
    if (isOnItsWay(to)) bad.delete(who);
    else if (isKept(to)) bad.delete(who);
    else bad.add(who);
    if (isOnItsWay(to) && !(wasBad && to === 'on_track')) return false;
    const key = `${who}\n${to}`;
    const lastMs = told.get(key);
    if (lastMs !== undefined && atMs - lastMs < CALM_MS) return false;
    told.set(key, atMs);
    return true;
  });
}

function isKept(state: ClaimState): boolean {
  return state === 'met' || state === 'mostly_met';
}

function isOnItsWay(state: ClaimState): boolean {
  return state === 'settling' || state === 'undecided' || state === 'on_track';
}

function soFar(to: ClaimState, provisional: boolean): string {
  return provisional && isKept(to) ? ' so far' : '';
}

function wholeWords(
  { release }: WatchFact,
  { to, provisional, evidence }: StateChange,
): Pick<FoundEntry, 'title' | 'detail'> {
  const state = to === 'cant_tell' ? 'nobody can tell any more' : `${STATES[to]}${soFar(to, provisional)}`;
  return { title: `${release} as a whole: ${state}`, detail: lineOf(evidence) };
}

function claimWords(
  { release, claims }: WatchFact,
  changes: readonly StateChange[],
): Pick<FoundEntry, 'title' | 'detail'> {
  const [first] = changes;
  const names = changes.map(({ claimId }) => claims[claimId ?? ''] ?? 'a claim');
  if (first === undefined) return { title: release, detail: null };
  const { to, provisional, reason, evidence } = first;
  const yet = soFar(to, provisional);
  if (changes.length === 1) {
    const [name] = names;
    return {
      title: to === 'cant_tell' ? `Can’t be told: ${name}` : `${capital(STATES[to])}${yet}: ${name}`,
      detail: lineOf(evidence),
    };
  }
  const count = `${changes.length} claims of ${release}`;
  const why = reason !== null && changes.every((change) => change.reason === reason) ? REASONS[reason] : null;
  const title =
    to === 'cant_tell'
      ? `${count} can’t be told${why === null ? '' : `: ${why}`}`
      : `${count} are ${STATES[to]}${yet}`;
  return { title, detail: lineOf(nameList(names)) };
}

function lineOf(text: string): string | null {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return null;
  return line.length <= MOST_DETAIL_CHARS ? line : `${line.slice(0, MOST_DETAIL_CHARS - 1)}…`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

const STATES: Readonly<Record<ClaimState, string>> = {
  settling: 'settling',
  on_track: 'on track again',
  off_track: 'off track',
  undecided: 'undecided',
  met: 'met',
  mostly_met: 'mostly met',
  failing: 'failing',
  missed: 'missed',
  worse: 'worse than before',
  relapsed: 'relapsed',
  cant_tell: 'not to be told',
};

/** Why nobody can tell, in a few words. */
export const REASONS: Readonly<Record<CantTellReason, string>> = {
  redis_suspended: 'Redis is suspended',
  interrupted: 'another change came in between',
  machines_not_converged: 'not every machine runs the release',
  source_down: 'a source gives no numbers',
  traffic_lost: 'there is too little traffic',
  limiter_off: 'the limiter lets everything pass',
  no_data: 'no numbers came',
  no_baseline: 'nothing comparable was measured before',
  unmeasurable: 'nothing measures it',
};
