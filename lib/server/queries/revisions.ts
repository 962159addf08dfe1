import 'server-only';
import { createHash } from 'node:crypto';
import type { NowTick, NowView, Revisions, SteadyPart } from '@/lib/core/model/view.ts';

/** Letters of a digest: 72 bits, so that two of them are never taken for each other. */
const CHARS = 12;

/** A word for each steady part as it is. The time that passes for a watch is no change of it. */
export function revisionsOf({ watch, alerts, money }: Pick<NowView, SteadyPart>): Revisions {
  return {
    watch: digestOf(watch === null ? null : { ...watch, nowMs: 0 }),
    alerts: digestOf(alerts),
    money: digestOf(money),
  };
}

/** The steady parts that a tick brings: those of which the caller has another revision, or none. */
export function changedParts(
  view: Pick<NowView, SteadyPart>,
  now: Revisions,
  known: Revisions | undefined,
): Pick<NowTick, SteadyPart> {
  return {
    ...(now.watch === known?.watch ? {} : { watch: view.watch }),
    ...(now.alerts === known?.alerts ? {} : { alerts: view.alerts }),
    ...(now.money === known?.money ? {} : { money: view.money }),
  };
}

function digestOf(part: unknown): string {
  return createHash('sha256').update(JSON.stringify(part)).digest('base64url').slice(0, CHARS);
}
