/** A set of UTF-16 code units, as ranges with both ends in. */
export interface CharSet {
  ranges: readonly (readonly [from: number, to: number])[];
  negated: boolean;
}

/** A parsed pattern. `repeat.max` null: no end. */
export type PatternNode =
  | { kind: 'chars'; set: CharSet }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'all'; parts: readonly PatternNode[] }
  | { kind: 'any'; parts: readonly PatternNode[] }
  | { kind: 'repeat'; part: PatternNode; min: number; max: number | null };

/** What is true between two characters: start or end of the line, a word's edge, or none. */
export type Assertion = 'start' | 'end' | 'edge' | 'no_edge';

/** Why a pattern cannot be used, in words that stand after its name; never holds the pattern. */
export class PatternFault extends Error {
  override readonly name = 'PatternFault';
}

const MAX_CHARS = 500;
const MAX_DEPTH = 20;
const MAX_REPEAT = 1_000;

const DIGITS = [[48, 57]] as const;
const WORD = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
] as const;
const SPACES = [
  [9, 13],
  [32, 32],
  [160, 160],
  [5760, 5760],
  [8192, 8202],
  [8232, 8233],
  [8239, 8239],
  [8287, 8287],
  [12288, 12288],
  [65279, 65279],
] as const;
const LINE_ENDS = [
  [10, 10],
  [13, 13],
  [8232, 8233],
] as const;
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

/**
 * Parses the part of JavaScript's patterns that can be matched in one pass: no look-around and no back-reference.
 * Throws `PatternFault`.
 */
export function parsePattern(source: string): PatternNode {
  if (source.length > MAX_CHARS) throw new PatternFault(`is longer than ${MAX_CHARS} characters`);
  return new Parser(source).parse();
}

class Parser {
  #at = 0;
  #depth = 0;
  constructor(private readonly source: string) {}

  parse(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.source.length) throw new PatternFault('has a ) without its (');
    return node;
  }

  #choice(): PatternNode {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: 'any', parts };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.source.length && !'|)'.includes(this.#peek())) parts.push(this.#repeated());
    return { kind: 'all', parts };
  }

  #repeated(): PatternNode {
    const part = this.#atom();
    const counts = this.#counts();
    if (counts === null) return part;
    if (part.kind === 'assert') throw new PatternFault('repeats what has no length, such as ^ or \\b');
    // A lazy repeat finds the same lines.
    this.#take('?');
    if ('*+?'.includes(this.#peek() || ' ')) throw new PatternFault('has two repeats in a row');
    return { kind: 'repeat', part, ...counts };
  }

  #counts(): { min: number; max: number | null } | null {
    if (this.#take('*')) return { min: 0, max: null };
    if (this.#take('+')) return { min: 1, max: null };
    if (this.#take('?')) return { min: 0, max: 1 };
    const match = /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(this.source.slice(this.#at, this.#at + 16));
    if (match === null) return null;
    const [whole, low = '', comma, high = ''] = match;
    this.#at += whole.length;
    const min = Number(low);
    const max = comma === undefined ? min : high === '' ? null : Number(high);
    if (Math.max(min, max ?? 0) > MAX_REPEAT) throw new PatternFault(`repeats more than ${MAX_REPEAT} times`);
    if (max !== null && max < min) throw new PatternFault('has a repeat whose end is below its start');
    return { min, max };
  }

  #atom(): PatternNode {
    const sign = this.#next();
    switch (sign) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'chars', set: this.#bracket() };
      case '.':
        return { kind: 'chars', set: { ranges: LINE_ENDS, negated: true } };
      case '^':
        return { kind: 'assert', what: 'start' };
      case '$':
        return { kind: 'assert', what: 'end' };
      case '\\':
        return this.#escaped();
      case '*':
      case '+':
      case '?':
        throw new PatternFault('repeats nothing');
      case '{':
        throw new PatternFault('has a { that is no repeat: write \\{');
      default:
        return literal(sign.charCodeAt(0));
    }
  }

  #group(): PatternNode {
    if (this.#take('?') && !this.#take(':')) {
      throw new PatternFault('has a group that begins with (? and is not (?: – look-around is not supported');
    }
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new PatternFault(`nests groups deeper than ${MAX_DEPTH}`);
    const node = this.#choice();
    this.#depth -= 1;
    if (!this.#take(')')) throw new PatternFault('has a ( without its )');
    return node;
  }

  #escaped(): PatternNode {
    const sign = this.#next();
    if (sign === 'b') return { kind: 'assert', what: 'edge' };
    if (sign === 'B') return { kind: 'assert', what: 'no_edge' };
    const named = namedSet(sign);
    return named === null ? literal(this.#escapedCode(sign)) : { kind: 'chars', set: named };
  }

  #escapedCode(sign: string): number {
    if (sign === 'x') return this.#hex(2);
    if (sign === 'u') return this.#hex(4);
    const control = CONTROLS[sign];
    if (control !== undefined && !(sign === '0' && /\d/.test(this.#peek()))) return control;
    if (/[A-Za-z0-9]/.test(sign) || sign === '') {
      throw new PatternFault('has an escape that is not supported (back-references are not)');
    }
    return sign.charCodeAt(0);
  }

  #hex(length: number): number {
    const digits = this.source.slice(this.#at, this.#at + length);
    if (digits.length < length || !/^[0-9a-f]+$/i.test(digits))
      throw new PatternFault('has an unfinished \\x or \\u');
    this.#at += length;
    return Number.parseInt(digits, 16);
  }

  #bracket(): CharSet {
    const negated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.#take(']')) {
      const from = this.#bracketPart();
      if (typeof from !== 'number') {
        ranges.push(...from);
        continue;
      }
      const isRange = this.#peek() === '-' && this.source[this.#at + 1] !== ']';
      if (isRange) this.#at += 1;
      const to = isRange ? this.#bracketPart() : from;
      if (typeof to !== 'number' || to < from)
        throw new PatternFault('has a range such as [z-a] in brackets');
      ranges.push([from, to]);
    }
    return { ranges, negated };
  }

  /** One character of a bracket, or the ranges of a class such as `\d`. */
  #bracketPart(): number | CharSet['ranges'] {
    const sign = this.#next();
    if (sign === '') throw new PatternFault('has a [ without its ]');
    if (sign !== '\\') return sign.charCodeAt(0);
    const escaped = this.#next();
    if (escaped === 'b') return 8;
    const named = namedSet(escaped);
    if (named === null) return this.#escapedCode(escaped);
    return named.negated ? invert(named.ranges) : named.ranges;
  }

  #peek(): string {
    return this.source[this.#at] ?? '';
  }

  #next(): string {
    const sign = this.#peek();
    this.#at += 1;
    return sign;
  }

  #take(sign: string): boolean {
    if (this.#peek() !== sign) return false;
    this.#at += 1;
    return true;
  }
}

function literal(code: number): PatternNode {
  return { kind: 'chars', set: { ranges: [[code, code]], negated: false } };
}

function namedSet(sign: string): CharSet | null {
  const ranges = { d: DIGITS, w: WORD, s: SPACES }[sign.toLowerCase()];
  return ranges === undefined ? null : { ranges, negated: sign !== sign.toLowerCase() };
}

/** All that sorted ranges leave out. */
function invert(ranges: CharSet['ranges']): CharSet['ranges'] {
  const rest: [number, number][] = [];
  let from = 0;
  for (const [low, high] of ranges) {
    if (low > from) rest.push([from, low - 1]);
    from = high + 1;
  }
  return [...rest, [from, 0xffff]];
}
