import type { ChartView, MarkKind, MarkView, OriginView } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';
import type { RateWindow } from '../units/format-rate.ts';
import type { Zone } from '../units/zone.ts';
import type { GapLabel, Label } from './labels.ts';
import type { PlotWidth } from './plot-width.ts';
import type { ChartScale } from './scale.ts';

/** Everything that decides what a chart looks like. */
export interface ChartInput {
  chart: ChartView;
  variant: 'line' | 'bars';
  /** Window that rates are written with. */
  window: RateWindow;
  scale: ChartScale;
  /** Where clock times are read. */
  zone: Zone;
  /** Deploys and like events, oldest first; those out of sight are left out. */
  marks: readonly MarkView[];
  /** The deploy that time is counted from. */
  origin: OriginView | null;
  /** Stretches of time to be seen at one glance, such as those in which an alert fired; none where it is left out. */
  stretches?: readonly StretchView[];
  /** Whole height, time labels included. */
  heightPx: number;
}

/** A stretch of time on a chart, and what it is: `fired for 6 m`. */
export interface StretchView extends TimeRange {
  title: string;
}

/** Percent of the plot's width; a short one has no width that could be seen. */
export interface StretchGeometry {
  x: number;
  width: number;
  title: string;
}

/** A place in the plot: `x` in percent of its width, `y` in px from the top. */
export interface PlotPoint {
  x: number;
  y: number;
}

export interface YTick {
  y: number;
  /** Height in the plot, 0–1. */
  share: number;
  text: string;
}

export interface XTick {
  /** Percent of the plot's width. */
  x: number;
  atMs: number;
  text: string;
  /** A narrow plot leaves this one out. */
  minor: boolean;
}

/** `T₀ v1206`, `T+1h`: where it stands and on which plots there is room for it. */
export interface OriginTick {
  x: number;
  atMs: number;
  text: string;
  /** Shorter, for a narrow plot. */
  textNarrow: string;
  /** Plots on which there is room for it. */
  on: readonly PlotWidth[];
}

/** One drawn point of a line. */
export interface DrawnPoint {
  /** Where it is drawn: the middle of its bucket. */
  atMs: number;
  /** Height in the plot, 0–1; null where nothing was measured. */
  share: number | null;
  /** Base unit. */
  value: number | null;
}

export interface LineGeometry {
  key: string;
  label: string;
  /** Closed buckets, thinned out so that every minimum and maximum survives. */
  drawn: readonly DrawnPoint[];
  /** The bucket that is still open; null when the last one is closed or was not measured. */
  open: DrawnPoint | null;
  /** Closed buckets; `x` of paths is in thousandths of the plot's width (`PATH_WIDTH`). Made when first read. */
  path: string;
  /** From the last closed bucket to the open one; empty when there is none. */
  partialPath: string;
  area: string;
  /** Newest closed bucket, or the open one when there is no other; `value` in the base unit. */
  end: (PlotPoint & { value: number }) | null;
  /** Measured closed buckets before thinning out. */
  measured: number;
  /** Value and start of the newest closed bucket, base unit. */
  lastClosed: { atMs: number; value: number } | null;
}

/** A label that stands on the plot itself, with a rim of canvas. */
export interface PlacedText extends PlotPoint {
  text: string;
  anchor: 'start' | 'middle' | 'end';
}

export interface UsualGeometry {
  /** The middle of the days. */
  path: string;
  /** Area between 10 and 90 %. */
  band: string;
  /** Where the line ends; null when it lies outside the plot altogether. */
  end: PlotPoint | null;
  /** Null where there is no free place on the plot: it is then named among the labels. */
  label: PlacedText | null;
}

export type ComparisonGeometry = Omit<UsualGeometry, 'band'>;

/** A horizontal line: a goal, a plan, or the level before. */
export interface LevelGeometry {
  /** Null when the level lies outside the plot; it is then named at that edge. */
  y: number | null;
  edge: 'top' | 'bottom' | null;
  /** Percent of the plot's width where the line begins; it ends at the right edge. */
  fromX: number;
  text: string;
}

/** How a mark is written on plots of one width: its name, its glyph alone, or only its line. */
export interface ChipGeometry {
  form: 'text' | 'glyph' | 'line';
  /** Which part of the chip stands at `chipX`; at an edge it grows inwards. */
  anchor: 'start' | 'middle' | 'end';
}

