import { costUsd } from '../budget/prices.ts';
import type { ImpactFigure } from '../model/incident.ts';
import type { Quality } from '../model/sample.ts';
import { formatDuration } from '../units/duration.ts';
import { exactText } from '../units/format-value.ts';
import { formatMoney } from '../units/money.ts';

/** A number that is told, of how much of the time; or why it can’t be. */
export type Told<T> = ({ coveredMs: number } & T) | { why: string };

/** All that the numbers of an incident are made of. */
export interface ImpactSums {
  /** From its begin to its end, or to now. */
  lengthMs: number;
  isOver: boolean;
  /** Responses with a status of 5xx; `requests`: all responses, null where not known. */
  errors: Told<{ count: number; requests: number | null }>;
  /** Responses with the status 429. */
  refused: Told<{ count: number }>;
  over: Told<{
    count: number;
    /** The time that it is looked for in: since T₀ where a promise holds. */
    spanMs: number;
    /** `GETs`, `read commands`. */
    noun: string;
    /** What it is above: `at most 24.0K/h, promised by v1203`; null for what is usual. */
    promise: string | null;
    quality: Quality;
  }>;
  /** Price of a command; whether it is the team’s own, else it is the list’s. */
  price: { usd: number; per: number; own: boolean } | { why: string };
  /** Time in which machines were asked to suspend Redis and used it all the same. */
  wrong: Told<{ wrongMs: number }>;
}

/** Less than this share of the time missing is not worth a word. */
const WORTH_A_WORD = 0.05;

/** What an incident did, in numbers; each stands for itself, and what can’t be told says why. */
export function toImpact(sums: ImpactSums): ImpactFigure[] {
  return [
    errorsFigure(sums),
    refusedFigure(sums),
    overFigure(sums),
    usdFigure(sums),
    {
      ...{ id: 'lasted', value: sums.lengthMs, unit: 'ms', why: null, quality: 'measured' },
      ...{ label: sums.isOver ? 'from start to end' : 'since it began', note: null },
    },
    wrongFigure(sums),
  ];
}

function errorsFigure({ errors, lengthMs }: ImpactSums): ImpactFigure {
  const own = { id: 'errors', unit: 'responses', label: 'requests failed (5xx)' } as const;
  if ('why' in errors) return untold(own, errors.why);
  const of = errors.requests === null ? null : `of ${exactText(Math.round(errors.requests))} requests`;
  return {
    ...{ ...own, value: Math.round(errors.count), quality: 'measured', why: null },
    note: joined(of, coverWords(errors.coveredMs, lengthMs)),
  };
}

function refusedFigure({ refused, lengthMs }: ImpactSums): ImpactFigure {
  const own = { id: 'refused', unit: 'responses', label: 'requests refused (429)' } as const;
  if ('why' in refused) return untold(own, refused.why);
  return {
    ...{ ...own, value: Math.round(refused.count), quality: 'measured', why: null },
    note: coverWords(refused.coveredMs, lengthMs),
  };
}

function overFigure({ over }: ImpactSums): ImpactFigure {
  const own = { id: 'commands_over', unit: 'commands' } as const;
  if ('why' in over) return untold({ ...own, label: 'GETs above the promise' }, over.why);
  const { promise, noun, count, coveredMs, spanMs, quality } = over;
  return {
    ...{ ...own, value: Math.round(count), quality, why: null },
    label: `${noun} above ${promise === null ? 'what is usual' : 'the promise'}`,
    note: joined(promise, coverWords(coveredMs, spanMs)),
  };
}

function usdFigure({ over, price }: ImpactSums): ImpactFigure {
  const whose = 'own' in price && price.own ? 'your' : 'list';
  const own = { id: 'commands_usd', unit: 'usd', label: `for these commands, at ${whose} price` } as const;
  if ('why' in over) return untold(own, over.why);
  if ('why' in price) return untold(own, price.why);
  return {
    ...{ ...own, value: costUsd(over.count, price), quality: over.quality, why: null },
    note: joined(priceWords(price), coverWords(over.coveredMs, over.spanMs)),
  };
}

function wrongFigure({ wrong, lengthMs }: ImpactSums): ImpactFigure {
  const own = { id: 'mode_wrong', unit: 'ms', label: 'asked suspended, still active' } as const;
  if ('why' in wrong) return untold(own, wrong.why);
  return {
    ...{ ...own, value: wrong.wrongMs, quality: 'measured', why: null },
    note: coverWords(wrong.coveredMs, lengthMs),
  };
}

function untold(own: Pick<ImpactFigure, 'id' | 'unit' | 'label'>, why: string): ImpactFigure {
  return { ...own, value: null, note: null, why, quality: 'unavailable' };
}

/** `at $0.20 per 100K`. */
function priceWords({ usd, per }: { usd: number; per: number }): string {
  return `at ${formatMoney(usd)} per ${per >= 1_000 ? `${per / 1_000}K` : per}`;
}

/** `only of 2 h 10 m of 2 h 46 m`; null where so little is missing that it is not worth a word. */
function coverWords(coveredMs: number, spanMs: number): string | null {
  if (coveredMs >= (1 - WORTH_A_WORD) * spanMs) return null;
  return `only of ${formatDuration(coveredMs)} of ${formatDuration(spanMs)}`;
}

function joined(...parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null);
  return said.length === 0 ? null : said.join(', ');
}
