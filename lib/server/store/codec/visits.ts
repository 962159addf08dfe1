import 'server-only';
import { SCRAPE_ERROR_KINDS, type ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import type { VisitTimes } from '../series-hour.ts';
import { putNumber, putNumbers, takeNumber, takeNumbers } from './numbers.ts';
import type { RangeDecoder, RangeEncoder } from './range-coder.ts';
import { seal, unseal } from './sealed.ts';

export interface VisitError {
  kind: ScrapeErrorKind;
  message: string;
}

/** One target's visits of one hour, with how each went. */
export interface VisitHour extends VisitTimes {
  readonly durationMs: Float64Array;
  /** 1 for a good visit. */
  readonly ok: Float64Array;
  /** By visit. */
  readonly errors: ReadonlyMap<number, VisitError>;
}

/** Packs the visits of an hour; exact for any times. */
export function packVisits(visits: VisitHour): Uint8Array {
  return seal((encoder) => {
    putNumber(encoder, visits.length);
    for (const column of [visits.atMs, visits.intervalMs, visits.durationMs, visits.ok]) {
      putNumbers(encoder, column.subarray(0, visits.length));
    }
    putErrors(encoder, visits.errors);
  });
}

/** Times alone are cheap to read: they stand first. */
export function unpackVisits(bytes: Uint8Array): VisitHour {
  const decoder = unseal(bytes);
  const length = takeNumber(decoder);
  const atMs = takeNumbers(decoder, length);
  const intervalMs = takeNumbers(decoder, length);
  const durationMs = takeNumbers(decoder, length);
  const ok = takeNumbers(decoder, length);
  return { length, atMs, intervalMs, durationMs, ok, errors: takeErrors(decoder) };
}

/** The same text again and again is the usual case while a target is down: each text is written once. */
function putErrors(encoder: RangeEncoder, errors: ReadonlyMap<number, VisitError>): void {
  const texts = [...new Set([...errors.values()].map((error) => `${error.kind} ${error.message}`))];
  putText(encoder, texts);
  putNumber(encoder, errors.size);
  putNumbers(encoder, Float64Array.from(errors.keys()));
  const which = [...errors.values()].map((error) => texts.indexOf(`${error.kind} ${error.message}`));
  putNumbers(encoder, Float64Array.from(which));
}

function takeErrors(decoder: RangeDecoder): Map<number, VisitError> {
  const texts = takeText(decoder);
  const count = takeNumber(decoder);
  const at = takeNumbers(decoder, count);
  const which = takeNumbers(decoder, count);
  const errors = new Map<number, VisitError>();
  at.forEach((index, i) => {
    const text = texts[which[i] ?? 0] ?? '';
    const kind = SCRAPE_ERROR_KINDS.find((known) => text.startsWith(`${known} `)) ?? 'internal';
    errors.set(index, { kind, message: text.slice(text.indexOf(' ') + 1) });
  });
  return errors;
}

function putText(encoder: RangeEncoder, texts: readonly string[]): void {
  const bytes = new TextEncoder().encode(JSON.stringify(texts));
  putNumber(encoder, bytes.length);
  putNumbers(encoder, Float64Array.from(bytes));
}

function takeText(decoder: RangeDecoder): string[] {
  const bytes = Uint8Array.from(takeNumbers(decoder, takeNumber(decoder)));
  return JSON.parse(new TextDecoder().decode(bytes));
}
