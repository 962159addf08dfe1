import type { ChartView, Point } from '../model/view.ts';
import { type Columns, columnsOf } from './columns.ts';
import { decimate, MAX_DRAWN_POINTS } from './decimate.ts';
import type { ComparisonGeometry, PlotPoint, UsualGeometry } from './geometry-types.ts';
import { labelOnLine, type Obstacle, type Surroundings } from './label-on-line.ts';
import type { Ruler } from './lines.ts';
import { linePath, type Place, segments } from './path.ts';
import { pointAtMs } from './timeline.ts';
import { PATH_WIDTH, xPath } from './x-place.ts';

const toPercent = (place: Place | null): PlotPoint | null =>
  place && { x: place.x / (PATH_WIDTH / 100), y: place.y };

function placesOf(points: readonly Point[], chart: ChartView, yOf: Ruler['yOf']): (Place | null)[] {
  return points.map(([startMs, value]) =>
    value === null ? null : { x: xPath(pointAtMs(startMs, chart), chart.range), y: yOf(value) },
  );
}

type BandPoint = NonNullable<ChartView['usual']>['band'][number];

/** At most `MAX_DRAWN_POINTS` steps of a band: the widest of every stretch, none where one of the stretch is missing. */
function thinBand(band: readonly BandPoint[]): readonly BandPoint[] {
  const size = Math.ceil(band.length / MAX_DRAWN_POINTS);
  if (size <= 1) return band;
  const thin: BandPoint[] = [];
  for (let from = 0; from < band.length; from += size) {
    const stretch = band.slice(from, from + size);
    const [first] = stretch;
    if (first === undefined) continue;
    const lows = stretch.map(([, low]) => low);
    const highs = stretch.map(([, , high]) => high);
    const isWhole = [...lows, ...highs].every((value) => value !== null);
    const measured = (list: readonly (number | null)[]) =>
      list.flatMap((value) => (value === null ? [] : [value]));
    thin.push([
      first[0],
      isWhole ? Math.min(...measured(lows)) : null,
      isWhole ? Math.max(...measured(highs)) : null,
    ]);
  }
  return thin;
}

/** The band from 10 to 90 %, one closed area for every stretch without a gap. */
function bandPath(chart: ChartView, yOf: Ruler['yOf']): string {
  const band = thinBand(chart.usual?.band ?? []);
  const edge = (pick: (low: number, high: number) => number) =>
    segments(
      placesOf(
        band.map(([at, low, high]): Point => [at, low === null || high === null ? null : pick(low, high)]),
        chart,
        yOf,
      ),
    );
  const lows = edge((low) => low);
  return edge((_, high) => high)
    .map((high, index) =>
      high.length < 2 ? '' : `${linePath([[...high, ...(lows[index] ?? []).toReversed()]])}Z`,
    )
    .join('');
}

/** The usual line with its band, and the second window; each null when the chart does not know it. */
export function layOutContext(
  chart: ChartView,
  yOf: Ruler['yOf'],
  isInSight: (value: number) => boolean,
  around: Surroundings,
): { usual: UsualGeometry | null; comparison: ComparisonGeometry | null } {
  // Above the plot a line stops: lying along its edge it would tell another value.
  const draw = (points: readonly Point[]) =>
    placesOf(
      decimate(points).map(
        ([atMs, value]): Point => [atMs, value !== null && isInSight(value) ? value : null],
      ),
      chart,
      yOf,
    );
  const usual = chart.usual && contextLine(chart.usual.label, draw(chart.usual.points));
  const comparison = chart.comparison && contextLine(chart.comparison.label, draw(chart.comparison.points));
  const compared =
    comparison &&
    layOutLine(comparison, usual === null ? around : { ...around, lines: [...around.lines, usual.columns] });
  const taken = compared?.label ? [textObstacle(compared.label)] : [];
  return {
    usual: usual && {
      ...layOutLine(usual, {
        ...around,
        lines: comparison === null ? around.lines : [...around.lines, comparison.columns],
        obstacles: [...around.obstacles, ...taken],
      }),
      band: bandPath(chart, yOf),
    },
    comparison: compared,
  };
}

interface ContextLine {
  name: string;
  places: readonly (Place | null)[];
  /** The same in percent. */
  points: readonly PlotPoint[];
  columns: Columns;
}

function contextLine(name: string, places: readonly (Place | null)[]): ContextLine {
  const inPercent = places.map(toPercent);
  return {
    name,
    places,
    points: inPercent.filter((place) => place !== null),
    columns: columnsOf([inPercent]),
  };
}

const layOutLine = (
  { name, places, points, columns }: ContextLine,
  near: Surroundings,
): ComparisonGeometry => ({
  path: linePath(segments(places)),
  end: points.at(-1) ?? null,
  label: labelOnLine(name, points, columns, near),
});

const textObstacle = ({ x, y }: PlotPoint): Obstacle => ({
  fromX: x - 16,
  toX: x + 16,
  topY: y - 11,
  bottomY: y + 3,
});
