import { rankOfReason } from '../model/claim.ts';
import type { GuardName, GuardSpan } from '../model/verdict.ts';
import { UNCOVERED_LIMIT } from '../neon/uncovered.ts';
import { interruptionGuard } from './guard-interruption.ts';
import { limiterGuard } from './guard-limiter.ts';
import { machinesGuard } from './guard-machines.ts';
import { modeGuard } from './guard-mode.ts';
import { sourceGuard } from './guard-source.ts';
import { trafficGuard } from './guard-traffic.ts';
import type { GuardFacts, GuardFound, Guards } from './guard-types.ts';

export type { GuardFacts, Guards } from './guard-types.ts';

const GUARDS: Readonly<Record<GuardName, (facts: GuardFacts) => GuardFound>> = {
  redis_mode: modeGuard,
  interruption: interruptionGuard,
  machines: machinesGuard,
  source: sourceGuard,
  traffic: trafficGuard,
  limiter: limiterGuard,
  uncovered_time: uncoveredGuard,
};

const NAMES: Readonly<Record<GuardName, string>> = {
  redis_mode: 'the mode of Redis',
  interruption: 'other deploys',
  machines: 'what the machines run',
  source: 'its source',
  traffic: 'traffic',
  limiter: 'the limiter',
  uncovered_time: 'time that was not counted',
};

/**
 * Everything that keeps one claim from being told, or from being more than provisional. A function of what is stored up to
 * `asOfMs` alone: the same facts give the same spans, whenever they are looked at.
 */
export function spansOf(facts: GuardFacts): Guards {
  const found = (Object.keys(GUARDS) as GuardName[]).map((guard) => ({ guard, ...GUARDS[guard](facts) }));
  const spans = untilFinal(found.flatMap(({ spans: own }) => own ?? []));
  const end = spans.find(({ final }) => final);
  const notChecked = found.flatMap(({ guard, notChecked: why }) => {
    // Deploys after the end need not be told apart any more.
    const still = guard === 'interruption' ? interruptionGuard(upTo(facts, end)).notChecked : why;
    return still === undefined ? [] : [{ guard, why: still }];
  });
  const cut = found.find(({ spans: own }) => own?.some((span) => span === end) === true);
  return {
    spans,
    quiet: found.flatMap(({ quiet }) => quiet ?? []),
    notChecked,
    caps: [
      ...notChecked.map(({ guard, why }) => `${NAMES[guard]} could not be checked: ${why}`),
      ...found.flatMap(({ caps }) => caps ?? []),
      ...(facts.part === null
        ? []
        : [`its words name a part of what is counted, which ${facts.part} would tell`]),
    ],
    noMet: found.flatMap(({ noMet }) => noMet ?? [])[0] ?? null,
    interruption: end === undefined ? null : (cut?.interruption ?? null),
  };
}

function upTo(facts: GuardFacts, end: GuardSpan | undefined): GuardFacts {
  if (end === undefined) return facts;
  return { ...facts, later: facts.later.filter(({ startMs }) => startMs < end.fromMs) };
}

/** What comes after the first final span says nothing any more; of several at one time the first reason is named. */
function untilFinal(spans: readonly GuardSpan[]): GuardSpan[] {
  const sorted = spans.toSorted(
    (a, b) => a.fromMs - b.fromMs || rankOfReason(a.reason) - rankOfReason(b.reason),
  );
  const end = sorted.find(({ final }) => final);
  if (end === undefined) return sorted;
  return sorted
    .filter((span) => span === end || (!span.final && span.fromMs < end.fromMs))
    .map((span) =>
      span === end || (span.toMs !== null && span.toMs <= end.fromMs) ? span : { ...span, toMs: end.fromMs },
    );
}

/** Counts of a database that sleeps are low by what nobody saw: with too much of it, fewer queries prove nothing. */
function uncoveredGuard({ uncovered }: GuardFacts): GuardFound {
  if (uncovered === null) return {};
  const side = (['before', 'after'] as const).find((one) => (uncovered[one] ?? 0) > UNCOVERED_LIMIT);
  if (side === undefined) return {};
  const percent = Math.round((uncovered[side] ?? 0) * 100);
  const noMet = `${percent} % of the time that the database was awake ${side} the deploy was not counted`;
  return { caps: [noMet], noMet };
}
