import type { MarkKind } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';
import { formatClock } from '../units/clock.ts';
import type { FoundEntry } from './add-entries.ts';
import { type DeployFact, isIn } from './incident-facts.ts';

/**
 * Deploys and like changes. One that is over is one entry with the time at which its last machine was on it; one that
 * still rolls is told at once, and its end as an entry of its own.
 */
export function deployEntries(
  deploys: readonly DeployFact[],
  range: TimeRange,
  known: readonly Pick<FoundEntry, 'id'>[],
): FoundEntry[] {
  const ids = new Set(known.map(({ id }) => id));
  return deploys.filter(isOwnWord).flatMap((deploy): FoundEntry[] => {
    const { id, release, kind, startMs, endMs } = deploy;
    const begun = `deploy:${id}:begun`;
    const fact = { kind: 'deploy', deployId: id, release, mark: kind } as const;
    const own = { fact, by: null };
    if (ids.has(begun) && endMs !== null) {
      if (!isIn(endMs, range)) return [];
      return [
        {
          ...own,
          id: `deploy:${id}:whole`,
          atMs: endMs,
          title: `${release} is on every machine`,
          detail: null,
        },
      ];
    }
    if (!isIn(startMs, range)) return [];
    const told = { ...own, atMs: startMs, title: titleOf(deploy) };
    const what = whatOf(deploy);
    if (endMs === null) return [{ ...told, id: begun, detail: what }];
    const whole = wholeOf(deploy, endMs);
    const detail = [whole, what].filter((part) => part !== null).join('; ');
    return [{ ...told, id: `deploy:${id}`, detail: detail === '' ? null : detail }];
  });
}

/** A switch of Redis that only the modes gave away is told as a change of mode. */
function isOwnWord({ sign, origin }: DeployFact): boolean {
  return !(sign === 'redis_mode' && origin === 'noticed');
}

function titleOf({ release, kind }: DeployFact): string {
  const words: Record<MarkKind, string> = {
    code: 'deployed',
    config: 'changes settings',
    secret: 'changes secrets',
    scale: 'changes the machines',
    suspend: 'suspends Redis',
    resume: 'puts Redis back into use',
  };
  return `${release} ${words[kind]}`;
}

/** Its title, where that says more than its name. */
function whatOf({ title, release }: DeployFact): string | null {
  if (title === null) return null;
  const text = title.startsWith(`${release}: `) ? title.slice(release.length + 2) : title;
  return text === release ? null : text;
}

function wholeOf({ startMs, rolled }: DeployFact, endMs: number): string | null {
  if (endMs <= startMs) return null;
  const by = `by ${formatClock(endMs, 'seconds')}`;
  if (rolled === null) return `on every machine ${by}`;
  return `on ${rolled.done} of ${rolled.of} machines ${by}`;
}
