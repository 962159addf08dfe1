import 'server-only';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { Envelope, QueryData } from './schema.ts';

/** A point of a series. A value that is no finite number makes no point. */
export interface PromPoint {
  /** By the server's clock: when it was asked about, for an instant query. */
  atMs: number;
  value: number;
}

export interface PromSeries {
  /** With `__name__` where the query kept it. */
  labels: Labels;
  /** Ascending. One point, or none, for an instant query. */
  points: readonly PromPoint[];
}

export interface PromAnswer {
  /** What the query gave: only a vector and a scalar stand for one moment. */
  shape: QueryData['resultType'];
  series: readonly PromSeries[];
  /** Why a part of the data is missing, in the server's words; null when the answer is whole. */
  partial: string | null;
}

/** Text that is no number at all: the answer is not what we take it for. */
export class BadValueError extends Error {
  override readonly name = 'BadValueError';
}

/** The answer of a query with its numbers read. Throws `BadValueError`. */
export function readAnswer(data: QueryData, envelope: Envelope): PromAnswer {
  return { shape: data.resultType, series: readSeries(data), partial: partialOf(envelope) };
}

function readSeries(data: QueryData): PromSeries[] {
  switch (data.resultType) {
    case 'vector':
      return data.result.map(({ metric, value }) => ({
        labels: metric,
        points: value === undefined ? [] : readPoints([value]),
      }));
    case 'matrix':
      return data.result.map(({ metric, values }) => ({ labels: metric, points: readPoints(values ?? []) }));
    case 'scalar':
      return [{ labels: {}, points: readPoints([data.result]) }];
    case 'string':
      return [];
    default:
      return data satisfies never;
  }
}

function readPoints(raw: readonly (readonly [number, string])[]): PromPoint[] {
  return raw.flatMap(([seconds, text]) => {
    const value = readValue(text);
    return value === null ? [] : [{ atMs: Math.round(seconds * 1_000), value }];
  });
}

/** Null for `NaN`, `+Inf` and `-Inf`, in any letter case. Throws `BadValueError` for what is no number. */
export function readValue(text: string): number | null {
  const trimmed = text.trim();
  if (/^nan$|^[+-]?inf(inity)?$/i.test(trimmed)) return null;
  const value = Number(trimmed);
  if (trimmed === '' || Number.isNaN(value))
    throw new BadValueError(`a value is ${typeof text}, not a number`);
  return Number.isFinite(value) ? value : null;
}

/** Prometheus itself puts remarks about a query among the warnings; all others say that data is missing. */
function partialOf({ warnings, isPartial }: Envelope): string | null {
  if (isPartial === true) return 'it says that its answer is partial';
  const serious = (warnings ?? []).find((text) => !/^PromQL (warning|info)\b/i.test(text));
  return serious ?? null;
}
