import type { Unit } from '../metrics/catalogue/entry.ts';
import type { ChangeView, ChartView } from '../model/view.ts';
import { type Formatted, NO_DATA } from '../units/decimal.ts';
import { formatDelta, formatTimes } from '../units/format-delta.ts';
import { formatRate, type RateWindow } from '../units/format-rate.ts';
import { formatValue } from '../units/format-value.ts';

/** A level before and after, in words that can be set in several sizes. */
export interface ChangeWords {
  before: Formatted;
  after: Formatted;
  /** `−96.7 %`, `+33.4 pp`; `–` when there was nothing before to compare with. */
  delta: string;
  /** `30.5× fewer`; null where a factor says nothing (ratios, small changes, a side that is 0). */
  factor: string | null;
  /** `733K/h → 24.0K/h, −96.7 %, 30.5× fewer`. */
  text: string;
}

/** Below this a factor is harder to read than the percentage beside it. */
const LEAST_FACTOR = 1.5;

const comparatives = (unit: Unit): { down: string; up: string } => {
  switch (unit) {
    case 'seconds':
    case 'state':
      return { down: 'lower', up: 'higher' };
    case 'bytes':
    case 'usd':
      return { down: 'less', up: 'more' };
    case 'ratio':
    case 'commands':
    case 'queries':
    case 'transactions':
    case 'requests':
    case 'responses':
    case 'connections':
    case 'keys':
    case 'lookups':
    case 'events':
    case 'errors':
    case 'rows':
    case 'locks':
    case 'restarts':
    case 'samples':
    case 'processes':
      return { down: 'fewer', up: 'more' };
    default:
      return unit satisfies never;
  }
};

/** A level of this chart: rates with their window, counts and values as they are. */
function levelOf(chart: Pick<ChartView, 'as' | 'unit'>, value: number, window: RateWindow): Formatted {
  return chart.as === 'rate' ? formatRate(value, chart.unit, window) : formatValue(value, chart.unit);
}

function factorOf({ before, after }: ChangeView, unit: Unit): string | null {
  if (unit === 'ratio' || before <= 0 || after <= 0) return null;
  const times = after < before ? before / after : after / before;
  if (!Number.isFinite(times) || times < LEAST_FACTOR) return null;
  const { down, up } = comparatives(unit);
  return `${formatTimes(times)} ${after < before ? down : up}`;
}

/** What changed at T₀, as parts and as one text; null when the chart knows no level before and after. */
export function describeChange(
  chart: Pick<ChartView, 'as' | 'unit' | 'change'>,
  window: RateWindow,
): ChangeWords | null {
  const { change } = chart;
  if (change === null || !Number.isFinite(change.before) || !Number.isFinite(change.after)) return null;
  const before = levelOf(chart, change.before, window);
  const after = levelOf(chart, change.after, window);
  const delta = formatDelta(change.before, change.after, chart.unit);
  const factor = factorOf(change, chart.unit);
  const pair = `${before.text}${before.suffix} → ${after.text}${after.suffix}`;
  return {
    before,
    after,
    delta,
    factor,
    text: [pair, ...(delta === NO_DATA ? [] : [delta]), ...(factor === null ? [] : [factor])].join(', '),
  };
}
