import type { Measure } from '@/lib/core/reconcile/measure.ts';
import type { ShareRow } from '@/lib/core/reconcile/metrics-page-view.ts';
import { formatDelta } from '@/lib/core/units/format-delta.ts';
import { valueText } from '@/lib/core/units/format-value.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import type { TableColumn } from './commands-table.tsx';

/** Changes too small to write with three digits before the exponent are none. */
const SMALLEST_CHANGE = 0.000_5;

function deltaText(before: number | null, now: number | null): string {
  const isSame =
    before !== null && now !== null && before > 0 && Math.abs(now - before) < SMALLEST_CHANGE * before;
  return formatDelta(before, isSame ? before : now, 'commands');
}

/** How the tables of the page are read. */
export interface TableLook {
  now: Measure;
  /** Of the second window, which has requests of its own. */
  before: Measure;
  /** `right before`; null when no second window is shown. */
  beforeLabel: string | null;
  /** Numbers alone, without lines. */
  asTable: boolean;
}

/** Rate, share and shape: the columns that every table has. */
export function shareColumns<Row extends ShareRow>(
  heading: string,
  { now, before, beforeLabel, asTable }: TableLook,
): readonly TableColumn<Row>[] {
  const all: (TableColumn<Row> | null)[] = [
    {
      heading: `${heading}, ${now.words}`,
      isNumber: true,
      cell: ({ perSecond }) => now.text(perSecond),
      csv: ({ perSecond }) => now.value(perSecond),
    },
    {
      heading: 'Share',
      isNumber: true,
      cell: ({ share }) => valueText(share, 'ratio'),
      csv: ({ share }) => share,
    },
    beforeLabel === null
      ? null
      : {
          heading: beforeLabel,
          isNumber: true,
          cell: ({ perSecond, beforePerSecond }) => (
            <>
              {before.text(beforePerSecond)}
              <span className="text-ink-3">
                {' '}
                {deltaText(before.value(beforePerSecond), now.value(perSecond))}
              </span>
            </>
          ),
          csv: ({ beforePerSecond }) => before.value(beforePerSecond),
        },
    asTable
      ? null
      : { heading: 'Over time', isWide: true, cell: ({ points }) => <Sparkline points={points} /> },
  ];
  return all.filter((column) => column !== null);
}
