import 'server-only';
import type { Labels } from '@/lib/core/model/sample.ts';

/** One sample line, taken apart. */
export interface SampleLine {
  name: string;
  labels: Labels;
  /** Name and labels as written: the same text is the same series. */
  seriesText: string;
  value: number;
  /** As written: milliseconds in the text format, seconds in OpenMetrics. */
  timestamp: string | null;
}

/**
 * What the line before held. Neighbours on a page share their name and most labels, so guessing the same again and
 * checking it makes far fewer strings than cutting each one out anew. Belongs to one page.
 */
export class LineMemo {
  metricName = '';
  readonly names: string[] = [];
  readonly values: string[] = [];
}

/** Why a line cannot be read; the caller knows its number. Holds nothing of the line, which may carry anything. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

const TAB = 9;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const COMMA = 44;
const COLON = 58;
const EQUALS = 61;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const NOT_DECIMAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
  infinity: Infinity,
  '+infinity': Infinity,
  '-infinity': -Infinity,
};

/**
 * Reads `name{label="value",…} value [timestamp] [# exemplar]`, also with quoted UTF-8 names inside the braces.
 * A tokeniser, since label values may hold braces, commas, hashes and blanks. Throws `LineError`.
 */
export function parseSampleLine(line: string, memo: LineMemo = new LineMemo()): SampleLine {
  const scanner = new Scanner(line, memo);
  scanner.skipBlanks();
  const name = scanner.peek() === OPEN ? null : scanner.takeMetricName();
  scanner.skipBlanks();
  const set = scanner.peek() === OPEN ? scanner.takeLabels(name === null) : EMPTY_SET;
  const fullName = name ?? set.name;
  if (fullName === null) throw new LineError('expected a metric name');
  const seriesText = line.slice(0, scanner.at);
  scanner.skipBlanks();
  const value = parseSampleValue(scanner.takeToken('a value'));
  scanner.skipBlanks();
  const timestamp = scanner.atEnd() || scanner.peek() === HASH ? null : scanner.takeToken('a timestamp');
  scanner.skipBlanks();
  if (scanner.peek() === HASH) takeExemplar(scanner);
  if (!scanner.atEnd()) throw new LineError('expected the end of the line after the value');
  return { name: fullName, labels: set.labels, seriesText, value, timestamp };
}

/** A name at the start of `text`, bare or quoted, and what follows it. Null when there is none. For `# TYPE` lines. */
export function splitName(text: string): { name: string; rest: string } | null {
  const scanner = new Scanner(text);
  try {
    const name = scanner.peek() === QUOTE ? scanner.takeQuoted() : scanner.takeName('a name', true);
    scanner.skipBlanks();
    return { name, rest: text.slice(scanner.at).trimEnd() };
  } catch {
    return null;
  }
}

/** True for a finite decimal number and nothing else. */
export function isDecimal(token: string): boolean {
  return DECIMAL.test(token);
}

/** A decimal number, NaN or an infinity in any letter case. Hex, underscores and words are refused. */
export function parseSampleValue(token: string): number {
  if (DECIMAL.test(token)) return Number(token);
  const word = token.toLowerCase();
  if (Object.hasOwn(NOT_DECIMAL, word)) return NOT_DECIMAL[word] ?? Number.NaN;
  throw new LineError('expected a decimal number, NaN or Inf as value');
}

function takeExemplar(scanner: Scanner): void {
  scanner.at += 1;
  scanner.skipBlanks();
  if (scanner.peek() !== OPEN) throw new LineError('expected { after # (an exemplar)');
  scanner.takeLabels(false);
  scanner.skipBlanks();
  parseSampleValue(scanner.takeToken('the exemplar’s value'));
  scanner.skipBlanks();
  if (!scanner.atEnd()) parseSampleValue(scanner.takeToken('the exemplar’s timestamp'));
  scanner.skipBlanks();
}

interface LabelSet {
  /** A quoted metric name that stood among the labels. */
  name: string | null;
  labels: Labels;
}

const EMPTY_SET: LabelSet = { name: null, labels: {} };

class Scanner {
  at = 0;
  /** True while every label name so far is that of the line before, which had each once. */
  sameNames = true;
  constructor(
    readonly text: string,
    readonly memo: LineMemo = new LineMemo(),
  ) {}

  /** Char code here; NaN at the end. */
  peek(): number {
    return this.text.charCodeAt(this.at);
  }
  atEnd(): boolean {
    return this.at >= this.text.length;
  }
  skipBlanks(): void {
    while (isBlank(this.text.charCodeAt(this.at))) this.at += 1;
  }

