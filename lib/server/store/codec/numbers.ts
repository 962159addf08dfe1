import 'server-only';
import { type RangeDecoder, type RangeEncoder, UintModel } from './range-coder.ts';

// A column of doubles, exact to the bit. Most columns are whole numbers or decimals in disguise: those go as whole
// numbers against a predictor; what is neither goes as the bits that changed since the value before.

/** Whole numbers up to this size stay exact through scaling, prediction and zigzag. */
const WHOLE_LIMIT = 2 ** 49;
const MAX_DECIMALS = 9;
/** Block sums share events in parts of 1/1024, see `shareIncrement`. */
const BINARY_SCALE = 1024;
const POWERS = Float64Array.from({ length: MAX_DECIMALS + 1 }, (_, p) => 10 ** p);

/** The layout of a column: how values become whole numbers, or that they do not. */
const FORM = { constant: 0, bits: 1, binary: 2, decimalsFrom: 3 } as const;
/** Each value is guessed as: the column's centre; the value before and the mean step; the last two carried on. */
const PREDICTORS = ['centre', 'last', 'line'] as const;
type Predictor = (typeof PREDICTORS)[number];

const scratch = new DataView(new ArrayBuffer(8));
// Models are big and short-lived: one set serves every column, since coding is synchronous.
const scalar = new UintModel();
const first = new UintModel();
const second = new UintModel();

/** One value of its own: a header field, a reference, a count. Any double. */
export function putNumber(encoder: RangeEncoder, value: number): void {
  scalar.reset();
  if (isWhole(value)) {
    encoder.uint(scalar, zigzag(value) * 2);
    return;
  }
  encoder.uint(scalar, 1);
  scratch.setFloat64(0, value);
  encoder.uint(first.reset(), scratch.getUint32(0));
  encoder.uint(second.reset(), scratch.getUint32(4));
}

export function takeNumber(decoder: RangeDecoder): number {
  const head = decoder.uint(scalar.reset());
  if (head % 2 === 0) return unzigzag(head / 2);
  const high = decoder.uint(first.reset());
  const low = decoder.uint(second.reset());
  return fromBits(high, low);
}

/** Writes `values`; the reader must know how many there are. NaN keeps being NaN, −0 keeps its sign. */
export function putNumbers(encoder: RangeEncoder, values: Float64Array): void {
  if (values.length === 0) return;
  const start = values[0] ?? 0;
  if (values.every((value) => Object.is(value, start))) {
    putNumber(encoder, FORM.constant);
    putNumber(encoder, start);
    return;
  }
  const form = chooseForm(values);
  putNumber(encoder, form);
  if (form === FORM.bits) putBits(encoder, values);
  else putWhole(encoder, toWhole(values, form));
}

export function takeNumbers(decoder: RangeDecoder, count: number): Float64Array {
  const values = new Float64Array(count);
  if (count === 0) return values;
  const form = takeNumber(decoder);
  if (form === FORM.constant) return values.fill(takeNumber(decoder));
  if (form === FORM.bits) return takeBits(decoder, values);
  takeWhole(decoder, values);
  const divisor = form === FORM.binary ? BINARY_SCALE : (POWERS[form - FORM.decimalsFrom] ?? 1);
  if (divisor !== 1) for (let i = 0; i < count; i++) values[i] = (values[i] ?? 0) / divisor;
  return values;
}

/** A column where some values are missing (NaN): first which, then the rest. */
export function putSparse(encoder: RangeEncoder, values: Float64Array): void {
  const mask = values.map((value) => (Number.isNaN(value) ? 1 : 0));
  putNumbers(encoder, mask);
  putNumbers(
    encoder,
    values.filter((value) => !Number.isNaN(value)),
  );
}

export function takeSparse(decoder: RangeDecoder, count: number): Float64Array {
  const mask = takeNumbers(decoder, count);
  const present = takeNumbers(decoder, count - mask.reduce((sum, missing) => sum + missing, 0));
  let next = 0;
  return mask.map((missing) => (missing === 1 ? Number.NaN : (present[next++] ?? Number.NaN)));
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= WHOLE_LIMIT && !Object.is(value, -0);
}

/** True when `value` is exactly a whole number of `1/scale` and comes back by division. */
function fits(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return isWhole(whole) && whole / scale === value && !Object.is(value, -0);
}

