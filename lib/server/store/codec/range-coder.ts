import 'server-only';

// An adaptive binary range coder (carry-less output as in LZMA, 16-bit probabilities). A chunk holds a few hundred
// small numbers: a coder that learns while it runs beats one that must first send a table, as deflate does.

const TOP = 2 ** 24;
const PROB_BITS = 16;
const PROB_HALF = 2 ** (PROB_BITS - 1);
const PROB_MIN = 48;
const PROB_MAX = 2 ** PROB_BITS - PROB_MIN;
/** Bits learn fast at first and slowly later: rate 1/(n + 1.6), never under 1/32. */
const LEARN_LIMIT = 30;
const RATES = Float64Array.from({ length: LEARN_LIMIT + 1 }, (_, n) => 1 / (n + 1.6));

const LENGTH_BITS = 6;
const LENGTH_SLOTS = 2 ** LENGTH_BITS;
/** Bits right under the leading one that are worth learning; what lies below is noise. */
const LEARNED_BITS = 3;
const SLOTS_PER_LENGTH = 2 ** LEARNED_BITS;
const MODEL_SLOTS = LENGTH_SLOTS + LENGTH_SLOTS * SLOTS_PER_LENGTH;
const RAW_BITS_AT_ONCE = 16;

/** What the coder has learned of one kind of number: its length in bits, then its top bits. */
export class UintModel {
  /** Probability of a zero bit, of 65,536. Open to the coders: this is the innermost loop of every read. */
  readonly probs = new Uint16Array(MODEL_SLOTS).fill(PROB_HALF);
  readonly seen = new Uint8Array(MODEL_SLOTS);

  reset(): this {
    this.probs.fill(PROB_HALF);
    this.seen.fill(0);
    return this;
  }
}

// Slots are made inside the table's bounds, so reads are cast: a default for each would cost a tenth of every read.
function learn(model: UintModel, slot: number, prob: number, goal: number): void {
  const seen = model.seen[slot] as number;
  // Truncation toward the old value is the same for both coders, which is all that matters.
  model.probs[slot] = prob + (((goal - prob) * (RATES[seen] as number)) | 0);
  if (seen < LEARN_LIMIT) model.seen[slot] = seen + 1;
}

/** Number of bits of a whole number from 0 to 2^53 − 1. */
function bitLength(value: number): number {
  if (value < 2 ** 32) return 32 - Math.clz32(value);
  return 64 - Math.clz32(Math.floor(value / 2 ** 32));
}

/** Writes numbers; `finish` gives the bytes. */
export class RangeEncoder {
  #out = new Uint8Array(256);
  #length = 0;
  #low = 0;
  #range = 0xffffffff;
  #cache = 0;
  #pending = 0;
  #started = false;

  /** A whole number from 0 to 2^53 − 1. */
  uint(model: UintModel, value: number): void {
    const length = bitLength(value);
    let node = 1;
    for (let shift = LENGTH_BITS - 1; shift >= 0; shift--) {
      const bit = (length >>> shift) & 1;
      this.#bit(model, node, bit);
      node = (node << 1) | bit;
    }
    let left = length - 1;
    if (left <= 0) return;
    const base = LENGTH_SLOTS + length * SLOTS_PER_LENGTH;
    node = 1;
    for (let i = 0; i < LEARNED_BITS && left > 0; i++) {
      left -= 1;
      const bit = Math.floor(value / 2 ** left) % 2;
      this.#bit(model, base + node, bit);
      node = (node << 1) | bit;
    }
    while (left > 0) {
      const count = Math.min(left, RAW_BITS_AT_ONCE);
      left -= count;
      this.#raw(Math.floor(value / 2 ** left) % 2 ** count, count);
    }
  }

  #bit(model: UintModel, slot: number, bit: number): void {
    const prob = model.probs[slot] as number;
    const bound = (this.#range >>> PROB_BITS) * prob;
    if (bit === 0) {
      this.#range = bound;
      learn(model, slot, prob, PROB_MAX);
    } else {
      this.#low += bound;
      this.#range -= bound;
      learn(model, slot, prob, PROB_MIN);
    }
    if (this.#range < TOP) this.#normalise();
  }

  #raw(value: number, count: number): void {
    this.#range = this.#range >>> count;
    this.#low += this.#range * value;
    this.#normalise();
  }

