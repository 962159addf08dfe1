import { type Draft, draftPair, lineAt, pairSign, similarity, tokensOf } from './draft.ts';
import { attachOne, fits } from './inline-pairs.ts';
import type { Passage, Section } from './passages.ts';
import type { Quantity } from './quantity.ts';
import type { Statement } from './statements.ts';
import { namesChange, readSideLabel, type Side, type SideLabel } from './vocabulary.ts';

/** A number of one of two states, waiting for its partner. */
export interface Entry {
  side: Side;
  readonly quantity: Quantity;
  /** What is measured, in words: own label and noun. */
  readonly label: string;
  readonly tokens: ReadonlySet<string>;
  /** True when the label was written as one (`p95: 500 ms`), not taken from a sentence. */
  readonly labelled: boolean;
  /** What the two states are states of: the section outside the heading that names the state. */
  readonly scope: Section | null;
  /** Words beside the state in its heading: `login` of `Before: login`. */
  readonly qualifier: string;
  readonly passage: Passage;
  readonly order: number;
  readonly line: number;
  /** Place among the numbers of its state. */
  readonly index: number;
  readonly statement: Statement | null;
}

/** How many neighbours of the other state are looked at: bounds the work for very long lists. */
const NEAR = 60;

/** `new queue` counts as a state only where `old queue` is one too: what each label's rest has as states. */
export class StateBook {
  readonly #sides = new Map<string, Set<Side>>();

  constructor(labels: Iterable<string>) {
    for (const label of labels) {
      const read = readSideLabel(label);
      if (read === null || read.side === 'change') continue;
      const sides = this.#sides.get(read.rest) ?? new Set<Side>();
      this.#sides.set(read.rest, sides.add(read.side));
    }
  }

  /** Reads a label of a state; a weak one (`new …`, `with …`, `current …`) needs its opposite somewhere. */
  read(label: string): SideLabel | null {
    const found = readSideLabel(label);
    if (found === null || found.side === 'change' || found.pure || !WEAK.test(label)) return found;
    const sides = this.#sides.get(found.rest);
    const opposite =
      found.side === 'before'
        ? sides?.has('after') === true || sides?.has('current') === true
        : sides?.has('before') === true ||
          (found.side === 'current'
            ? sides?.has('after') === true || sides?.has('target') === true
            : sides?.has('current') === true && found.side === 'after');
    return opposite ? found : null;
  }
}

const WEAK =
  /^\W*(?:with|con|sin|new|old|now|then|final|head|main|master|past|post|fixed|updated|improved|original|initial|real|max|min|expected|estimated|projected|update|current|existing|present|legacy|nuevo|nueva|viejo|vieja|without|actual|measured|observed|optimi[sz]ed|cached)\b/i;

/** Every label and title of a text that may name a state. */
export function labelsOf(
  statements: readonly Statement[],
  tables: readonly { readonly section: Section | null }[],
): Set<string> {
  const labels = new Set<string>();
  const add = (section: Section | null) => {
    for (let one = section; one !== null && !labels.has(one.title); one = one.parent) labels.add(one.title);
  };
  for (const statement of statements) {
    if (statement.label !== '') labels.add(statement.label);
    add(statement.passage.section);
  }
  for (const table of tables) add(table.section);
  return labels;
}

