import type { GuardSpan } from '../model/verdict.ts';
import { BLOCK_MS, MINUTE_MS, type TimeRange } from '../time/range.ts';
import type { GuardFacts, GuardFound, MachineRun } from './guard-types.ts';
import { machinesAside, machinesOf, ownSwitch, serviceOf } from './own-switch.ts';

/** A deploy that still rolls after this time does not settle by itself. */
const ROLLS_AT_MOST_MS = 30 * MINUTE_MS;

/**
 * Whether all machines run what was deployed: by the versions that they tell, else by what the platform says of them. A
 * machine with next to none of the requests is waited for in words only.
 */
export function machinesGuard(facts: GuardFacts): GuardFound {
  const fromMs = facts.settledMs ?? facts.originMs + ROLLS_AT_MOST_MS;
  const switching = ownSwitch(facts);
  const partly = switching === null ? [] : partlySwitched(facts, fromMs, switching);
  const aside = machinesAside(facts);
  const all = facts.machines ?? [];
  const isKnown = all.some(({ runs }) => runs.some(({ onRelease }) => onRelease));
  if (isKnown) {
    const counting = all.filter(({ name }) => !aside.has(name));
    return { spans: [...partly, ...skewed(counting, facts, fromMs)], caps: asideCaps(all, aside, facts) };
  }
  if (all.length === 0 || facts.rolled !== null || switching !== null)
    return byPlatform(facts, fromMs, partly);
  const versions = [...new Set(all.flatMap(({ runs }) => runs.slice(-1).map(({ version }) => version)))];
  return {
    notChecked: `no machine calls what it runs ${facts.release}, they say ${versions.slice(0, 3).join(', ')}`,
  };
}

function asideCaps(
  machines: readonly MachineRun[],
  aside: ReadonlyMap<string, number>,
  { release, asOfMs }: GuardFacts,
): string[] {
  return machines.flatMap(({ name, runs }) => {
    const share = aside.get(name);
    const last = runs.at(-1);
    if (share === undefined || last === undefined || last.onRelease || last.endMs < asOfMs - BLOCK_MS)
      return [];
    return [`${name}, with ${(share * 100).toFixed(1)} % of the requests, does not run ${release}`];
  });
}

function byPlatform(facts: GuardFacts, fromMs: number, partly: readonly GuardSpan[]): GuardFound {
  const { rolled, release, asOfMs } = facts;
  if (rolled === null) {
    const isChecked =
      ownSwitch(facts) !== null &&
      (facts.modes ?? []).some(({ machines }) => Object.keys(machines).length > 0);
    return isChecked ? { spans: partly } : { notChecked: 'no machine tells which release it runs' };
  }
  if (rolled.done >= rolled.of || asOfMs <= fromMs) return { spans: partly };
  const evidence = `${rolled.done} of ${rolled.of} machines run ${release}`;
  return {
    spans: [...partly, { reason: 'machines_not_converged', fromMs, toMs: null, final: false, evidence }],
  };
}

/** Stretches in which a machine told another version than the deploy's, after the time in which it may. */
function skewed(
  machines: readonly MachineRun[],
  { asOfMs, release }: GuardFacts,
  fromMs: number,
): GuardSpan[] {
  const off = machines
    .flatMap(({ runs }) => runs.filter(({ onRelease }) => !onRelease))
    .map(({ startMs, endMs }) => ({ startMs: Math.max(startMs, fromMs), endMs: Math.min(endMs, asOfMs) }))
    .filter(({ startMs, endMs }) => endMs > startMs);
  return joined(off).map(({ startMs, endMs }) => {
    const names = machines
      .filter(({ runs }) =>
        runs.some((run) => !run.onRelease && run.startMs <= startMs && run.endMs > startMs),
      )
      .map(({ name }) => name);
    const on = machines.filter(({ runs }) =>
      runs.some((run) => run.onRelease && run.startMs <= startMs && run.endMs > startMs),
    ).length;
    const evidence = `${on} of ${on + names.length} machines run ${release}, not ${names.slice(0, 3).join(', ')}`;
    // A version is told block by block: what lasted to the last one goes on.
    const toMs = endMs > asOfMs - BLOCK_MS ? null : endMs;
    return { reason: 'machines_not_converged', fromMs: startMs, toMs, final: false, evidence };
  });
}

/** A switch of Redis that was thrown on some machines only. */
function partlySwitched(facts: GuardFacts, fromMs: number, switching: 'on' | 'off'): GuardSpan[] {
  const { modes, asOfMs } = facts;
  const aside = machinesAside(facts);
  return (modes ?? []).flatMap((fact, i): GuardSpan[] => {
    if (serviceOf(fact.mode) !== 'partly' || fact.by !== null) return [];
    const missing = machinesOf(fact, switching === 'on' ? 'suspended' : 'in_use').filter(
      (name) => !aside.has(name),
    );
    const startMs = Math.max(fact.atMs, fromMs);
    const nextMs = modes?.[i + 1]?.atMs ?? null;
    const toMs = nextMs !== null && nextMs <= asOfMs ? nextMs : null;
    if (missing.length === 0 || startMs >= (toMs ?? asOfMs)) return [];
    const evidence = `Redis is ${switching === 'on' ? 'still suspended' : 'not suspended'} on ${missing.slice(0, 3).join(', ')}`;
    return [{ reason: 'machines_not_converged', fromMs: startMs, toMs, final: false, evidence }];
  });
}

/** Overlapping and touching stretches as one, oldest first. */
export function joined(spans: readonly TimeRange[]): TimeRange[] {
  const out: TimeRange[] = [];
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = out.at(-1);
    if (last !== undefined && span.startMs <= last.endMs) last.endMs = Math.max(last.endMs, span.endMs);
    else out.push({ ...span });
  }
  return out;
}
