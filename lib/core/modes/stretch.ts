import type { RedisMode } from '../model/redis-mode.ts';
import type { ModeChange } from './mode-book.ts';

/** The latest stretch of time in which Redis was out of use, and how far its return has come. */
export interface Stretch {
  /** First machine. */
  startMs: number;
  /** True where it was like that when the modes were first looked at. */
  isFirstLook: boolean;
  /** True where the team did it, on all machines at once or one after the other. */
  byUs: boolean;
  /** When the last machine was out of use; null where some machine went on using Redis all the time. */
  wholeMs: number | null;
  /** When the first machine used Redis again, after all were out of use; null while none does. */
  firstMs: number | null;
  /** Names of the machines that did then. */
  firstMachines: readonly string[];
  /** When all of them did; null while one does not. */
  allMs: number | null;
}

/** The latest stretch among changes of mode, oldest first; null where Redis was in use all the time that is known. */
export function stretchOf(changes: readonly ModeChange[]): Stretch | null {
  let stretch: Stretch | null = null;
  for (const [i, change] of changes.entries()) stretch = stepStretch(stretch, change, i === 0);
  return stretch;
}

function stepStretch(stretch: Stretch | null, change: ModeChange, isFirstLook: boolean): Stretch | null {
  const { atMs, mode } = change;
  const use = inUseOf(mode);
  if (use === null) return stretch;
  if (use === 'all') return stretch === null || stretch.allMs !== null ? stretch : back(stretch, change);
  const open = stretch === null || stretch.allMs !== null ? begin(change, isFirstLook) : stretch;
  if (use === 'none') {
    const byUs = open.byUs || mode === 'suspended_by_us';
    return { ...open, byUs, wholeMs: open.wholeMs ?? atMs, firstMs: null, firstMachines: [] };
  }
  if (open.wholeMs === null || open.firstMs !== null) return { ...open, byUs: true };
  return { ...open, byUs: true, firstMs: atMs, firstMachines: usersOf(change) };
}

function begin({ atMs, mode }: ModeChange, isFirstLook: boolean): Stretch {
  const byUs = mode === 'suspended_by_us' || mode === 'mixed';
  return { startMs: atMs, isFirstLook, byUs, wholeMs: null, firstMs: null, firstMachines: [], allMs: null };
}

function back(stretch: Stretch, change: ModeChange): Stretch {
  const all = { ...stretch, allMs: change.atMs };
  const isAtOnce = stretch.wholeMs !== null && stretch.firstMs === null;
  return isAtOnce ? { ...all, firstMs: change.atMs, firstMachines: usersOf(change) } : all;
}

function usersOf({ machines }: ModeChange): string[] {
  return Object.entries(machines).flatMap(([name, mode]) => (mode === 'active' ? [name] : []));
}

/** Which machines use Redis in a mode; null for modes that say nothing of it. */
function inUseOf(mode: RedisMode): 'all' | 'some' | 'none' | null {
  switch (mode) {
    case 'active':
      return 'all';
    case 'mixed':
      return 'some';
    case 'suspended_by_us':
    case 'suspended_by_provider':
    case 'quota_exhausted':
      return 'none';
    case 'throttled':
    case 'unreachable':
    case 'unknown':
      return null;
    default:
      return mode satisfies never;
  }
}
