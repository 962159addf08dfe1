import type { GuardSpan } from '../model/verdict.ts';
import { formatClock } from '../units/clock.ts';
import type { GuardFacts, GuardFound, ModeFact } from './guard-types.ts';
import { machinesAside, machinesOf, ownSwitch, ownWindow, serviceOf, serviceOfFleet } from './own-switch.ts';

/**
 * Whether Redis stayed what it was. A number that depends on Redis says nothing of a deploy from the moment that Redis is
 * switched off, by whomever; a deploy that switches it itself is judged on its own claims, until it is switched back.
 */
export function modeGuard(facts: GuardFacts): GuardFound {
  if (!facts.subject.usesRedis) return {};
  const modes = (facts.modes ?? []).filter(({ mode }) => mode !== 'unknown');
  if (modes.length === 0) return { notChecked: 'nothing tells whether Redis is in use' };
  const own = ownSwitch(facts);
  const since = inForceSince(modes, facts);
  const found = own === 'off' ? switchedBack(since) : switchedOff(since, facts, own);
  const caps = since.some(({ mode }) => mode === 'throttled') ? ['Redis was throttled in the watch'] : [];
  return { ...found, spans: [...(found.spans ?? []), ...unreachable(since, facts)], caps };
}

/** Modes of the watch, each from when it counts: the one before T₀ from T₀ on. */
function inForceSince(modes: readonly ModeFact[], { originMs, asOfMs }: GuardFacts): ModeFact[] {
  const before = modes.findLast(({ atMs }) => atMs <= originMs);
  const later = modes.filter(({ atMs }) => atMs > originMs && atMs <= asOfMs);
  return before === undefined ? later : [{ ...before, atMs: originMs }, ...later];
}

function switchedOff(since: readonly ModeFact[], facts: GuardFacts, own: 'on' | null): GuardFound {
  const aside = machinesAside(facts);
  const service = (fact: ModeFact) => serviceOfFleet(fact, aside);
  const isOff = (fact: ModeFact) => service(fact) === 'off' || service(fact) === 'partly';
  if (own === null) {
    const off = since.find(isOff);
    if (off === undefined) return {};
    const found = withFinal(off, []);
    // A release that found it suspended may still be the one that ends that.
    const mayCome = off.atMs === facts.originMs && facts.asOfMs <= ownWindow(facts).endMs;
    return mayCome ? { spans: found.spans?.map((span) => ({ ...span, final: false })) ?? [] } : found;
  }
  // It may come machine by machine; from then on it must not go again.
  const partly = since.findIndex((fact) => service(fact) === 'partly' || service(fact) === 'on');
  const whole = since.findIndex((fact) => service(fact) === 'on');
  const late = stillOff(since, facts, partly === -1 ? null : (since[partly]?.atMs ?? null));
  const again =
    partly === -1
      ? undefined
      : since.find(
          (fact, i) => i > partly && (service(fact) === 'off' || (whole !== -1 && i > whole && isOff(fact))),
        );
  const spans = late === null ? [] : [late];
  return again === undefined ? { spans } : withFinal(again, spans);
}

function withFinal(off: ModeFact, spans: readonly GuardSpan[]): GuardFound {
  const fromMs = off.by === null ? off.atMs : Math.min(off.atMs, off.by.startMs);
  const span: GuardSpan = {
    reason: 'redis_suspended',
    fromMs,
    toMs: null,
    final: true,
    evidence: offWords(off),
  };
  return { spans: [...spans, span], ...interruptionOf(off) };
}

/** A deploy that is to switch Redis on, and has not yet: zeros of the suspension are not its doing. */
function stillOff(since: readonly ModeFact[], facts: GuardFacts, onMs: number | null): GuardSpan | null {
  const fromMs = facts.settledMs ?? ownWindow(facts).endMs;
  const [first] = since;
  if (first === undefined || facts.asOfMs <= fromMs || (onMs !== null && onMs <= fromMs)) return null;
  return {
    reason: 'redis_suspended',
    fromMs,
    toMs: onMs,
    final: false,
    evidence: `Redis was still not in use at ${formatClock(fromMs)}`,
  };
}

/** After a suspension of its own: Redis in use again ends what it can be judged on. */
function switchedBack(since: readonly ModeFact[]): GuardFound {
  const off = since.findIndex(({ mode }) => serviceOf(mode) === 'off');
  const back =
    off === -1
      ? undefined
      : since.slice(off).find(({ mode }) => serviceOf(mode) === 'on' || serviceOf(mode) === 'partly');
  if (back === undefined) return {};
  const fromMs = back.by === null ? back.atMs : Math.min(back.atMs, back.by.startMs);
  const who = back.by === null ? `at ${formatClock(back.atMs)}` : `by ${back.by.release}`;
  return {
    spans: [
      {
        reason: 'interrupted',
        fromMs,
        toMs: null,
        final: true,
        evidence: `Redis taken into use again ${who}`,
      },
    ],
    ...interruptionOf(back),
  };
}

/** Nobody of ours reaches it: numbers come again when somebody does. */
function unreachable(since: readonly ModeFact[], { asOfMs }: GuardFacts): GuardSpan[] {
  return since.flatMap(({ mode, atMs }, i) => {
    if (serviceOf(mode) !== 'unreachable') return [];
    const toMs = since[i + 1]?.atMs ?? null;
    const evidence = `Redis unreachable since ${formatClock(atMs)}`;
    return [
      {
        reason: 'source_down' as const,
        fromMs: atMs,
        toMs: toMs !== null && toMs <= asOfMs ? toMs : null,
        final: false,
        evidence,
      },
    ];
  });
}

function interruptionOf({ by, atMs }: ModeFact): GuardFound {
  if (by === null) return {};
  return {
    interruption: {
      atMs: Math.min(atMs, by.startMs),
      release: by.release,
      deployId: by.deployId,
      kind: by.kind,
    },
  };
}

function offWords(fact: ModeFact): string {
  const { mode, by, atMs } = fact;
  const who = by === null ? `at ${formatClock(atMs)}` : `by ${by.release}`;
  switch (mode) {
    case 'suspended_by_provider':
      return `Redis suspended by its provider at ${formatClock(atMs)}`;
    case 'quota_exhausted':
      return `Redis refused commands from ${formatClock(atMs)} on: its quota was used up`;
    case 'mixed': {
      const off = machinesOf(fact, 'suspended').length;
      return by === null && off > 0
        ? `Redis suspended on ${off} of ${Object.keys(fact.machines).length} machines ${who}`
        : `Redis suspended ${who}`;
    }
    case 'active':
    case 'suspended_by_us':
    case 'throttled':
    case 'unreachable':
    case 'unknown':
      return `Redis suspended ${who}`;
    default:
      return mode satisfies never;
  }
}
