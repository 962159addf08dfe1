import 'server-only';
import type { StartMarker } from '@/lib/core/model/sample.ts';
import { sealBytes, unsealBytes } from './sealed.ts';
import type { VisitError } from './visits.ts';

/** One visit as it is replayed: series by number, samples beside them. */
export interface VisitRow {
  atMs: number;
  intervalMs: number;
  durationMs: number;
  ok: boolean;
  error: VisitError | null;
  /** Start markers met in the visit, that of the visit itself first; null when it has none. */
  starts: readonly (StartMarker | null)[];
  seriesIds: readonly number[];
  values: readonly number[];
  /** By sample, an index into `starts`; null when all use the first. */
  startOf: readonly number[] | null;
}

// The row lives for two or three hours and is written on the main thread, so it is laid out for speed first:
// a JSON head, then per sample the step to the next series number with the form of the value, then the value.

const FORM = { whole: 0, milli: 1, double: 2, micro: 3 } as const;
const WHOLE_LIMIT = 2 ** 49;
const MOST_BYTES_A_SAMPLE = 8 + 9 + 5;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The durable form of a visit, with a checksum. */
export function writeScrapeRow(row: VisitRow): Uint8Array {
  const head = encoder.encode(
    JSON.stringify([row.atMs, row.intervalMs, row.durationMs, row.ok ? 1 : 0, row.error, row.starts]),
  );
  const count = row.seriesIds.length;
  const bytes = new Uint8Array(head.length + 16 + count * MOST_BYTES_A_SAMPLE);
  const writer = new ByteWriter(bytes);
  writer.uint(head.length);
  writer.copy(head);
  writer.uint(count);
  writer.uint(row.startOf === null ? 0 : 1);
  let lastId = 0;
  for (let i = 0; i < count; i++) {
    const id = row.seriesIds[i] ?? 0;
    const value = row.values[i] ?? 0;
    const form = formOf(value);
    writer.uint(zigzag(id - lastId) * 4 + form);
    lastId = id;
    if (form === FORM.double) writer.double(value);
    else writer.uint(zigzag(form === FORM.whole ? value : Math.round(value * scaleOf(form))));
    if (row.startOf !== null) writer.uint(row.startOf[i] ?? 0);
  }
  return sealBytes(bytes.subarray(0, writer.at));
}

/** Throws `DamagedRowError`. */
export function readScrapeRow(bytes: Uint8Array): VisitRow {
  const reader = new ByteReader(unsealBytes(bytes));
  const head = JSON.parse(decoder.decode(reader.take(reader.uint())));
  const [atMs, intervalMs, durationMs, ok, error, starts] = head;
  const count = reader.uint();
  const ownStarts = reader.uint() === 1;
  const seriesIds = new Array<number>(count);
  const values = new Array<number>(count);
  const startOf: number[] = [];
  let id = 0;
  for (let i = 0; i < count; i++) {
    const tag = reader.uint();
    const form = tag % 4;
    id += unzigzag(Math.floor(tag / 4));
    seriesIds[i] = id;
    if (form === FORM.double) values[i] = reader.double();
    else values[i] = form === FORM.whole ? unzigzag(reader.uint()) : unzigzag(reader.uint()) / scaleOf(form);
    if (ownStarts) startOf.push(reader.uint());
  }
  return {
    atMs,
    intervalMs,
    durationMs,
    ok: ok === 1,
    error,
    starts,
    seriesIds,
    values,
    startOf: ownStarts ? startOf : null,
  };
}

function formOf(value: number): number {
  if (Math.abs(value) > WHOLE_LIMIT || Object.is(value, -0)) return FORM.double;
  if (Number.isInteger(value)) return FORM.whole;
  if (isScaled(value, 1e3)) return FORM.milli;
  return isScaled(value, 1e6) ? FORM.micro : FORM.double;
}

function isScaled(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return Math.abs(whole) <= WHOLE_LIMIT && whole !== 0 && whole / scale === value;
}

function scaleOf(form: number): number {
  return form === FORM.milli ? 1e3 : 1e6;
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function unzigzag(code: number): number {
  return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
}

class ByteWriter {
  at = 0;
  readonly #view: DataView;
  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  uint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.at++] = rest;
  }
  double(value: number): void {
    this.#view.setFloat64(this.at, value);
    this.at += 8;
  }
  copy(from: Uint8Array): void {
    this.bytes.set(from, this.at);
    this.at += from.length;
  }
}

class ByteReader {
  #at = 0;
  readonly #view: DataView;
  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  uint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.#at++] ?? 0;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }
  double(): number {
    const value = this.#view.getFloat64(this.#at);
    this.#at += 8;
    return value;
  }
  take(length: number): Uint8Array {
    const part = this.bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }
}
