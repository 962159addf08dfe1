'use client';

import { createContext, useContext } from 'react';
import type { StretchView } from '@/lib/core/chart/geometry.ts';
import type { ChartScale } from '@/lib/core/chart/scale.ts';
import type { FrozenChartId } from '@/lib/core/model/share.ts';
import type { MarkView, OriginView } from '@/lib/core/model/view.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Zone } from '@/lib/core/units/zone.ts';

/** What all charts of a page share and the address of the page keeps; callbacks are null where nothing can be changed. */
export interface ChartPage {
  zone: Zone;
  scale: ChartScale;
  onScale: ((scale: ChartScale) => void) | null;
  /** All charts as tables. */
  asTable: boolean;
  /** A range was chosen by dragging over a chart. */
  onZoom: ((range: TimeRange) => void) | null;
  /** Deploys and like events, drawn on every chart. */
  marks: readonly MarkView[];
  /** Shows or hides them on all charts; left out where that cannot be chosen. */
  marksSwitch?: { isOn: boolean; onSwitch: () => void };
  /** Opens what makes a link to a frozen copy of one chart; left out where nothing is shared. */
  onShare?: (asked: { chart: FrozenChartId; title: string; range: TimeRange }) => void;
  /** The deploy that time is counted from (T₀). */
  origin: OriginView | null;
  /** Stretches of time that are marked on every chart; none where it is left out. */
  stretches?: readonly StretchView[];
}

const ALONE: ChartPage = {
  zone: 'UTC',
  scale: 'level',
  onScale: null,
  asTable: false,
  onZoom: null,
  marks: [],
  origin: null,
};

/** One per page; a chart without a page around it stands alone, in UTC. */
export const ChartPageContext = createContext<ChartPage>(ALONE);

/** What the page of this chart says. */
export function useChartPage(): ChartPage {
  return useContext(ChartPageContext);
}
