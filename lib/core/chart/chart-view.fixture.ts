import type { ChartView, MarkView, Point } from '../model/view.ts';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import type { ChartInput } from './geometry.ts';

/** For tests: an evening of three hours in buckets of a minute, a deploy after the second hour. */
export const EVENING_MS = Date.UTC(2026, 3, 9, 20);
export const DEPLOY_MS = EVENING_MS + 2 * HOUR_MS;

/** A rate an hour as the store keeps it. */
export const perHour = (value: number) => value / 3_600;

/** One value a minute from `EVENING_MS` on. */
export function minutes(count: number, valueAt: (minute: number) => number | null): Point[] {
  return Array.from({ length: count }, (_, minute) => [EVENING_MS + minute * MINUTE_MS, valueAt(minute)]);
}

/** A chart of one line with nothing special about it. */
export function viewOf(points: readonly Point[], over: Partial<ChartView> = {}): ChartView {
  return {
    unit: 'commands',
    as: 'rate',
    range: { startMs: EVENING_MS, endMs: EVENING_MS + points.length * MINUTE_MS },
    stepMs: MINUTE_MS,
    lines: [{ key: 'all', label: 'GETs', quality: 'measured', points }],
    lastIsPartial: false,
    gaps: [],
    resets: [],
    goals: [],
    plans: [],
    usual: null,
    comparison: null,
    change: null,
    latest: null,
    overall: null,
    missing: null,
    note: null,
    stale: false,
    ...over,
  };
}

/** 733K GETs an hour, 24.0K after the deploy. */
export function dropView(over: Partial<ChartView> = {}): ChartView {
  const points = minutes(180, (minute) => perHour(minute < 120 ? 733_000 : minute < 122 ? 300_000 : 24_000));
  return viewOf(points, {
    goals: [{ direction: 'atMost', value: perHour(36_700), text: '36.7K/h' }],
    plans: [{ value: perHour(6_850), text: '$10/month plan' }],
    change: {
      before: perHour(733_000),
      after: perHour(24_000),
      beforeWords: 'mean of 24 h before',
      afterWords: 'mean since T+5m',
    },
    latest: { atMs: EVENING_MS + 3 * HOUR_MS, value: perHour(24_000) },
    ...over,
  });
}

/** A code deploy that was not rolling. */
export function markOf(release: string, startMs: number, over: Partial<MarkView> = {}): MarkView {
  return {
    id: release,
    release,
    kind: 'code',
    startMs,
    endMs: startMs,
    rolled: null,
    minor: false,
    href: null,
    ...over,
  };
}

/** A chart on a page that follows v1206. */
export function inputOf(chart: ChartView, over: Partial<ChartInput> = {}): ChartInput {
  return {
    chart,
    variant: 'line',
    window: 'h',
    scale: 'level',
    zone: 'UTC',
    marks: [markOf('v1206', DEPLOY_MS)],
    origin: { atMs: DEPLOY_MS, release: 'v1206' },
    heightPx: 278,
    ...over,
  };
}
