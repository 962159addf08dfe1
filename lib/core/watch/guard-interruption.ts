import { formatClock } from '../units/clock.ts';
import type { GuardFacts, GuardFound, LaterDeploy } from './guard-types.ts';

/**
 * Whether a later deploy stood in between. It ends the watch of a claim when it claims the same thing, or when a step of
 * the number is found near it; any other is a mark on the chart. One that switched Redis is told by the mode.
 */
export function interruptionGuard(facts: GuardFacts): GuardFound {
  const switched = new Set((facts.modes ?? []).flatMap(({ by }) => (by === null ? [] : [by.deployId])));
  const later = facts.later
    .filter(({ isSame, startMs }) => !isSame && startMs > facts.originMs && startMs <= facts.asOfMs)
    .filter(({ deployId }) => !(facts.subject.usesRedis && switched.has(deployId)))
    .toSorted((a, b) => a.startMs - b.startMs);
  const cut = later.find((one) => one.claimsSame || (isStep(one) && isNearest(one, later)));
  const unknown = later.filter(({ step, claimsSame }) => step === null && !claimsSame);
  const notChecked =
    unknown.length === 0
      ? {}
      : { notChecked: `whether ${unknown.map(({ release }) => release).join(', ')} moved it can’t be told` };
  if (cut === undefined) return notChecked;
  const fromMs = isStep(cut) ? Math.min(cut.startMs, cut.step.atMs) : cut.startMs;
  return {
    ...notChecked,
    spans: [{ reason: 'interrupted', fromMs, toMs: null, final: true, evidence: evidenceOf(cut) }],
    interruption: { atMs: cut.startMs, release: cut.release, deployId: cut.deployId, kind: cut.kind },
  };
}

function isStep(one: LaterDeploy): one is LaterDeploy & { step: { atMs: number } } {
  return one.step !== null && one.step !== 'none';
}

/** A step between two deploys is the nearer one's. */
function isNearest(one: LaterDeploy & { step: { atMs: number } }, all: readonly LaterDeploy[]): boolean {
  const apart = ({ startMs }: LaterDeploy) => Math.abs(startMs - one.step.atMs);
  return all.every((other) => apart(other) >= apart(one));
}

function evidenceOf(cut: LaterDeploy): string {
  const when = formatClock(cut.startMs);
  return isStep(cut)
    ? `a step at ${formatClock(cut.step.atMs)}, near ${cut.release} of ${when}`
    : `${cut.release} of ${when} claims the same`;
}