/** Every number that a label, a heading or a parent item puts into one of two states. */
export function readEntries(statements: readonly Statement[], book: StateBook): Entry[] {
  const out: Entry[] = [];
  for (const statement of statements) {
    const { passage } = statement;
    if (passage.kind === 'command' || statement.quantities.length === 0) continue;
    const free = statement.quantities.filter(
      (one) => !statement.used.has(one) && one.kind !== 'factor' && one.kind !== 'points',
    );
    if (free.length === 0) continue;
    const own =
      statement.side === null || statement.side.side === 'change'
        ? statement.side
        : book.read(statement.label);
    const above = passage.kind === 'heading' && own === null ? null : sideAbove(passage.section, book);
    const side =
      own !== null && own.side !== 'change' ? own.side : own === null ? (above?.side ?? null) : null;
    if (side === null || side === 'change') continue;
    const scope = own !== null ? passage.section : (above?.section.parent ?? null);
    let index = 0;
    let from = statement.valueAt;
    for (const quantity of free) {
      if (quantity.start < statement.valueAt - 1) continue;
      if (tellsHowOften(passage.text, quantity)) continue;
      // A percent of change under a state is no state: `After: 24K (96 % less)`.
      if (
        quantity.kind === 'percent' &&
        namesChange(passage.text.slice(quantity.end, quantity.end + 24)) &&
        !/^\s*$/.test(passage.text.slice(from, quantity.start))
      )
        continue;
      // Nor is what a bracket says was saved: `10 hours (saves 41)`.
      if (
        /\(\s*(?:\w+\s+){0,2}?(?:sav(?:e|es|ed|ing|ings)|ahorr\w*|down|up|a saving)\b[^()]*$/i.test(
          passage.text.slice(from, quantity.start),
        ) &&
        !/\bfrom\s*$/i.test(passage.text.slice(0, quantity.start))
      )
        continue;
      const between = passage.text
        .slice(Math.min(from, quantity.start), quantity.start)
        .replace(/\([^)]*$/, '');
      const ownLabel = own === null ? statement.label : own.rest;
      const label = [ownLabel, between, quantity.noun].filter((one) => one.trim() !== '').join(' ');
      out.push({
        side,
        quantity,
        label,
        tokens: tokensOf(label),
        labelled: ownLabel !== '',
        scope,
        qualifier: own === null ? (above?.rest ?? '') : '',
        passage,
        order: statement.order,
        line: lineAt(passage, quantity.start),
        index,
        statement,
      });
      index += 1;
      from = quantity.end;
    }
  }
  return out;
}

/** `7 times`: how often, no length of time. */
export function tellsHowOften(text: string, quantity: Quantity): boolean {
  const behind = text.slice(quantity.digits, quantity.digits + 40).replace(/^[\d.,–-]+\s*/, '');
  return quantity.bare && /^(?:times|veces)\b/i.test(behind);
}

/** The nearest heading or parent that names a state. */
export function sideAbove(
  section: Section | null,
  book: StateBook,
): { side: Side; rest: string; section: Section } | null {
  let depth = 0;
  for (let one = section; one !== null && depth < 6; one = one.parent) {
    const read = book.read(one.title);
    if (
      read !== null &&
      (read.side === 'before' || read.side === 'after' || read.side === 'current') &&
      (read.pure || read.rest.split(' ').length <= 4)
    ) {
      return { side: read.side, rest: read.rest, section: one };
    }
    depth += 1;
  }
  return null;
}

/** Joins entries of the two states by label, unit, place; what found no partner is left. */
export function joinEntries(entries: Entry[]): { drafts: Draft[]; left: Entry[] } {
  settleCurrent(entries);
  const befores = entries.filter((one) => one.side === 'before');
  const afters = entries.filter(
    (one) => one.side === 'after' || one.side === 'target' || one.side === 'achieved',
  );
  const counts = new Counts(entries);
  const options: { score: number; before: Entry; after: Entry }[] = [];
  let start = 0;
  for (const before of befores) {
    while (start < afters.length - 1 && (afters[start]?.order ?? 0) < before.order - 400) start += 1;
    let seen = 0;
    for (let i = start; i < afters.length && seen < NEAR * 2; i += 1) {
      const after = afters[i];
      if (after === undefined) continue;
      if (after.order - before.order > 400) break;
      seen += 1;
      const score = scorePair(before, after, counts);
      if (score > 0.75) options.push({ score, before, after });
    }
  }
  options.sort((a, b) => b.score - a.score);
  const taken = new Set<Entry>();
  const drafts: Draft[] = [];
  const joined: { before: Entry; after: Entry }[] = [];
  for (const { before, after } of options) {
    if (taken.has(before) || taken.has(after)) continue;
    const draft = draftEntries(before, after);
    if (draft === null) continue;
    taken.add(before).add(after);
    joined.push({ before, after });
    before.statement?.used.add(before.quantity);
    after.statement?.used.add(after.quantity);
    drafts.push(draft);
  }
  drafts.push(...joinFurther(entries, taken, joined));
  // A target with what was reached: no before, a limit.
  for (const target of entries) {
    if (target.side !== 'target' || taken.has(target)) continue;
    const reached = entries.find(
      (one) =>
        (one.side === 'achieved' || one.side === 'after') &&
        !taken.has(one) &&
        one.scope === target.scope &&
        Math.abs(one.order - target.order) <= 4 &&
        fits(target.quantity, one.quantity),
    );
    if (reached === undefined) continue;
    const draft = draftEntries(target, reached);
    if (draft === null) continue;
    draft.limit = draft.before;
    draft.limitOp = target.quantity.op ?? '<=';
    draft.before = null;
    draft.direction = null;
    taken.add(target).add(reached);
    target.statement?.used.add(target.quantity);
    reached.statement?.used.add(reached.quantity);
    drafts.push(draft);
  }
  return { drafts, left: entries.filter((one) => !taken.has(one)) };
}

/** `After (cold): 6 s` and `After (warm): 0.1 s` right below each other have the same past. */
function joinFurther(
  entries: readonly Entry[],
  taken: Set<Entry>,
  joined: readonly { before: Entry; after: Entry }[],
): Draft[] {
  const drafts: Draft[] = [];
  for (const further of entries) {
    if (further.side !== 'after' || taken.has(further) || further.statement === null) continue;
    const label = further.statement.label;
    if (readSideLabel(label)?.side !== 'after') continue;
    const home = joined.find(
      ({ after }) =>
        after.statement !== null &&
        after.passage.block === further.passage.block &&
        further.order > after.order &&
        further.order - after.order <= 3 &&
        after.index === further.index &&
        readSideLabel(after.statement.label)?.side === 'after' &&
        after.statement.label !== label &&
        after.quantity.kind === further.quantity.kind &&
        after.quantity.window === further.quantity.window &&
        fits(after.quantity, further.quantity),
    );
    if (home === undefined || home.before.index !== further.index) continue;
    const draft = draftEntries(home.before, further);
    if (draft === null) continue;
    draft.subject = `${draft.subject} ${label}`;
    taken.add(further);
    further.statement.used.add(further.quantity);
    drafts.push(draft);
  }
  return drafts;
}

/** `current` is the past of a target or an `after`, and the present of a `before`. */
function settleCurrent(entries: readonly Entry[]): void {
  const pasts = new Set(entries.filter((one) => one.side === 'before').map((one) => one.scope));
  const orders = new Map<Section | null, number>();
  for (const one of entries)
    if (one.side === 'before') orders.set(one.scope, Math.min(orders.get(one.scope) ?? Infinity, one.order));
  for (const one of entries) if (one.side === 'current') one.side = pasts.has(one.scope) ? 'after' : 'before';
}

/** How many numbers of a kind and window each state of a scope holds. */
class Counts {
  readonly #ids = new Map<Section | null, number>();
  readonly #counts = new Map<string, number>();

  constructor(entries: readonly Entry[]) {
    for (const one of entries) {
      const key = this.#keyOf(one);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
  }

  /** True when no other number of this kind is in its state: it needs no label to find its partner. */
  isSole(one: Entry): boolean {
    return this.#counts.get(this.#keyOf(one)) === 1;
  }

  #keyOf(one: Entry): string {
    const id = this.#ids.get(one.scope) ?? this.#ids.size;
    this.#ids.set(one.scope, id);
    return `${id}|${one.side === 'before'}|${one.quantity.kind}|${one.quantity.window ?? ''}`;
  }
}

function scorePair(before: Entry, after: Entry, counts: Counts): number {
  if (before.statement === after.statement && before.statement !== null && before.passage === after.passage)
    return 0;
  if (!fits(before.quantity, after.quantity)) return 0;
  const left = before.quantity;
  const right = after.quantity;
  if (left.window !== null && right.window !== null && left.window !== right.window) return 0;
  const sameScope = before.scope === after.scope;
  const sameParent =
    sameScope ||
    (before.scope !== null &&
      after.scope !== null &&
      before.scope.parent === after.scope.parent &&
      before.scope.title === after.scope.title);
  const qualified =
    before.qualifier === after.qualifier
      ? 0.1
      : similarity(tokensOf(before.qualifier), tokensOf(after.qualifier)) > 0
        ? 0
        : before.qualifier !== '' && after.qualifier !== ''
          ? -0.3
          : 0;
  const alike = similarity(before.tokens, after.tokens);
  const empty = before.tokens.size === 0 && after.tokens.size === 0;
  const sole = counts.isSole(before) && counts.isSole(after);
  const place = before.index === after.index ? 0.15 : 0;
  const distance = Math.abs(after.order - before.order);
  const near = 0.35 / (1 + distance / 4);
  const sameUnit =
    (left.unit !== null && left.unit === right.unit ? 0.2 : 0) +
    (left.window !== null && left.window === right.window ? 0.2 : left.window !== right.window ? -0.1 : 0);
  const backwards = after.order < before.order ? -0.25 : 0;
  const scope = sameScope ? 0.45 : sameParent ? 0.25 : -0.35;
  let words: number;
  if (empty) words = sameScope ? 0.35 : 0;
  else if (alike >= 0.3) words = alike * 0.8;
  else if (before.labelled && after.labelled && before.tokens.size > 0 && after.tokens.size > 0) return 0;
  else if (alike > 0) words = 0.2;
  else if (sole && sameScope) words = 0.25;
  else if (sameScope && distance <= 2 && (before.tokens.size === 0 || after.tokens.size === 0)) words = 0.2;
  else words = -0.5;
  return words + scope + sameUnit + near + place + qualified + backwards + (sole ? 0.15 : 0);
}

function draftEntries(before: Entry, after: Entry): Draft | null {
  const draft = draftPair(before.passage, before.order, before.quantity, after.quantity);
  if (draft === null) return null;
  draft.lines = [before.line, after.line];
  draft.order = Math.min(before.order, after.order);
  draft.subject = [before.label, after.label === before.label ? '' : after.label, before.qualifier]
    .filter((one) => one !== '')
    .join(' ');
  draft.section = before.scope;
  draft.block = after.passage.block;
  draft.text =
    before.passage === after.passage ? before.passage.text : `${before.passage.text} / ${after.passage.text}`;
  if (after.side === 'target' && after.quantity.op !== null) {
    // `Current 800 ms, target < 200 ms`: a limit to reach, no number that was promised exactly.
    draft.limit = draft.after;
    draft.limitOp = after.quantity.op;
  }
  // A change written in the same line as the later state: `After: 24K (−96 %)`.
  const statement = after.statement;
  if (statement !== null && draft.before !== null && draft.after !== null) {
    const sign = pairSign(draft.before, draft.after);
    const at = statement.quantities.indexOf(after.quantity);
    for (const one of statement.quantities.slice(at + 1, at + 4)) {
      if (statement.used.has(one)) break;
      const gap = statement.passage.text.slice(after.quantity.end, one.start);
      const behind = statement.passage.text.slice(one.end, one.end + 24);
      if (
        gap.length > 50 ||
        !(
          one.kind === 'percent' ||
          one.kind === 'factor' ||
          one.kind === 'points' ||
          namesChange(gap + behind)
        )
      )
        break;
      if (!(namesChange(gap + behind) || one.sign !== 0 || one.kind === 'factor')) break;
      if (attachOne(draft, one, sign, gap + behind)) statement.used.add(one);
    }
  }
  return draft;
}

/**
 * Numbers of change that stand in a statement of their own (`Reduction: 96.7 %`, `Savings: $340/day`) go to the pair
 * right before them, in the same list or under the same heading.
 */
export function attachChangeStatements(statements: readonly Statement[], drafts: readonly Draft[]): void {
  const pairs = drafts
    .filter((one) => one.before !== null && one.after !== null)
    .sort((a, b) => endOf(a) - endOf(b));
  for (const statement of statements) {
    if (statement.side?.side !== 'change' && !isBareChange(statement)) continue;
    const { passage } = statement;
    const near = pairs.filter((one) => {
      const line = passage.line;
      const last = Math.max(...one.lines);
      return (
        last < line &&
        line - last <= 8 &&
        (one.block === passage.block ||
          one.section === passage.section ||
          (one.section !== null && passage.section?.parent === one.section))
      );
    });
    if (near.length === 0) continue;
    const label = statement.side?.rest ?? '';
    for (const quantity of statement.quantities) {
      if (statement.used.has(quantity)) continue;
      const candidates = near.filter(
        (one) =>
          quantity.kind === 'percent' ||
          quantity.kind === 'factor' ||
          quantity.kind === 'points' ||
          (one.kind === quantity.kind &&
            (quantity.window === null || one.window === null || one.window === quantity.window)),
      );
      const behind = /^[^,;.()]{0,40}/.exec(passage.text.slice(quantity.end))?.[0] ?? '';
      const wanted = tokensOf(`${label} ${behind.replace(CHANGE_WORDS, ' ')}`);
      const named = candidates.filter(
        (one) =>
          wanted.size > 0 &&
          similarity(wanted, tokensOf(`${one.subject} ${one.section?.title ?? ''}`)) > 0.15,
      );
      const timed = /\b(?:faster|quicker|slower|speed\w*|r[aá]pid\w*)\b/i.test(behind)
        ? candidates.filter((one) => one.kind === 'time')
        : [];
      const choice = named.length > 0 ? named : timed.length > 0 ? timed : wanted.size > 1 ? [] : candidates;
      // By the numbers where several could be meant; else only where there is one line of pairs right before.
      const nearest = Math.max(...choice.map((one) => Math.max(...one.lines)));
      const last = choice.filter((one) => Math.max(...one.lines) === nearest);
      const fit =
        choice.find((one) => agrees(one, quantity)) ??
        (named.length === 1 ? named[0] : choice.length === last.length ? last[0] : undefined);
      if (fit === undefined || fit.before === null || fit.after === null) continue;
      if (
        attachOne(
          fit,
          quantity,
          pairSign(fit.before, fit.after),
          `${statement.label} ${passage.text.slice(quantity.end, quantity.end + 24)} change`,
        )
      ) {
        statement.used.add(quantity);
        if (!fit.lines.includes(passage.line)) fit.lines.push(passage.line);
      }
    }
  }
}

const CHANGE_WORDS =
  /\b(?:reduc\w*|less|fewer|faster|improv\w*|sav\w*|decreas\w*|increas\w*|lower|drop|menos|mejora|overall|better|change|quicker|smaller|higher|more)\b/gi;

function endOf(draft: Draft): number {
  return Math.max(...draft.lines);
}

/** `96.7 % reduction`, `(−60 %)` alone in a statement. */
function isBareChange(statement: Statement): boolean {
  const { text, kind } = statement.passage;
  if (kind === 'heading' || text.length > 60 || statement.label !== '') return false;
  const first = statement.quantities[0];
  if (tokensOf(text.replace(CHANGE_WORDS, ' ')).size > 1) return false;
  return (
    first !== undefined &&
    first.start <= 12 &&
    (first.kind === 'percent' || first.kind === 'factor') &&
    (namesChange(text) || first.sign !== 0)
  );
}

function agrees(draft: Draft, quantity: Quantity): boolean {
  if (draft.before === null || draft.after === null || draft.changePct !== null) return false;
  const before = typeof draft.before === 'number' ? draft.before : draft.before[0];
  const after = typeof draft.after === 'number' ? draft.after : draft.after[0];
  const stated = typeof quantity.value === 'number' ? quantity.value : quantity.value[0];
  return before !== 0 && Math.abs(Math.abs((after - before) / before) * 100 - stated) < 3;
}
