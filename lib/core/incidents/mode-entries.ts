import type { RedisMode } from '../model/redis-mode.ts';
import type { ModeChange } from '../modes/mode-book.ts';
import { nameList } from '../modes/words.ts';
import { MINUTE_MS, type TimeRange } from '../time/range.ts';
import type { FoundEntry } from './add-entries.ts';
import { isIn, type VainStretch } from './incident-facts.ts';

/** The start of a stretch is found on a grid that gets coarser with age: so near to a known one it is the same. */
const SAME_MS = 15 * MINUTE_MS;

/** Changes of the fleet’s Redis mode, and times in which it was not what was asked for. */
export function modeEntries(
  changes: readonly ModeChange[],
  vain: readonly VainStretch[],
  range: TimeRange,
  known: readonly Pick<FoundEntry, 'id' | 'atMs'>[],
): FoundEntry[] {
  const changed = changes.flatMap(({ atMs, mode, evidence }, i): FoundEntry[] => {
    const before = changes[i - 1];
    // The first look is no change.
    if (before === undefined || before.mode === mode || !isIn(atMs, range)) return [];
    const fact = { kind: 'mode', mode } as const;
    return [{ id: `mode:${atMs}`, atMs, fact, title: MODE_TITLES[mode], detail: seenOf(evidence), by: null }];
  });
  return [...changed, ...vainEntries(vain, range, known)];
}

/** What it was read from; what does not fit it is settled soon, or an alert of its own. */
function seenOf(evidence: string): string {
  return evidence.split('; ')[0] ?? evidence;
}

function vainEntries(
  vain: readonly VainStretch[],
  range: TimeRange,
  known: readonly Pick<FoundEntry, 'id' | 'atMs'>[],
): FoundEntry[] {
  const written = known.filter(({ id }) => id.startsWith('vain:')).map(({ atMs }) => atMs);
  const found: FoundEntry[] = [];
  for (const { startMs, machines } of vain) {
    if (!isIn(startMs, range)) continue;
    if (written.some((atMs) => Math.abs(atMs - startMs) < SAME_MS)) continue;
    written.push(startMs);
    found.push({
      id: `vain:${startMs}`,
      atMs: startMs,
      fact: { kind: 'mode', mode: 'active' },
      title: 'Asked suspended, still active',
      detail: `the settings of ${nameList(machines)} ask to suspend Redis, and it is used all the same`,
      by: null,
    });
  }
  return found;
}

const MODE_TITLES: Readonly<Record<RedisMode, string>> = {
  active: 'Redis is in use',
  suspended_by_us: 'Redis is suspended by us',
  suspended_by_provider: 'Redis is suspended by its provider',
  quota_exhausted: 'The quota of Redis is used up',
  throttled: 'Redis is throttled',
  unreachable: 'Redis can’t be reached',
  mixed: 'Redis is in use on some machines only',
  unknown: 'Nobody can tell how Redis is used',
};