export interface MarkGeometry {
  id: string;
  kind: MarkKind;
  release: string;
  /** First machine, percent, clamped into the plot. */
  x: number;
  /** Last machine of a rolling deploy, percent; null when there is no band. */
  endX: number | null;
  /** Outside the range it is clamped at that edge, with an arrow. */
  side: 'inside' | 'before' | 'after';
  minor: boolean;
  href: string | null;
  /** `2/3 machines on v1203`, `v1206, 22:10Z`: said when it is pointed at. */
  title: string;
  chips: Readonly<Record<PlotWidth, ChipGeometry>>;
}

/** A level in an inset with its name, both in px from the top of the inset. */
export interface InsetLevel {
  y: number;
  textY: number;
  text: string;
}

/** The line after a large drop on its own scale; px from the top of the inset's box, `x` of paths in thousandths. */
export interface InsetPlacement {
  heightPx: number;
  /** Top and zero line of the plot inside the box. */
  topY: number;
  baseY: number;
  ticks: readonly { y: number; text: string }[];
  path: string;
  partialPath: string;
  area: string;
  goals: readonly InsetLevel[];
  plans: readonly InsetLevel[];
  /** Where names of levels begin, percent: behind the fall itself, which comes in from the top. */
  textX: number;
  /** End of the line, and where its value is written. */
  end: (PlotPoint & { textY: number }) | null;
}

export interface InsetGeometry {
  title: string;
  /** Newest level, for bold type: `24.0K/h`. */
  value: string;
  /** Around the after-line in the main plot: left edge in percent (right is the plot's), heights in px. */
  box: { x: number; topY: number; baseY: number };
  /**
   * In the empty space of the main plot: from `x` percent to the right edge and into the margin, `y` px from the top.
   * Null where the plot is too low for it.
   */
  beside: (InsetPlacement & { x: number; y: number }) | null;
  /** Under the axis at full width, for a narrow plot. */
  below: InsetPlacement;
}

export interface GapGeometry {
  /** Percent of the plot's width. */
  x: number;
  width: number;
  reason: string;
  /** How the reason is written on plots of each width; null where there is no room. */
  labels: Readonly<Record<PlotWidth, GapLabel | null>>;
  /** True where the reason stands in the margin of wide plots: at the right edge, too narrow for lines. */
  isBeside: boolean;
}

/** A stretch that a provider remembers and we did not measure. */
export interface HistoryGeometry {
  /** Percent of the plot's width. */
  x: number;
  width: number;
  /** Where its words stand, px from the top: where the line is not. */
  textY: number;
  /** `from Prometheus’ own history`, or shorter where that has no room; null without any. */
  texts: Readonly<Record<PlotWidth, string | null>>;
}

/** Paths of bars; `x` in thousandths of the plot's width. */
export interface BarsGeometry {
  closed: string;
  open: string;
  /** A measured zero keeps a mark on the axis. */
  measuredFloor: string;
  /** True when bars are wide enough to stand 1 px apart. */
  apart: boolean;
}

/** The shelf of a log axis: measured zeros stand at `zeroY`, the lowest decade begins at `floorY`. */
export interface ShelfGeometry {
  zeroY: number;
  floorY: number;
  /** Said in the gap between them. */
  text: string;
}

/** Where everything of a chart stands: `x` in percent of the plot's width, `y` in px from the top. */
export interface ChartGeometry {
  heightPx: number;
  topY: number;
  baseY: number;
  /** The scale that is really drawn. */
  scale: ChartScale;
  /** Why it is another one than was asked for; null when it is not. */
  scaleRemark: string | null;
  /** Height in the plot of a value in the base unit, 0–1, clamped; on a log axis zero has its shelf. */
  share: (value: number) => number;
  /** The same in px from the top. */
  yOf: (value: number) => number;
  yTicks: readonly YTick[];
  xTicks: readonly XTick[];
  /** Empty when no deploy is followed, it lies after the range, or the plot is low. */
  originTicks: readonly OriginTick[];
  shelf: ShelfGeometry | null;
  lines: readonly LineGeometry[];
  bars: BarsGeometry;
  usual: UsualGeometry | null;
  comparison: ComparisonGeometry | null;
  plans: readonly LevelGeometry[];
  goals: readonly LevelGeometry[];
  marks: readonly MarkGeometry[];
  inset: InsetGeometry | null;
  gaps: readonly GapGeometry[];
  history: readonly HistoryGeometry[];
  /** Those in sight, cut at the edges. */
  stretches: readonly StretchGeometry[];
  /** Counter restarts, percent. */
  resets: readonly number[];
  /** For the margin at the right of a wide plot, kept apart. */
  labels: readonly Label[];
  /** For the right end of a narrow plot, above their lines, kept apart. */
  labelsNarrow: readonly Label[];
}
