import type { FrozenCopy } from '../model/share.ts';

/** Said in place of an amount. */
const WHY = 'left out of this copy';

/**
 * The copy without figures in dollars: amounts in impact and claims are null, charts of them and the plans drawn into
 * others go. `leave` is told of each with a name of its own.
 */
export function withoutMoney(copy: FrozenCopy, leave: (key: string) => void): FrozenCopy {
  return {
    ...copy,
    impact: copy.impact.map((figure) => {
      if (figure.unit !== 'usd' || figure.value === null) return figure;
      leave(`impact ${figure.id}`);
      return { ...figure, value: null, why: WHY };
    }),
    claims: copy.claims.map((claim) => {
      if (claim.unit !== 'usd') return claim;
      leave(`claim ${claim.id}`);
      return { ...claim, before: null, promised: null, measured: null };
    }),
    charts: copy.charts.flatMap((chart) => {
      if (chart.view.unit === 'usd') {
        leave(`chart ${chart.id}`);
        return [];
      }
      for (const { text } of chart.view.plans) leave(`plan ${text}`);
      return [{ ...chart, view: { ...chart.view, plans: [] } }];
    }),
  };
}
