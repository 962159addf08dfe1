import { percent } from '../verdict/format.ts';
import type { GateRow, Section, Table } from '../verdict/plan.ts';
import { gridOf, listPublicSeries, readPublicSeries } from '../verdict/public-series.ts';
import { HORIZONS, hoursOf, type Judged, judgeSeries, medianOf, NAIVE_NAMES } from './judge-series.ts';

type Horizon = (typeof HORIZONS)[number];
type OfSeries = Readonly<Record<Horizon, Judged>>;

/** Every so many hours a forecast is made: no divisor of a day, so that all hours of it have their turn. */
const STRIDE = 7;
/** An error below this is none: of two such neither is the better one. */
const NO_ERROR = 0.001;

/** The public series: every second one was tuned on, the others were held out. Null where they are not there. */
export function publicSection(folder: string): Section | null {
  const names = listPublicSeries(folder);
  if (names === null) return null;
  const judged = names.map((name) =>
    judgeSeries(hoursOf(gridOf(readPublicSeries(folder, name)).values), STRIDE),
  );
  const tuned = judged.filter((_, place) => place % 2 === 0);
  const heldOut = judged.filter((_, place) => place % 2 === 1);
  return {
    gates: HORIZONS.flatMap((ahead) => gatesOf(heldOut, ahead)),
    tables: [
      tableOf('Held out', `${heldOut.length} series that no number of the method was chosen on.`, heldOut),
      tableOf('Tuned on', `${tuned.length} series.`, tuned),
    ],
  };
}

function gatesOf(all: readonly OfSeries[], ahead: Horizon): GateRow[] {
  const held = all.flatMap((one) => one[ahead].held);
  const share = held.filter(Boolean).length / held.length;
  const ratios = NAIVE_NAMES.map((name) => ratioOf(all, ahead, name));
  const worst = Math.max(...ratios);
  return [
    {
      name: `the band holds what comes, ${ahead} h ahead`,
      measured: `${percent(share)} of ${held.length}`,
      gate: '85–97 %',
      holds: share >= 0.85 && share <= 0.97,
    },
    {
      name: `no naive forecast is better in the middle, ${ahead} h ahead`,
      measured: `error is ${worst.toFixed(2)} of the best naive one’s`,
      gate: '≤ 1.00',
      holds: worst <= 1,
    },
  ];
}

function tableOf(title: string, note: string, all: readonly OfSeries[]): Table {
  return {
    title,
    note: `${note} Error: of the use until then, as a share of it; the middle one of a series, and of all series. Then our error as a share of each naive one’s, the middle one of all series, and in how many of them ours is not larger. The band: share of forecasts that it held, and its width as a share of the forecast.`,
    head: ['ahead', 'forecasts', 'error', ...NAIVE_NAMES, 'band held', 'width'],
    rows: HORIZONS.map((ahead) => {
      const held = all.flatMap((one) => one[ahead].held);
      return [
        `${ahead} h`,
        String(held.length),
        percent(medianOf(all.map((one) => medianOf(one[ahead].ours)))),
        ...NAIVE_NAMES.map(
          (name) => `${ratioOf(all, ahead, name).toFixed(2)}, ${notLarger(all, ahead, name)}`,
        ),
        percent(held.filter(Boolean).length / held.length),
        percent(medianOf(all.map((one) => medianOf(one[ahead].widths)))),
      ];
    }),
  };
}

/** Our middle error over that of a naive forecast at the same moments, of one series; NaN where it had none. */
function ratiosOf(all: readonly OfSeries[], ahead: Horizon, name: (typeof NAIVE_NAMES)[number]): number[] {
  return all.flatMap((one) => {
    const { ours, naive } = one[ahead];
    const both = naive[name].flatMap((error, i) =>
      Number.isNaN(error) ? [] : [[ours[i] ?? 0, error] as const],
    );
    if (both.length === 0) return [];
    const us = medianOf(both.map(([error]) => error));
    const them = medianOf(both.map(([, error]) => error));
    return us < NO_ERROR && them < NO_ERROR ? [1] : [us / Math.max(them, NO_ERROR)];
  });
}

function ratioOf(all: readonly OfSeries[], ahead: Horizon, name: (typeof NAIVE_NAMES)[number]): number {
  return medianOf(ratiosOf(all, ahead, name));
}

function notLarger(all: readonly OfSeries[], ahead: Horizon, name: (typeof NAIVE_NAMES)[number]): string {
  const ratios = ratiosOf(all, ahead, name);
  return `${ratios.filter((ratio) => ratio <= 1).length} of ${ratios.length}`;
}
