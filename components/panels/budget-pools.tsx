import type { BudgetPool, BudgetView } from '@/lib/core/model/budget.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { Value } from '../ui/figure.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { partState } from './budget-part.ts';
import { BudgetTable } from './budget-table.tsx';

/** Could the machines open more connections than the database takes: steady, at a deploy, at the most machines? */
export function BudgetPools({ view }: Readonly<{ view: Pick<BudgetView, 'pools' | 'whys'> }>) {
  return (
    <PanelFrame
      title="Connections"
      question="Does the pool fit, also at a deploy?"
      state={partState(view, 'pools', view.pools.length)}
    >
      <BudgetTable
        caption="Pools of all machines against what the database takes"
        heads={[
          'Database',
          'Takes',
          'Open now',
          'Steady',
          'Rolling deploy',
          'Old and new machines at once',
          'Most machines',
        ]}
        rows={view.pools.map((pool) => ({
          id: pool.id,
          note: poolText(pool),
          cells: [
            pool.name,
            countText(pool.allowed),
            countText(pool.usedNow),
            <Against key="steady" value={pool.steady} pool={pool} />,
            <Against key="rolling" value={pool.rollingPeak} pool={pool} />,
            <Against key="deploy" value={pool.deployPeak} pool={pool} />,
            <Against key="most" value={pool.maxScale?.connections ?? null} pool={pool} />,
          ],
        }))}
      />
    </PanelFrame>
  );
}

function poolText({ machines, perMachine, maxScale }: BudgetPool): string {
  const steady =
    machines === null || perMachine === null
      ? 'no machine tells the size of its pool'
      : `${machines} machines × ${perMachine} connections`;
  return maxScale === null ? steady : `${steady}; at most ${maxScale.machines} machines`;
}

function countText(value: number | null) {
  return <Value text={value === null ? NO_DATA : String(value)} />;
}

const NEAR = 0.8;

/** What could be open, with its share of what the database takes; a sign and a word where it is near or over. */
function Against({ value, pool: { allowed } }: Readonly<{ value: number | null; pool: BudgetPool }>) {
  if (value === null || allowed === null || allowed <= 0) return countText(value);
  const share = value / allowed;
  const standing = share > 1 ? 'over' : share >= NEAR ? 'near' : null;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      {standing !== null && <Glyph name={standing === 'over' ? 'bad' : 'warn'} size={14} />}
      {value}
      <span className="text-ink-3">
        {Math.round(share * 100)}&nbsp;%{standing !== null && `, ${standing}`}
      </span>
    </span>
  );
}
