import {
  type Assertion,
  type CharSet,
  PatternFault,
  type PatternNode,
  parsePattern,
} from './pattern-syntax.ts';

/** Finds lines. */
export interface Matcher {
  test(text: string): boolean;
}

type State =
  | { kind: 'char'; set: CharSet; to: number }
  | { kind: 'split'; to: number[] }
  | { kind: 'assert'; what: Assertion; to: number }
  | { kind: 'found' };

/** Bounds what one character can cost. */
const MAX_STATES = 400;
const MAX_STEPS = 4_000;
/** Remembered steps; beyond, memory is emptied and grows again. */
const MAX_REMEMBERED = 20_000;

/** What stands on one side of a place in the line. */
type Side = 'edge' | 'word' | 'other';

/** The states after some of a line, before what needs no character is followed. */
interface Place {
  states: readonly number[];
  before: Side;
  next: Map<number, Place | typeof FOUND>;
  foundAtEnd: boolean | null;
}

const FOUND = Symbol('found');

/**
 * A pattern that looks for its match anywhere in a line. Time grows with the length of the line and never faster,
 * whatever pattern and line are: all readings of the pattern are followed at once and none is tried again. Throws
 * `PatternFault` for what is not supported.
 */
export function compilePattern(source: string, options: { ignoreCase: boolean }): Matcher {
  const builder = new Builder();
  const start = builder.build(parsePattern(source), builder.add({ kind: 'found' }));
  return new PassMatcher(builder.states, start, options.ignoreCase);
}

class Builder {
  readonly states: State[] = [];
  #steps = 0;

  add(state: State): number {
    if (this.states.length >= MAX_STATES)
      throw new PatternFault('is too large: use fewer or smaller repeats');
    return this.states.push(state) - 1;
  }

  /** Adds the states of `node`, which go on at `to`; gives the first one. */
  build(node: PatternNode, to: number): number {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw new PatternFault('is too large: use fewer or smaller repeats');
    switch (node.kind) {
      case 'chars':
        return this.add({ kind: 'char', set: node.set, to });
      case 'assert':
        return this.add({ kind: 'assert', what: node.what, to });
      case 'all':
        return node.parts.reduceRight((next, part) => this.build(part, next), to);
      case 'any':
        return this.add({ kind: 'split', to: node.parts.map((part) => this.build(part, to)) });
      case 'repeat':
        return this.#repeat(node, to);
      default:
        return node satisfies never;
    }
  }

  #repeat({ part, min, max }: Extract<PatternNode, { kind: 'repeat' }>, to: number): number {
    let first = to;
    if (max === null) {
      const loop: State = { kind: 'split', to: [to] };
      first = this.add(loop);
      loop.to.push(this.build(part, first));
    } else {
      for (let i = min; i < max; i += 1)
        first = this.add({ kind: 'split', to: [to, this.build(part, first)] });
    }
    for (let i = 0; i < min; i += 1) first = this.build(part, first);
    return first;
  }
}

class PassMatcher implements Matcher {
  #places = new Map<string, Place>();
  #remembered = 0;
  constructor(
    private readonly states: readonly State[],
    private readonly start: number,
    private readonly ignoreCase: boolean,
  ) {}

  test(text: string): boolean {
    let place = this.#place([this.start], 'edge');
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      const next = place.next.get(code) ?? this.#step(place, code);
      if (next === FOUND) return true;
      place = next;
    }
    place.foundAtEnd ??= this.#follow(place, 'edge') === FOUND;
    return place.foundAtEnd;
  }

  #step(place: Place, code: number): Place | typeof FOUND {
    const side = isWord(code) ? 'word' : 'other';
    const reached = this.#follow(place, side);
    let next: Place | typeof FOUND = FOUND;
    if (reached !== FOUND) {
      // The start is always there: a match may begin at every character.
      const states = new Set([this.start]);
      for (const state of reached) if (holds(state.set, code, this.ignoreCase)) states.add(state.to);
      next = this.#place(
        [...states].sort((a, b) => a - b),
        side,
      );
    }
    this.#remembered += 1;
    place.next.set(code, next);
    return next;
  }

  /** The characters that are waited for at a place, or `FOUND`. */
  #follow({ states, before }: Place, after: Side): Extract<State, { kind: 'char' }>[] | typeof FOUND {
    const waiting: Extract<State, { kind: 'char' }>[] = [];
    const seen = new Set<number>(states);
    for (const index of seen) {
      const state = this.states[index];
      if (state === undefined) continue;
      if (state.kind === 'found') return FOUND;
      if (state.kind === 'char') waiting.push(state);
      // A set that grows while it is walked visits each state once.
      else if (state.kind === 'split') for (const to of state.to) seen.add(to);
      else if (isTrue(state.what, before, after)) seen.add(state.to);
    }
    return waiting;
  }

  #place(states: readonly number[], before: Side): Place {
    if (this.#remembered > MAX_REMEMBERED) {
      this.#places = new Map();
      this.#remembered = 0;
    }
    const key = `${before}${states.join()}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place: Place = { states, before, next: new Map(), foundAtEnd: null };
    this.#remembered += 1;
    this.#places.set(key, place);
    return place;
  }
}

function isTrue(what: Assertion, before: Side, after: Side): boolean {
  switch (what) {
    // Only the line's own ends are an edge; between two characters both sides are something.
    case 'start':
      return before === 'edge';
    case 'end':
      return after === 'edge';
    case 'edge':
      return (before === 'word') !== (after === 'word');
    case 'no_edge':
      return (before === 'word') === (after === 'word');
    default:
      return what satisfies never;
  }
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
  );
}

function holds({ ranges, negated }: CharSet, code: number, ignoreCase: boolean): boolean {
  const inRanges = (one: number): boolean => ranges.some(([from, to]) => one >= from && one <= to);
  const found = inRanges(code) || (ignoreCase && otherCases(code).some(inRanges));
  return found !== negated;
}

function otherCases(code: number): number[] {
  const sign = String.fromCharCode(code);
  return [sign.toLowerCase(), sign.toUpperCase()].flatMap((one) =>
    one.length === 1 ? [one.charCodeAt(0)] : [],
  );
}
