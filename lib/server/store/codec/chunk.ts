import 'server-only';
import type { Increment } from '@/lib/core/metrics/increments.ts';
import type { SeriesHour, VisitTimes } from '../series-hour.ts';
import { putNumber, putNumbers, takeNumber, takeNumbers } from './numbers.ts';
import type { RangeDecoder, RangeEncoder } from './range-coder.ts';
import { seal, unseal } from './sealed.ts';

const FLAG = { counter: 1, hasRef: 2, everyVisit: 4, exceptions: 8 } as const;
const STEP = { none: 1, gap: 2, reset: 4, partial: 8 } as const;

/** Packs one series' hour. Times are not in it: they lie once per target, see `packVisits`. */
export function packChunk(hour: SeriesHour): Uint8Array {
  const { visits, values, exceptions } = hour;
  const hasRef = !Number.isNaN(hour.refAtMs);
  const present = values.subarray(0, visits.length).filter((value) => !Number.isNaN(value));
  const everyVisit = present.length === visits.length;
  return seal((encoder) => {
    putNumber(
      encoder,
      (hour.counter ? FLAG.counter : 0) +
        (hasRef ? FLAG.hasRef : 0) +
        (everyVisit ? FLAG.everyVisit : 0) +
        (exceptions.size > 0 ? FLAG.exceptions : 0),
    );
    if (exceptions.size > 0) putExceptions(encoder, exceptions, visits);
    if (!everyVisit) putPresence(encoder, values.subarray(0, visits.length));
    if (hasRef) putNumber(encoder, (visits.atMs[0] ?? 0) - hour.refAtMs);
    // The reference leads the column: the first sample is then as small a step as any other.
    putNumbers(encoder, hasRef ? Float64Array.of(hour.refValue, ...present) : present);
  });
}

/** Reads a chunk back; `visits` are those of the same target and hour. Throws `DamagedRowError`. */
export function unpackChunk(bytes: Uint8Array, visits: VisitTimes): SeriesHour {
  const decoder = unseal(bytes);
  const flags = takeNumber(decoder);
  const hasRef = (flags & FLAG.hasRef) !== 0;
  const exceptions = (flags & FLAG.exceptions) !== 0 ? takeExceptions(decoder, visits) : new Map();
  const mask = (flags & FLAG.everyVisit) !== 0 ? null : takePresence(decoder, visits.length);
  const count = mask === null ? visits.length : mask.reduce((sum, here) => sum + here, 0);
  const refAtMs = hasRef ? (visits.atMs[0] ?? 0) - takeNumber(decoder) : Number.NaN;
  const column = takeNumbers(decoder, count + (hasRef ? 1 : 0));
  const present = hasRef ? column.subarray(1) : column;
  let next = 0;
  const values =
    mask === null ? present : mask.map((here) => (here === 1 ? (present[next++] ?? Number.NaN) : Number.NaN));
  const refValue = hasRef ? (column[0] ?? Number.NaN) : Number.NaN;
  return { counter: (flags & FLAG.counter) !== 0, refAtMs, refValue, visits, values, exceptions };
}

/** The exceptions alone, without reading the samples: for restarts over a long range. */
export function unpackExceptions(bytes: Uint8Array, visits: VisitTimes): Map<number, Increment | null> {
  const decoder = unseal(bytes);
  return (takeNumber(decoder) & FLAG.exceptions) !== 0 ? takeExceptions(decoder, visits) : new Map();
}

function putExceptions(
  encoder: RangeEncoder,
  exceptions: ReadonlyMap<number, Increment | null>,
  visits: VisitTimes,
): void {
  putNumber(encoder, exceptions.size);
  for (const [index, increment] of exceptions) {
    putNumber(encoder, index);
    if (increment === null) {
      putNumber(encoder, STEP.none);
      continue;
    }
    putNumber(
      encoder,
      (increment.gap ? STEP.gap : 0) +
        (increment.reset ? STEP.reset : 0) +
        (increment.partial ? STEP.partial : 0),
    );
    putNumber(encoder, (visits.atMs[index] ?? 0) - increment.fromMs);
    putNumber(encoder, increment.increase);
  }
}

function takeExceptions(decoder: RangeDecoder, visits: VisitTimes): Map<number, Increment | null> {
  const exceptions = new Map<number, Increment | null>();
  for (let count = takeNumber(decoder); count > 0; count--) {
    const index = takeNumber(decoder);
    const step = takeNumber(decoder);
    if ((step & STEP.none) !== 0) {
      exceptions.set(index, null);
      continue;
    }
    const toMs = visits.atMs[index] ?? 0;
    const fromMs = toMs - takeNumber(decoder);
    const flag = (bit: number) => (step & bit) !== 0;
    exceptions.set(index, {
      fromMs,
      toMs,
      increase: takeNumber(decoder),
      gap: flag(STEP.gap),
      reset: flag(STEP.reset),
      partial: flag(STEP.partial),
    });
  }
  return exceptions;
}

/** A series is there for long runs or not at all: lengths of the runs, beginning with one that is there. */
function putPresence(encoder: RangeEncoder, values: Float64Array): void {
  const runs: number[] = [];
  let here = true;
  let length = 0;
  for (const value of values) {
    if (here === Number.isNaN(value)) {
      runs.push(length);
      here = !here;
      length = 0;
    }
    length += 1;
  }
  runs.push(length);
  putNumber(encoder, runs.length);
  putNumbers(encoder, Float64Array.from(runs));
}

function takePresence(decoder: RangeDecoder, length: number): Float64Array {
  const mask = new Float64Array(length);
  const runs = takeNumbers(decoder, takeNumber(decoder));
  let at = 0;
  runs.forEach((run, i) => {
    if (i % 2 === 0) mask.fill(1, at, at + run);
    at += run;
  });
  return mask;
}
