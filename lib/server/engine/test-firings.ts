import 'server-only';
import type { AlertEvent } from '@/lib/core/alerts/alert-book.ts';
import type { BacktestFiring } from '@/lib/core/alerts/alerts-view.ts';
import type { AlertRuleId } from '@/lib/core/alerts/rules/rule.ts';

/** Firings of one rule as the engine had them, from what it wrote down. For tests of backtests. */
export function firingsOf(
  events: readonly AlertEvent[],
  rule: AlertRuleId,
): Pick<BacktestFiring, 'alertId' | 'startMs' | 'endMs'>[] {
  const found: Pick<BacktestFiring, 'alertId' | 'startMs' | 'endMs'>[] = [];
  for (const { id, what, atMs } of events.filter((event) => event.id.split(':')[0] === rule)) {
    const last = found.findLast((firing) => firing.alertId === id && firing.endMs === null);
    if (what === 'firing' && last === undefined) found.push({ alertId: id, startMs: atMs, endMs: null });
    if ((what === 'resolved' || what === 'retired') && last !== undefined) last.endMs = atMs;
  }
  return found;
}
