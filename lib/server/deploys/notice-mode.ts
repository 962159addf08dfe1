import 'server-only';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { RedisMode } from '@/lib/core/model/redis-mode.ts';
import type { ModeChange } from '@/lib/core/modes/mode-book.ts';
import type { Noticed } from './deploy-book.ts';

/** The switch of Redis as it was thrown by us: whole, on a part of the machines, or not at all. */
type Switch = 'off' | 'partly' | 'on';

/**
 * Suspensions and their ends among changes of mode, oldest first; `before` was in force before the first of them. A
 * switch that is thrown machine by machine is one that rolls: its end comes with the last machine.
 */
export function suspensionsIn(
  before: ModeChange | null,
  changes: readonly ModeChange[],
): Omit<Noticed, 'scope'>[] {
  const seen: Omit<Noticed, 'scope'>[] = [];
  let known = before === null ? null : switchOf(before.mode);
  for (const change of changes) {
    const next = switchOf(change.mode);
    if (next === null || next === known) {
      if (next === 'partly') moveOn(seen.at(-1), change);
      continue;
    }
    // What was not known before did not begin when it became known.
    if (known !== null) {
      const rolling = seen.at(-1);
      const isEnd = rolling !== undefined && rolling.endMs === null && kindTo(known, next) === rolling.kind;
      if (isEnd) finish(rolling, change);
      else seen.push(begin(known, next, change));
    }
    known = next;
  }
  return seen;
}

function begin(from: Switch, to: Switch, { atMs, evidence, machines }: ModeChange): Omit<Noticed, 'scope'> {
  const kind = kindTo(from, to);
  const isRolling = to === 'partly';
  return {
    sign: 'redis_mode',
    release: kind === 'suspend' ? 'Redis suspended' : 'Redis resumed',
    kind,
    startMs: atMs,
    endMs: isRolling ? null : atMs,
    rolled: isRolling ? switched(machines, kind) : null,
    title: `${kind === 'suspend' ? 'Redis suspended' : 'Redis used again'}: ${evidence}`.slice(0, 200),
  };
}

/** From partly on, it goes on in the direction that its end shows. */
function kindTo(from: Switch, to: Switch): 'suspend' | 'resume' {
  if (to === 'partly') return from === 'on' ? 'suspend' : 'resume';
  return to === 'off' ? 'suspend' : 'resume';
}

function moveOn(rolling: Omit<Noticed, 'scope'> | undefined, { machines }: ModeChange): void {
  if (rolling?.endMs === null && (rolling.kind === 'suspend' || rolling.kind === 'resume'))
    rolling.rolled = switched(machines, rolling.kind);
}

function finish(rolling: Omit<Noticed, 'scope'>, { atMs }: ModeChange): void {
  rolling.endMs = atMs;
  if (rolling.rolled !== null) rolling.rolled = { done: rolling.rolled.of, of: rolling.rolled.of };
}

function switched(machines: ModeChange['machines'], kind: 'suspend' | 'resume'): Deploy['rolled'] {
  const told = Object.values(machines).filter((mode) => switchOf(mode) !== null);
  const isOff = (mode: RedisMode) => switchOf(mode) === 'off';
  const done = told.filter((mode) => isOff(mode) === (kind === 'suspend')).length;
  return told.length === 0 ? null : { done, of: told.length };
}

/** Null for modes that nobody of ours chose: they say nothing of the switch. */
function switchOf(mode: RedisMode): Switch | null {
  switch (mode) {
    case 'suspended_by_us':
      return 'off';
    case 'mixed':
      return 'partly';
    case 'active':
      return 'on';
    case 'suspended_by_provider':
    case 'quota_exhausted':
    case 'throttled':
    case 'unreachable':
    case 'unknown':
      return null;
    default:
      return mode satisfies never;
  }
}
