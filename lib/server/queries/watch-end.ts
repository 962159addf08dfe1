import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Runtime } from '../runtime.ts';

/** When the watch that a scope is on ends; null while none runs. */
export function readWatchEndMs(
  { watches }: Pick<Runtime, 'watches'>,
  scope: Scope,
  nowMs: number,
): number | null {
  const record = watches?.currentNow(scope) ?? null;
  return record !== null && record.closedMs === null && record.endMs > nowMs ? record.endMs : null;
}