  #normalise(): void {
    while (this.#range < TOP) {
      this.#range = (this.#range * 256) >>> 0;
      this.#shiftLow();
    }
  }

  /** Moves the top byte out; a byte of 0xff waits, since a carry may still run through it. */
  #shiftLow(): void {
    if (this.#low < 0xff000000 || this.#low >= 2 ** 32) {
      const carry = this.#low >= 2 ** 32 ? 1 : 0;
      // The very first byte is always 0 and is not kept.
      if (this.#started) this.#push(this.#cache + carry);
      for (; this.#pending > 0; this.#pending--) this.#push(0xff + carry);
      this.#started = true;
      this.#cache = Math.floor(this.#low / TOP) & 0xff;
    } else {
      this.#pending += 1;
    }
    this.#low = (this.#low % TOP) * 256;
  }

  #push(byte: number): void {
    if (this.#length === this.#out.length) {
      const larger = new Uint8Array(this.#out.length * 2);
      larger.set(this.#out);
      this.#out = larger;
    }
    this.#out[this.#length++] = byte & 0xff;
  }

  /** Ends the stream with as few bytes as tell it apart; the decoder reads zeros past the end. */
  finish(): Uint8Array {
    const end = this.#low + this.#range;
    for (let bits = 31; bits > 0; bits--) {
      const rounded = Math.ceil(this.#low / 2 ** bits) * 2 ** bits;
      if (rounded < end) {
        this.#low = rounded;
        break;
      }
    }
    for (let i = 0; i < 5; i++) this.#shiftLow();
    let length = this.#length;
    while (length > 0 && this.#out[length - 1] === 0) length -= 1;
    return this.#out.slice(0, length);
  }
}

/** Reads what `RangeEncoder` wrote, with the same models in the same order. */
export class RangeDecoder {
  readonly #bytes: Uint8Array;
  #at = 0;
  #code = 0;
  #range = 0xffffffff;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) this.#code = this.#code * 256 + this.#next();
  }

  uint(model: UintModel): number {
    let node = 1;
    for (let i = 0; i < LENGTH_BITS; i++) node = (node << 1) | this.#bit(model, node);
    const length = node - LENGTH_SLOTS;
    if (length <= 1) return length;
    const base = LENGTH_SLOTS + length * SLOTS_PER_LENGTH;
    let left = length - 1;
    node = 1;
    for (let i = 0; i < LEARNED_BITS && left > 0; i++) {
      left -= 1;
      node = (node << 1) | this.#bit(model, base + node);
    }
    // Node is the leading one with the learned bits behind it: the top of the number.
    let value = node;
    while (left > 0) {
      const count = Math.min(left, RAW_BITS_AT_ONCE);
      left -= count;
      value = value * (1 << count) + this.#raw(count);
    }
    return value;
  }

  #bit(model: UintModel, slot: number): number {
    const prob = model.probs[slot] as number;
    const bound = (this.#range >>> PROB_BITS) * prob;
    const bit = this.#code < bound ? 0 : 1;
    if (bit === 0) {
      this.#range = bound;
      learn(model, slot, prob, PROB_MAX);
    } else {
      this.#code -= bound;
      this.#range -= bound;
      learn(model, slot, prob, PROB_MIN);
    }
    if (this.#range < TOP) this.#normalise();
    return bit;
  }

  #raw(count: number): number {
    this.#range = this.#range >>> count;
    const value = Math.min(Math.floor(this.#code / this.#range), (1 << count) - 1);
    this.#code -= value * this.#range;
    this.#normalise();
    return value;
  }

  #normalise(): void {
    while (this.#range < TOP) {
      this.#range = (this.#range * 256) >>> 0;
      this.#code = this.#code * 256 + this.#next();
    }
  }

  #next(): number {
    return this.#bytes[this.#at++] ?? 0;
  }
}
