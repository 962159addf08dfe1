import type { Unit } from '../metrics/catalogue/entry.ts';
import type { SourceState } from '../model/source-state.ts';
import type { ChartView, SentenceView } from '../model/view.ts';
import { overlapMs } from '../time/range.ts';
import { formatDuration } from '../units/duration.ts';
import { rateText } from '../units/format-rate.ts';
import { valueText } from '../units/format-value.ts';

/** What the sentence of the Now page is written from. */
export interface NowFacts {
  /** `Redis GETs`, or what the lower rung is called. */
  redisGetsTitle: string;
  redisGets: ChartView;
  dbQueries: ChartView;
  responses429: ChartView;
  /** `last hour` */
  rangeWords: string;
  sources: readonly { name: string; state: SourceState }[];
}

/** States in which a source gives no numbers now. */
const SILENT: ReadonlySet<SourceState> = new Set([
  'stale',
  'down',
  'refused',
  'limited',
  'paused_budget',
  'misconfigured',
]);

/**
 * Line one says what is known, line two what holds it back. No number without a measurement: a chart without data is
 * left out of line one and named in line two.
 */
export function writeNowSentence(facts: NowFacts): SentenceView {
  if (facts.sources.length === 0) {
    return {
      verdict: 'Nothing is watched yet.',
      limit: 'Set REDIS_URL, DATABASE_URL or APP_METRICS_URLS, or write an afterwatch.yml.',
    };
  }
  const rates = [
    ratePart(facts.redisGetsTitle, facts.redisGets),
    ratePart('database queries', facts.dbQueries),
  ].filter((part) => part !== null);
  const turnedAway = turnedAwayPart(facts);
  const parts = [...rates, ...(turnedAway === null ? [] : [turnedAway])];
  const verdict = parts.length === 0 ? 'No rate can be told yet.' : `${capital(parts.join('; '))}.`;
  return { verdict, limit: limitLine(facts) };
}

function ratePart(title: string, chart: ChartView): string | null {
  if (chart.latest === null) return null;
  const goal = chart.goals[0];
  const value = rateText(chart.latest.value, chart.unit, 'h');
  // A number that is old is said as old: "are" would claim that we still know.
  const verb = chart.stale ? 'were last seen at' : 'are at';
  const against = goal === undefined ? '' : `, ${comparison(chart.latest.value, goal, chart.unit)}`;
  return `${title} ${verb} ${value}${against}`;
}

function comparison(value: number, goal: ChartView['goals'][number], unit: Unit): string {
  const target = rateText(goal.value, unit, 'h');
  const kept = goal.direction === 'atMost' ? value <= goal.value : value >= goal.value;
  const side = value <= goal.value ? 'under' : 'over';
  return kept ? `within the target of ${target}` : `${side} the target of ${target}`;
}

function turnedAwayPart({ responses429, rangeWords }: NowFacts): string | null {
  const { overall, stale } = responses429;
  // Silence while machines are not answering is no evidence that nobody was turned away.
  if (overall === null || responses429.missing !== null || (stale && overall === 0)) return null;
  if (overall === 0) return `no 429s in ${watchedWords(responses429, rangeWords)}`;
  const count = Math.max(1, Math.round(overall));
  return `${valueText(count, 'responses')} ${count === 1 ? 'response was' : 'responses were'} 429 in the ${rangeWords}`;
}

/** Less than this share of a range missing is not worth a word. */
const WORTH_A_WORD = 0.05;

/** `the last hour`, or how much of it was truly watched: an hour of silence is not told by two minutes. */
function watchedWords({ range, gaps }: ChartView, rangeWords: string): string {
  const spanMs = range.endMs - range.startMs;
  const missingMs = gaps.reduce((sum, gap) => sum + overlapMs(gap, range), 0);
  if (missingMs <= WORTH_A_WORD * spanMs) return `the ${rangeWords}`;
  return `the ${formatDuration(Math.max(0, spanMs - missingMs))} watched of the ${rangeWords}`;
}

function limitLine(facts: NowFacts): string | null {
  const silent = facts.sources.filter(({ state }) => SILENT.has(state));
  const starting = facts.sources.filter(({ state }) => state === 'starting');
  const limits: string[] = [];
  if (silent.length > 0) limits.push(silentWords(silent, facts.sources.length));
  if (silent.length === 0 && starting.length > 0) limits.push('The first visits are under way.');
  const untold = [
    missingWords(facts.redisGetsTitle, facts.redisGets),
    missingWords('Database queries', facts.dbQueries),
    missingWords('429s', facts.responses429),
  ].filter((words) => words !== null);
  if (starting.length === 0 && silent.length === 0) limits.push(...untold.slice(0, 1));
  return limits.length === 0 ? null : capital(limits.join(' '));
}

function silentWords(silent: NowFacts['sources'], all: number): string {
  const names = silent.slice(0, 2).map(({ name }) => name);
  const more = silent.length - names.length;
  const list = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(' and ');
  const verb = silent.length === 1 ? 'gives' : 'give';
  return `${list} ${verb} no numbers now: ${all - silent.length} of ${all} sources can be trusted.`;
}

function missingWords(title: string, chart: ChartView): string | null {
  if (chart.missing === null) return null;
  const reason = chart.missing.reason;
  return `${title} can’t be told: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
