import type { Unit } from '../../metrics/catalogue/entry.ts';
import type { RunbookStep } from '../../model/alert.ts';
import { MINUTE_MS } from '../../time/range.ts';
import { formatClock } from '../../units/clock.ts';
import { rateText, WINDOW_SECONDS } from '../../units/format-rate.ts';
import { valueText } from '../../units/format-value.ts';
import type { SeriesFact, WatchedSeries } from '../facts/series.ts';
import type { AlertFacts, ModeFact } from '../facts.ts';
import { flyStep } from './redis-runbook.ts';
import type { AlertChartName, RunbookPlace } from './rule.ts';

const UNITS: Record<WatchedSeries, Unit> = {
  redis_gets: 'commands',
  db_queries: 'queries',
  requests: 'requests',
  limited: 'responses',
  server_errors: 'responses',
  latency_p95: 'seconds',
};

const CHARTS: Record<WatchedSeries, AlertChartName> = {
  redis_gets: 'redis_gets',
  db_queries: 'db_queries',
  requests: 'responses',
  limited: 'responses_429',
  server_errors: 'responses_5xx',
  latency_p95: 'latency_p95',
};

/** The chart of a watched series; null for any other subject. */
export function seriesChart(subject: string): AlertChartName | null {
  return Object.hasOwn(CHARTS, subject) ? CHARTS[subject as WatchedSeries] : null;
}

/** Levels of one series in the same unit and window: `733K/h`, `900 ms`. */
export function levelTexts(series: WatchedSeries, levels: readonly number[]): string[] {
  const unit = UNITS[series];
  if (unit === 'seconds') return levels.map((level) => valueText(level, unit));
  // An hour, as the promises of summaries are told; less often, by the day.
  const window = Math.max(0, ...levels) * WINDOW_SECONDS.h >= 1 ? 'h' : 'day';
  return levels.map((level) => rateText(level, unit, window));
}

/** `5 min`, `2 h`. */
export function windowText(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  return minutes >= 120 ? `${Math.round(minutes / 60)} h` : `${minutes} min`;
}

/** `×4.2 of what is usual`, as a pair; empty where nothing is usual. */
export function againstUsual(value: number, expected: number): { what: string; text: string }[] {
  if (!(expected > 0)) return [];
  const ratio = value / expected;
  return [{ what: 'Against usual', text: `×${ratio >= 10 ? Math.round(ratio) : ratio.toPrecision(2)}` }];
}

/** `v1206 began at 20:34Z.` while the latest deploy may have something to do with it; null without one. */
export function sinceDeploy({ deploy }: Pick<AlertFacts, 'deploy'>): string | null {
  return deploy === null
    ? null
    : `The latest deploy, ${deploy.release}, began at ${formatClock(deploy.startMs)}.`;
}

/** Sentences as one text; null without any. */
export function sentences(parts: readonly (string | null)[]): string | null {
  const told = parts.filter((part) => part !== null && part !== '');
  return told.length === 0 ? null : told.join(' ');
}

/** Series that depend on Redis say nothing of a deploy while it is off on purpose. */
export function suspendedReason(mode: ModeFact | null): string | null {
  if (mode?.mode !== 'suspended_by_us') return null;
  const since = mode.sinceMs === null ? '' : ` since ${formatClock(mode.sinceMs)}`;
  return `Redis suspended on purpose${since}`;
}

/** The fact of one series; null where nothing tells it. */
export function seriesOf({ series }: Pick<AlertFacts, 'series'>, name: WatchedSeries): SeriesFact | null {
  return series.find((one) => one.series === name) ?? null;
}

/** Whether the latest deploy did it, and the way back. */
export function deploySteps(place: RunbookPlace): RunbookStep[] {
  return [
    {
      text: 'See what the latest deploy promised, and what was measured.',
      command: 'npm run -s afterwatch -- verdict latest',
    },
    flyStep(place, 'See which releases went out, and when.', 'fly releases'),
    {
      text: 'If it began with a deploy and hurts, go back to the release before; then find the cause in peace.',
      command: null,
    },
  ];
}