  takeName(what: string, colonAllowed: boolean): string {
    const from = this.at;
    while (isNameChar(this.text.charCodeAt(this.at), this.at > from, colonAllowed)) this.at += 1;
    if (this.at === from) throw new LineError(`expected ${what}`);
    return this.text.slice(from, this.at);
  }

  takeMetricName(): string {
    const { memo, at } = this;
    const end = at + memo.metricName.length;
    const next = this.text.charCodeAt(end);
    if (
      memo.metricName !== '' &&
      (next === OPEN || isBlank(next)) &&
      this.text.startsWith(memo.metricName, at)
    ) {
      this.at = end;
    } else memo.metricName = this.takeName('a metric name', true);
    return memo.metricName;
  }

  /** A bare label name; `index` says which of the line. */
  takeLabelName(index: number): string {
    const guess = this.memo.names[index];
    if (guess !== undefined && this.text.startsWith(guess, this.at)) {
      const end = this.at + guess.length;
      if (this.text.charCodeAt(end) === EQUALS) {
        this.at = end;
        return guess;
      }
    }
    const name = this.takeName('a label name', false);
    // What stays in front stood on one line together, so its names differ.
    this.memo.names.length = index;
    this.memo.names.push(name);
    this.sameNames = false;
    return name;
  }

  /** A quoted label value; the guess holds no backslash, so it may be compared with the raw text. */
  takeLabelValue(index: number): string {
    if (this.peek() !== QUOTE) throw new LineError('expected a quoted label value');
    const guess = this.memo.values[index];
    const from = this.at + 1;
    if (guess !== undefined && this.text.startsWith(guess, from)) {
      const end = from + guess.length;
      if (this.text.charCodeAt(end) === QUOTE) {
        this.at = end + 1;
        return guess;
      }
    }
    const value = this.takeQuoted();
    if (!value.includes('\\') && !value.includes('"')) this.memo.values[index] = value;
    return value;
  }

  /** Up to the next blank. */
  takeToken(what: string): string {
    const from = this.at;
    while (this.at < this.text.length && !isBlank(this.text.charCodeAt(this.at))) this.at += 1;
    if (this.at === from) throw new LineError(`expected ${what}`);
    return this.text.slice(from, this.at);
  }

  takeQuoted(): string {
    const from = this.at + 1;
    const end = this.text.indexOf('"', from);
    if (end === -1) throw new LineError('expected a closing quote');
    const plain = this.text.slice(from, end);
    if (!plain.includes('\\')) {
      this.at = end + 1;
      return plain;
    }
    return this.#takeEscaped(from);
  }

  /** `{…}`; `nameInside`: one quoted text without `=` is the metric's name. */
  takeLabels(nameInside: boolean): LabelSet {
    this.at += 1;
    let name: string | null = null;
    const labels: Record<string, string> = {};
    let count = 0;
    for (;;) {
      this.skipBlanks();
      if (this.peek() === CLOSE) break;
      const quoted = this.peek() === QUOTE;
      if (quoted) this.sameNames = false;
      const word = quoted ? this.takeQuoted() : this.takeLabelName(count);
      this.skipBlanks();
      if (this.peek() === EQUALS) {
        this.at += 1;
        this.skipBlanks();
        if (!this.sameNames && Object.hasOwn(labels, word))
          throw new LineError('expected each label name once');
        setLabel(labels, word, this.takeLabelValue(count));
        count += 1;
      } else if (quoted && nameInside && name === null && count === 0) {
        name = word;
      } else {
        throw new LineError('expected = after a label name');
      }
      this.skipBlanks();
      if (this.peek() === COMMA) this.at += 1;
      else if (this.peek() !== CLOSE) throw new LineError('expected , or } after a label');
    }
    this.at += 1;
    return { name, labels };
  }

  #takeEscaped(from: number): string {
    let end = from;
    for (; this.text.charCodeAt(end) !== QUOTE; end += 1) {
      if (end >= this.text.length) throw new LineError('expected a closing quote');
      if (this.text.charCodeAt(end) === BACKSLASH) end += 1;
    }
    this.at = end + 1;
    // Anything else after a backslash stays as it is: parsers differ, and nothing is lost this way.
    return this.text
      .slice(from, end)
      .replace(/\\(["\\n])/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
  }
}

/** An assignment to `__proto__` would set no label. */
function setLabel(labels: Record<string, string>, name: string, value: string): void {
  if (name === '__proto__') {
    Object.defineProperty(labels, name, { value, enumerable: true, configurable: true, writable: true });
  } else labels[name] = value;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === CARRIAGE_RETURN;
}

function isNameChar(code: number, digitAllowed: boolean, colonAllowed: boolean): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (digitAllowed && code >= 48 && code <= 57) ||
    (colonAllowed && code === COLON)
  );
}
