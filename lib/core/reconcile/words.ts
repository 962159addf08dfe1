import { exactRateText, type RateWindow } from '../units/format-rate.ts';
import type { Reconciled } from './reconcile.ts';

/** The figures and names that the sentence is made of. */
export interface ReconcileFacts extends Reconciled {
  /** Who saw the commands: `Upstash`; null when nobody did. */
  seenName: string | null;
  seenPerSecond: number | null;
  machinesPerSecond: number | null;
  /** Machines whose count is in the sum. */
  machines: number;
}

/** Per minute while that is at least one, else per hour. */
export function reconcileWindow(perSecond: number | null): RateWindow {
  return perSecond === null || perSecond * 60 >= 1 || perSecond === 0 ? 'min' : 'h';
}

/** Where a command can come from that no machine of ours counted. */
const ELSEWHERE = 'a stale machine, staging, a leaked URL, reconnect attempts';

/** The reconciliation in one sentence: numbers first, then what they mean. */
export function reconcileSentence(facts: ReconcileFacts): string {
  const { verdict, seenName, seenPerSecond, machinesPerSecond, remainderPerSecond } = facts;
  if (seenName === null || seenPerSecond === null)
    return 'Nobody beside your machines counts these commands.';
  if (machinesPerSecond === null) return 'No machine tells how many Redis commands it sent.';
  const window = reconcileWindow(seenPerSecond);
  const text = (perSecond: number) => exactRateText(perSecond, window);
  const fleet = facts.machines === 1 ? 'your machine' : `your ${facts.machines} machines`;
  const both = `${text(seenPerSecond)} at ${seenName}, ${text(machinesPerSecond)} from ${fleet}`;
  switch (verdict) {
    case 'agree':
      return `${both}: ${agreementText(facts)}.`;
    case 'elsewhere':
      return `${both}: ${text(remainderPerSecond ?? 0)} come from somewhere else (${ELSEWHERE}).`;
    case 'machines_more':
      return `${both}: ${text(-(remainderPerSecond ?? 0))} more than arrived (refused commands, another Redis, or a counter that counts twice).`;
    case 'cant_tell':
      return `${both}.`;
    default:
      return verdict satisfies never;
  }
}

/** How closely it can be said at all: the joint bound as a share of what was seen, in whole percent upwards. */
function agreementText({ boundPerSecond, seenPerSecond, machinesPerSecond }: ReconcileFacts): string {
  const whole = Math.max(seenPerSecond ?? 0, machinesPerSecond ?? 0);
  const percent = whole > 0 ? Math.ceil(((boundPerSecond ?? 0) / whole) * 100) : Number.POSITIVE_INFINITY;
  return percent > 100 ? 'too little to tell them apart' : `they agree within ${Math.max(1, percent)} %`;
}
