import type { BudgetLimit, EndForecast } from '../../model/budget.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../time/range.ts';
import { isStep } from './find-step.ts';
import { forecastUse, MOST_SILENT_HOURS, type UseAhead } from './forecast-use.ts';
import { toHours, type UseHistory } from './hours.ts';
import { pastUse } from './past-use.ts';

/** What is known of something that runs out. Amounts in the unit of the limit. */
export interface LimitQuestion {
  used: number;
  allowed: number;
  history: UseHistory;
  nowMs: number;
  /** When this period began; null or absent where it never did, or nobody tells. */
  startsMs?: number | null;
  /** When a new period begins. */
  renewsMs: number | null;
  /** Of the hour before now, where the history is too coarse to tell it. */
  perSecond?: number | null;
  /** When the level may have changed: deploys, settings, a resume. */
  steps?: readonly number[];
}

/** Where no period ends, it is looked so far ahead; what lasts so long lasts. */
export const OPEN_END_MS = 90 * DAY_MS;
/** A step younger than an hour is told by so many parts of it at least. */
const LEAST_PARTS = 2;

type Told = Pick<BudgetLimit, 'forecast' | 'lasts' | 'why' | 'past' | 'ahead'>;

/**
 * When something is used up: the likely time and the band that holds it nine times of ten, with the lines to draw. Null
 * and a reason where nothing is known of the last hours. See `FORECAST_METHOD`.
 */
export function forecastLimit(question: LimitQuestion): Told {
  const { used, allowed, nowMs, renewsMs } = question;
  const past = pastUse(question);
  const none = { forecast: null, lasts: false, past, ahead: [] };
  const hours = hoursUntilNow(question);
  const fromMs = hours.values.filter((hour) => hour !== null).length * HOUR_MS;
  if (used >= allowed) {
    const ended = { likelyMs: nowMs, earliestMs: nowMs, latestMs: nowMs, fromMs };
    return { ...none, forecast: ended, why: null };
  }
  if (fromMs === 0) return { ...none, why: 'less than half an hour of its use was seen' };
  const renews = renewsMs !== null && renewsMs > nowMs ? renewsMs : null;
  const endMs = renews ?? nowMs + OPEN_END_MS;
  const points = forecastUse(hours.values, hours.since, distancesTo((endMs - nowMs) / HOUR_MS));
  if (points === null)
    return { ...none, why: `nothing is known of its use in the last ${MOST_SILENT_HOURS} h` };
  const left = allowed - used;
  const hit = (of: 'lo' | 'likely' | 'hi') => hitMs(points, of, left, { nowMs, endMs });
  const forecast: EndForecast = {
    likelyMs: hit('likely'),
    earliestMs: hit('hi'),
    latestMs: hit('lo'),
    fromMs,
  };
  return {
    forecast,
    lasts: forecast.earliestMs === null,
    why: null,
    past,
    ahead: aheadOf(points, question, endMs),
  };
}

interface Hours {
  /** Oldest first; the last one ends now. */
  values: readonly (number | null)[];
  /** So many of them lie after a step that is known. */
  since: number | null;
}

function hoursUntilNow({ history, nowMs, perSecond = null, steps = [] }: LimitQuestion): Hours {
  const values = toHours(history);
  const behind = (nowMs - (history.startMs + history.increments.length * history.stepMs)) / HOUR_MS;
  if (values.length > 0) for (let missed = 1; missed < Math.round(behind); missed += 1) values.push(null);
  if (perSecond !== null) {
    if (behind < 0.5 && values.length > 0) values.pop();
    values.push((Math.max(0, perSecond) * HOUR_MS) / SECOND_MS);
  } else if (behind >= 1 && values.length > 0) values.push(null);
  const stepMs = Math.max(...steps.filter((at) => at <= nowMs));
  const since = Math.floor((nowMs - stepMs) / HOUR_MS);
  if (!Number.isFinite(stepMs) || since >= values.length) return { values, since: null };
  if (since >= 1) return { values, since: isStep(values, since) ? since : null };
  const young = hourSince(history, stepMs);
  if (young === null) return { values, since: null };
  const changed = [...values.slice(0, -1), young];
  return isStep(changed, 1) ? { values: changed, since: 1 } : { values, since: null };
}

/** What an hour uses by the whole steps of the history after `atMs`; null where there are too few. */
function hourSince({ startMs, stepMs, increments }: UseHistory, atMs: number): number | null {
  const after = increments
    .slice(Math.max(0, Math.ceil((atMs - startMs) / stepMs)))
    .filter((value): value is number => value !== null);
  if (after.length < LEAST_PARTS) return null;
  return (after.reduce((sum, value) => sum + value, 0) / after.length / stepMs) * HOUR_MS;
}

/** Whole hours, close together at first, up to one that is not before the end. */
function distancesTo(endHours: number): number[] {
  const distances: number[] = [];
  for (let at = 1; ; at += at < 6 ? 1 : at < 24 ? 2 : at < 72 ? 6 : at < 168 ? 12 : 24) {
    distances.push(at);
    if (at >= endHours) return distances;
  }
}

/** When so much more was used, straight between the points; null where not before the end. */
function hitMs(
  points: readonly UseAhead[],
  of: 'lo' | 'likely' | 'hi',
  left: number,
  { nowMs, endMs }: { nowMs: number; endMs: number },
): number | null {
  let [hours, used] = [0, 0];
  for (const point of points) {
    if (point[of] >= left) {
      const part = point[of] === used ? 0 : (left - used) / (point[of] - used);
      const atMs = Math.round(nowMs + (hours + (point.hours - hours) * part) * HOUR_MS);
      return atMs < endMs ? atMs : null;
    }
    [hours, used] = [point.hours, point[of]];
  }
  return null;
}

/** From now to the end, or to where all of it is surely gone. */
function aheadOf(
  points: readonly UseAhead[],
  { used, allowed, nowMs }: LimitQuestion,
  endMs: number,
): BudgetLimit['ahead'] {
  const gone = points.findIndex(({ lo }) => used + lo >= allowed);
  const shown = gone === -1 ? points : points.slice(0, gone + 1);
  const ahead: [number, number, number, number][] = [[nowMs, used, used, used]];
  for (const { hours, lo, likely, hi } of shown) {
    const before = ahead.at(-1) ?? [nowMs, used, used, used];
    const atMs = nowMs + hours * HOUR_MS;
    if (atMs <= endMs) ahead.push([atMs, used + lo, used + likely, used + hi]);
    else {
      const part = (endMs - before[0]) / (atMs - before[0]);
      const at = (from: number, to: number) => from + (used + to - from) * part;
      ahead.push([endMs, at(before[1], lo), at(before[2], likely), at(before[3], hi)]);
      break;
    }
  }
  return ahead;
}
