import type { SourceState } from '../model/source-state.ts';
import type { ChartView, SentenceView } from '../model/view.ts';
import type { WatchView } from '../model/watch.ts';
import { formatDuration } from '../units/duration.ts';
import { rateText } from '../units/format-rate.ts';
import { watchSentence } from '../watch/watch-sentence.ts';
import {
  againstGoal,
  capital,
  count429,
  historyWords,
  isAllRemembered,
  missingWords,
  NOTHING_WATCHED,
  watchedMs,
} from './parts.ts';

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
  /** The newest watch; null where none runs. */
  watch: WatchView | null;
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
 * Line one says whether the last deploy holds and what is known now, line two what holds it back. No number without a measurement: a chart without data is
 * left out of line one and named in line two.
 */
export function writeNowSentence(facts: NowFacts): SentenceView {
  if (facts.sources.length === 0) return NOTHING_WATCHED;
  const rates = [
    ratePart(facts.redisGetsTitle, facts.redisGets),
    ratePart('database queries', facts.dbQueries),
  ].filter((part) => part !== null);
  const turnedAway = turnedAwayPart(facts);
  const parts = [...rates, ...(turnedAway === null ? [] : [turnedAway])];
  const now = parts.length === 0 ? 'No rate can be told yet.' : `${capital(parts.join('; '))}.`;
  const held = heldLine(facts);
  return {
    verdict: held === null ? now : `${held.verdict} ${now}`,
    limit: limitLine(facts) ?? held?.limit ?? null,
  };
}

/** Whether the last deploy held; null where nothing is watched. */
function heldLine({ watch }: NowFacts): SentenceView | null {
  return watch === null || watch.claims.length === 0 ? null : watchSentence(watch);
}

function ratePart(title: string, chart: ChartView): string | null {
  if (chart.latest === null) return null;
  const goal = chart.goals[0];
  const value = rateText(chart.latest.value, chart.unit, 'h');
  // A number that is old is said as old: "are" would claim that we still know.
  const verb = chart.stale ? 'were last seen at' : 'are at';
  const against = goal === undefined ? '' : `, ${againstGoal(chart.latest.value, goal, chart.unit)}`;
  return `${title} ${verb} ${value}${against}`;
}

function turnedAwayPart({ responses429, rangeWords }: NowFacts): string | null {
  const { overall, stale } = responses429;
  // Silence while machines are not answering is no evidence that nobody was turned away.
  if (overall === null || responses429.missing !== null || (stale && overall === 0)) return null;
  if (overall === 0) {
    return isAllRemembered(responses429) ? null : `no 429s in ${watchedWords(responses429, rangeWords)}`;
  }
  return `${count429(overall)} in the ${rangeWords}${historyWords(responses429)}`;
}

/** `the last hour`, or how much of it was truly watched: an hour of silence is not told by two minutes. */
function watchedWords(chart: ChartView, rangeWords: string): string {
  const knownMs = watchedMs(chart);
  return knownMs === null
    ? `the ${rangeWords}`
    : `the ${formatDuration(knownMs)} watched of the ${rangeWords}`;
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
