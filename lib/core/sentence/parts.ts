import { historyText } from '../chart/history-stretches.ts';
import type { Unit } from '../metrics/catalogue/entry.ts';
import type { ChartView } from '../model/view.ts';
import { overlapMs } from '../time/range.ts';
import { rateText } from '../units/format-rate.ts';
import { valueText } from '../units/format-value.ts';

/** Said where nothing is configured. */
export const NOTHING_WATCHED = {
  verdict: 'Nothing is watched yet.',
  limit: 'Set REDIS_URL, DATABASE_URL or APP_METRICS_URLS, or write an afterwatch.yml.',
};

/** `within the target of 36.7K/h`, `over the target of 36.7K/h`. */
export function againstGoal(value: number, goal: ChartView['goals'][number], unit: Unit): string {
  const target = rateText(goal.value, unit, 'h');
  const kept = goal.direction === 'atMost' ? value <= goal.value : value >= goal.value;
  const side = value <= goal.value ? 'under' : 'over';
  return kept ? `within the target of ${target}` : `${side} the target of ${target}`;
}

/** `1 response was 429`, `12 responses were 429`: never rounded to none. */
export function count429(total: number): string {
  const count = Math.max(1, Math.round(total));
  return `${valueText(count, 'responses')} ${count === 1 ? 'response was' : 'responses were'} 429`;
}

/** Less than this share of a range missing is not worth a word. */
const WORTH_A_WORD = 0.05;

/**
 * Time of the range in which we watched the chart ourselves, so without what a provider remembers; null when so little is
 * missing that it is not worth a word.
 */
export function watchedMs({
  range,
  gaps,
  history = [],
}: Pick<ChartView, 'range' | 'gaps' | 'history'>): number | null {
  const spanMs = range.endMs - range.startMs;
  const missingMs = [...gaps, ...history].reduce((sum, part) => sum + overlapMs(part, range), 0);
  return missingMs <= WORTH_A_WORD * spanMs ? null : Math.max(0, spanMs - missingMs);
}

/** True where all that a chart tells comes from a provider's memory: nothing of it may be said as seen by us. */
export function isAllRemembered({ coverage }: Pick<ChartView, 'coverage'>): boolean {
  return coverage !== undefined && coverage.measuredMs === 0;
}

/** `, partly from Prometheus’ own history`; empty where all was measured. */
export function historyWords(chart: Pick<ChartView, 'coverage' | 'history'>): string {
  const [span] = chart.history ?? [];
  if (span === undefined) return '';
  return `, ${isAllRemembered(chart) ? '' : 'partly '}${historyText(span)}`;
}

/** Why a chart has nothing to say; null when it has. */
export function missingWords(title: string, chart: ChartView): string | null {
  if (chart.missing === null) return null;
  const reason = chart.missing.reason;
  return `${title} can’t be told: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
