import type { ChartView, SentenceView } from '../model/view.ts';
import { MINUTE_MS, type TimeRange } from '../time/range.ts';
import { windowWords } from '../time/window-words.ts';
import { formatDuration } from '../units/duration.ts';
import { rateText } from '../units/format-rate.ts';
import type { NowFacts } from './now-sentence.ts';
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

/** What the sentence of a fixed window is written from: all of it is of the window, only `sources` are of now. */
export interface WindowFacts extends Omit<NowFacts, 'rangeWords' | 'watch'> {
  range: TimeRange;
  nowMs: number;
}

/** A window that ended longer ago than this shows other machines and sources than it had. */
const NOW_MS = MINUTE_MS;

/**
 * The same two lines as of now, about a fixed window: what was measured in it, over all of it and not at its end, and
 * how much of it was not.
 */
export function writeWindowSentence(facts: WindowFacts): SentenceView {
  if (facts.sources.length === 0) return NOTHING_WATCHED;
  const parts = [
    ratePart(facts.redisGetsTitle, facts.redisGets),
    ratePart('database queries', facts.dbQueries),
    turnedAwayPart(facts.responses429),
  ].filter((part) => part !== null);
  const told = parts.length === 0 ? 'nothing was measured' : parts.join('; ');
  return { verdict: `${windowWords(facts.range, facts.nowMs)} ${told}.`, limit: limitLine(facts) };
}

function ratePart(title: string, chart: ChartView): string | null {
  if (chart.overall === null || chart.missing !== null) return null;
  const goal = chart.goals[0];
  const against = goal === undefined ? '' : `, ${againstGoal(chart.overall, goal, chart.unit)}`;
  return `${title} averaged ${rateText(chart.overall, chart.unit, 'h')}${against}${historyWords(chart)}`;
}

function turnedAwayPart(chart: ChartView): string | null {
  const { overall } = chart;
  if (overall === null || chart.missing !== null) return null;
  if (overall > 0) return count429(overall) + historyWords(chart);
  if (isAllRemembered(chart)) return null;
  const knownMs = watchedMs(chart);
  return knownMs === null
    ? 'no response was 429'
    : `no response was 429 in the ${formatDuration(knownMs)} watched`;
}

function limitLine(facts: WindowFacts): string | null {
  const limits = [
    ...partial(facts).slice(0, 1),
    ...untold(facts).slice(0, 1),
    ...(facts.nowMs - facts.range.endMs > NOW_MS ? ['Mode, machines and sources are those of now.'] : []),
  ];
  return limits.length === 0 ? null : limits.map(capital).join(' ');
}

function partial({ redisGetsTitle, redisGets, dbQueries, range }: WindowFacts): string[] {
  const all = formatDuration(range.endMs - range.startMs);
  const charts: [string, ChartView][] = [
    [redisGetsTitle, redisGets],
    ['database queries', dbQueries],
  ];
  return charts.flatMap(([title, chart]) => {
    const knownMs = chart.missing === null ? watchedMs(chart) : null;
    return knownMs === null ? [] : [`${title} were watched for ${formatDuration(knownMs)} of these ${all}.`];
  });
}

function untold({ redisGetsTitle, redisGets, dbQueries, responses429 }: WindowFacts): string[] {
  const words = [
    missingWords(redisGetsTitle, redisGets),
    missingWords('Database queries', dbQueries),
    missingWords('429s', responses429),
  ];
  return words.filter((text) => text !== null);
}
