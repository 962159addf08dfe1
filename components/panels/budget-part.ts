import type { BudgetPart, BudgetView } from '@/lib/core/model/budget.ts';
import type { PanelState } from '../ui/panel-frame.tsx';

/** The state of a part of the page: its rows, or why there are none and what would bring them. */
export function partState(view: Pick<BudgetView, 'whys'>, part: BudgetPart, rows: number): PanelState {
  if (rows > 0) return { kind: 'ready' };
  const why = view.whys?.[part];
  return { kind: 'empty', text: why?.reason ?? 'Nothing is known of it here.', fix: why?.fix ?? null };
}