function chooseForm(values: Float64Array): number {
  let decimals = 0;
  // More decimals never hurt a value that needed fewer, so one pass finds the number that all need.
  for (const value of values) {
    while (decimals <= MAX_DECIMALS && !fits(value, POWERS[decimals] ?? 1)) decimals += 1;
    if (decimals > MAX_DECIMALS) break;
  }
  const decimalForm = FORM.decimalsFrom + decimals;
  const decimalFits = decimals <= MAX_DECIMALS && values.every((value) => fits(value, POWERS[decimals] ?? 1));
  if (decimalFits && decimals <= 3) return decimalForm;
  if (values.every((value) => fits(value, BINARY_SCALE))) return FORM.binary;
  return decimalFits ? decimalForm : FORM.bits;
}

function toWhole(values: Float64Array, form: number): Float64Array {
  const scale = form === FORM.binary ? BINARY_SCALE : (POWERS[form - FORM.decimalsFrom] ?? 1);
  return scale === 1 ? values : values.map((value) => Math.round(value * scale));
}

function putWhole(encoder: RangeEncoder, whole: Float64Array): void {
  const centre = Math.round(whole.reduce((sum, value) => sum + value / whole.length, 0));
  const drift = Math.round(((whole.at(-1) ?? 0) - (whole[0] ?? 0)) / (whole.length - 1));
  const predictor = choosePredictor(whole, centre, drift);
  putNumber(encoder, PREDICTORS.indexOf(predictor));
  if (predictor === 'line') putNumber(encoder, 0);
  else putNumber(encoder, predictor === 'centre' ? centre : drift);
  // The first value of a chain is far off and would teach the model nonsense.
  if (predictor !== 'centre') putNumber(encoder, whole[0] ?? 0);
  const model = first.reset();
  let last = whole[0] ?? 0;
  let step = predictor === 'last' ? drift : 0;
  for (let i = predictor === 'centre' ? 0 : 1; i < whole.length; i++) {
    const value = whole[i] ?? 0;
    encoder.uint(model, zigzag(value - (predictor === 'centre' ? centre : last + step)));
    if (predictor === 'line') step = value - last;
    last = value;
  }
}

function takeWhole(decoder: RangeDecoder, into: Float64Array): void {
  const predictor = PREDICTORS[takeNumber(decoder)];
  const constant = takeNumber(decoder);
  const chained = predictor !== 'centre';
  if (chained) into[0] = takeNumber(decoder);
  const model = first.reset();
  let last = into[0] ?? 0;
  let step = predictor === 'last' ? constant : 0;
  for (let i = chained ? 1 : 0; i < into.length; i++) {
    const value = (chained ? last + step : constant) + unzigzag(decoder.uint(model));
    into[i] = value;
    if (predictor === 'line') step = value - last;
    last = value;
  }
}

/** The one that leaves the fewest bits. */
function choosePredictor(whole: Float64Array, centre: number, drift: number): Predictor {
  let centreBits = 0;
  let lastBits = 0;
  let lineBits = 0;
  let last = whole[0] ?? 0;
  let step = 0;
  for (let i = 1; i < whole.length; i++) {
    const value = whole[i] ?? 0;
    centreBits += roughBits(value - centre);
    lastBits += roughBits(value - last - drift);
    lineBits += roughBits(value - last - step);
    step = value - last;
    last = value;
  }
  if (centreBits < lastBits && centreBits < lineBits) return 'centre';
  return lineBits < lastBits ? 'line' : 'last';
}

/** About how many bits a rest costs; log2 is smooth where whole bit counts would tie. */
function roughBits(rest: number): number {
  return rest === 0 ? 0.2 : 1.5 + Math.log2(Math.abs(rest));
}

function putBits(encoder: RangeEncoder, values: Float64Array): void {
  first.reset();
  second.reset();
  let high = 0;
  let low = 0;
  for (const value of values) {
    scratch.setFloat64(0, value);
    const nextHigh = scratch.getUint32(0);
    const nextLow = scratch.getUint32(4);
    encoder.uint(first, (nextHigh ^ high) >>> 0);
    encoder.uint(second, (nextLow ^ low) >>> 0);
    high = nextHigh;
    low = nextLow;
  }
}

function takeBits(decoder: RangeDecoder, into: Float64Array): Float64Array {
  first.reset();
  second.reset();
  let high = 0;
  let low = 0;
  for (let i = 0; i < into.length; i++) {
    high = (high ^ decoder.uint(first)) >>> 0;
    low = (low ^ decoder.uint(second)) >>> 0;
    into[i] = fromBits(high, low);
  }
  return into;
}

function fromBits(high: number, low: number): number {
  scratch.setUint32(0, high);
  scratch.setUint32(4, low);
  return scratch.getFloat64(0);
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function unzigzag(code: number): number {
  return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
}
