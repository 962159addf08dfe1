import { FAMILIES, NO_EFFECT, type SeriesFamily } from '../../lib/core/verdict/test-series.ts';
import { countOf, type Share, shareOf, upperBound } from './bounds.ts';
import { percent, withUpper } from './format.ts';
import { type NothingOutcome, WIDTHS_AT } from './made-measures.ts';
import type { GateRow, Plan, Section } from './plan.ts';
import type { RivalAlarms } from './rivals.ts';

/** Most that may be told wrongly of watches in which nothing changed (α = .05), its bound, and the same for α = .01. */
export const MOST_FALSE = 0.05;
export const MOST_FALSE_BOUND = 0.065;
const MOST_FALSE_ALARM = 0.015;

interface FamilyRow {
  name: string;
  days7: readonly NothingOutcome[];
  days14: readonly NothingOutcome[];
  rivals: readonly RivalAlarms[];
}

/** A/A: nothing changes. Ours with 7 and 14 days of baseline, and the rivals on the same watches. */
export async function nothingSection({ pool, seeds }: Plan): Promise<Section> {
  const measure = async (family: SeriesFamily | null, range: number): Promise<FamilyRow> => {
    const params = { family, effect: NO_EFFECT };
    const [days7, days14, rivals] = await Promise.all([
      pool.run('nothing', { ...params, days: 7 }, seeds(range, 1 / 2)),
      pool.run('nothing', { ...params, days: 14 }, seeds(range)),
      pool.run('rivals', { ...params, days: 14 }, seeds(range, 1 / 6)),
    ]);
    return { name: family?.name ?? 'any of the grid', days7, days14, rivals };
  };
  const weekend = FAMILIES.find(({ weekendDrop }) => weekendDrop > 0) ?? null;
  const [typed, ...rows] = await Promise.all([
    pool.run('nothing', { family: weekend, effect: NO_EFFECT, days: 28 }, seeds(9, 1 / 2)),
    ...[...FAMILIES, null].map((family, i) => measure(family, 10 + i)),
  ]);
  const shown = [
    ...rows.map(cellsOf),
    [
      `${weekend?.name}, 28 days`,
      '',
      percentOf(typed, 'false05'),
      '',
      percentOf(typed, 'false01'),
      widthsOf(typed),
    ],
  ];
  return {
    gates: [
      worst('nothing changed, α = .05, 14 days', rows, (row) => countOf(row.days14, (one) => one.false05)),
      worst('nothing changed, α = .05, 7 days', rows, (row) => countOf(row.days7, (one) => one.false05)),
      worst('nothing changed, α = .01, 14 days', rows, (row) => countOf(row.days14, (one) => one.false01), {
        most: MOST_FALSE_ALARM,
        bound: null,
      }),
    ],
    tables: [
      {
        title: 'When nothing changed',
        note: `Share of watches of 24 h with at least one look, one every 5 min from minute 15 on, whose interval leaves "no change" out; ${rows[0]?.days14.length} watches of each family with 14 days, ${rows[0]?.days7.length} with 7. Half-widths are means with 14 days. The rivals see the same watches minute by minute (${rows[0]?.rivals.length} of each family) and hold them against the same clock times of yesterday, or of the last three days; Kayenta asks for a control group beside the deploy, which nobody has who watches a full rollout.`,
        head: [
          'noise',
          'α .05, 7 days',
          '14 days',
          'α .01, 7 days',
          '14 days',
          'half-width 1 / 6 / 24 h',
          'Mann–Whitney p < .05',
          'p < .001',
          'Kayenta 98 %, .25',
          'Kayenta and ≥ 10 %',
          '+10 % of 3 days',
        ],
        rows: shown,
      },
    ],
  };
}

function cellsOf({ name, days7, days14, rivals }: FamilyRow): string[] {
  return [
    name,
    percentOf(days7, 'false05'),
    percentOf(days14, 'false05'),
    percentOf(days7, 'false01'),
    percentOf(days14, 'false01'),
    widthsOf(days14),
    ...rivalCells(rivals),
  ];
}

/** Shares of watches in which each rival raised an alarm, in the order of the table. */
export function rivalCells(rivals: readonly RivalAlarms[]): string[] {
  const keys = ['mannWhitney05', 'mannWhitney001', 'kayenta', 'kayentaStrict', 'tenPercent'] as const;
  return keys.map((key) => percent(shareOf(countOf(rivals, (alarms) => alarms[key] !== null))));
}

function percentOf(outcomes: readonly NothingOutcome[], key: 'false05' | 'false01'): string {
  return percent(shareOf(countOf(outcomes, (one) => one[key])));
}

function widthsOf(outcomes: readonly NothingOutcome[]): string {
  const mean = (i: number) =>
    outcomes.reduce((sum, { widths }) => sum + (widths[i] ?? 0), 0) / outcomes.length;
  return `${WIDTHS_AT.map((_, i) => (100 * mean(i)).toFixed(mean(i) < 0.1 ? 1 : 0)).join(' / ')} %`;
}

/** The gate over all families at once, told by the worst of them: none may be dropped. */
export function worst<Row extends { name: string }>(
  name: string,
  rows: readonly Row[],
  shareIn: (row: Row) => Share,
  { most, bound }: { most: number; bound: number | null } = { most: MOST_FALSE, bound: MOST_FALSE_BOUND },
): GateRow {
  const shares = rows.map((row) => ({ row, share: shareIn(row) }));
  const holds = (share: Share) => shareOf(share) <= most && (bound === null || upperBound(share) <= bound);
  const [highest] = shares.toSorted((a, b) => shareOf(b.share) - shareOf(a.share));
  const kept = shares.filter(({ share }) => holds(share)).length;
  return {
    name: `${name}, every family`,
    measured:
      highest === undefined
        ? 'nothing'
        : `worst ${withUpper(highest.share)}, ${highest.row.name}; ${kept} of ${shares.length} hold`,
    gate: `≤ ${percent(most)}${bound === null ? '' : `, bound ≤ ${percent(bound)}`}`,
    holds: highest !== undefined && kept === shares.length,
  };
}
