import type { RedisMode } from '../model/redis-mode.ts';
import { MINUTE_MS } from '../time/range.ts';
import type { GuardFacts, ModeFact } from './guard-types.ts';

/** Clocks differ, and visits come in their own order. */
const SLACK_MS = 2 * MINUTE_MS;
/** A setting, or a release with it, may change the mode within this time. */
const CAUSED_MS = 30 * MINUTE_MS;

/** Redis as far as a number of it is concerned: in use, out of use, out of use on a part, or something else. */
export type Service = 'on' | 'off' | 'partly' | 'unreachable' | 'throttled' | 'unknown';

export function serviceOf(mode: RedisMode): Service {
  switch (mode) {
    case 'active':
      return 'on';
    case 'suspended_by_us':
    case 'suspended_by_provider':
    case 'quota_exhausted':
      return 'off';
    case 'mixed':
      return 'partly';
    case 'unreachable':
    case 'throttled':
    case 'unknown':
      return mode;
    default:
      return mode satisfies never;
  }
}

/** The time in which a change of mode is the deploy's own. */
export function ownWindow({ originMs, endMs }: Pick<GuardFacts, 'originMs' | 'endMs'>): {
  startMs: number;
  endMs: number;
} {
  return { startMs: originMs - SLACK_MS, endMs: (endMs ?? originMs) + CAUSED_MS };
}

/**
 * Which way a deploy switches Redis itself; null for one that does not. Told as a suspension or its end, or a change of
 * settings that was followed by one; a release that found Redis off and left it on switched it on.
 */
export function ownSwitch(
  facts: Pick<GuardFacts, 'originMs' | 'endMs' | 'kind' | 'modes'>,
): 'off' | 'on' | null {
  if (facts.kind === 'suspend') return 'off';
  if (facts.kind === 'resume') return 'on';
  const { startMs, endMs } = ownWindow(facts);
  let before: ModeFact | null = null;
  for (const fact of facts.modes ?? []) {
    const isOwn = fact.atMs >= startMs && fact.atMs <= endMs && fact.by === null;
    const [from, to] = [before === null ? null : serviceOf(before.mode), serviceOf(fact.mode)];
    before = fact;
    if (!isOwn || from === null) continue;
    if ((to === 'on' || to === 'partly') && from === 'off') return 'on';
    const isSetting = facts.kind === 'secret' || facts.kind === 'config';
    if (isSetting && fact.mode === 'suspended_by_us' && from !== 'off') return 'off';
  }
  return null;
}

/** A machine with less of the requests than this moves no number: it may wait, and is said. */
const ASIDE_SHARE = 0.05;

/** Machines that are kept aside, by name, with their share. */
export function machinesAside({ machines }: Pick<GuardFacts, 'machines'>): ReadonlyMap<string, number> {
  return new Map(
    (machines ?? []).flatMap(({ name, share }) =>
      share !== null && share < ASIDE_SHARE ? [[name, share] as const] : [],
    ),
  );
}

/** Machines of a mode on which Redis is suspended, or is not. */
export function machinesOf({ machines }: ModeFact, which: 'suspended' | 'in_use'): string[] {
  return Object.entries(machines).flatMap(([name, mode]) =>
    (which === 'suspended' ? mode === 'suspended_by_us' : mode === 'active') ? [name] : [],
  );
}

/** Like {@link serviceOf}, where a fleet of which only machines kept aside are suspended is in use. */
export function serviceOfFleet(fact: ModeFact, aside: ReadonlyMap<string, number>): Service {
  const service = serviceOf(fact.mode);
  if (service !== 'partly') return service;
  const off = machinesOf(fact, 'suspended');
  return off.length > 0 && off.every((name) => aside.has(name)) ? 'on' : service;
}
