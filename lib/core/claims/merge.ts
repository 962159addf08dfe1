import type { Span } from './document.ts';
import { type Draft, middle, pairPercent, similarity, tokensOf, windowRatio } from './draft.ts';
import { remember } from './memo.ts';
import { titlesOf } from './passages.ts';

/** Claims beyond this are not compared with each other: bounds the work for endless lists. */
const MAX_COMPARED = 600;

/**
 * One claim for one promise: the same numbers of the same thing are merged with all their lines, and a coarser
 * statement (`96.7 % reduction`) goes into the finer one (`733K → 24K`).
 */
export function mergeDrafts(drafts: readonly Draft[]): Draft[] {
  const sorted = [...drafts].sort((a, b) => firstLine(a) - firstLine(b) || a.order - b.order);
  const head = sorted.slice(0, MAX_COMPARED);
  const pairs: Draft[] = [];
  const others: Draft[] = [];
  for (const draft of head) {
    if (draft.before === null || draft.after === null) {
      others.push(draft);
      continue;
    }
    const same = pairs.find((one) => isSamePair(one, draft));
    if (same === undefined) pairs.push(draft);
    else take(same, draft);
  }
  const kept: Draft[] = [];
  for (const draft of others) {
    const home = pairs.find((one) => absorbs(one, draft));
    if (home !== undefined) {
      take(home, draft);
      continue;
    }
    const same = kept.find((one) => isSameLone(one, draft));
    if (same === undefined) kept.push(draft);
    else take(same, draft);
  }
  return [...pairs, ...kept, ...sorted.slice(MAX_COMPARED)].sort(
    (a, b) => firstLine(a) - firstLine(b) || a.order - b.order,
  );
}

function firstLine(draft: Draft): number {
  return Math.min(...draft.lines);
}

function take(home: Draft, other: Draft): void {
  for (const line of other.lines) if (!home.lines.includes(line)) home.lines.push(line);
  home.changePct ??= other.changePct;
  home.changePp ??= other.changePp;
  home.factor ??= other.factor;
  if (home.delta === null && other.delta !== null && (home.window === other.window || other.window === null))
    home.delta = other.delta;
  home.window ??= other.window;
  if (other.kind === home.kind) home.unit ??= other.unit;
  home.direction ??= other.direction;
  if (home.limit === null && other.limit !== null && home.before === null) {
    home.limit = other.limit;
    home.limitOp = other.limitOp;
  }
  if (home.after === null && home.before === null && home.limit !== null) home.after = other.after;
  home.guard = home.guard || other.guard;
  home.approximate = home.approximate || other.approximate;
}

function isNear(left: Span, right: Span, ratio: number, tolerance: number): boolean {
  if (typeof left === 'number' && typeof right === 'number') return isClose(left, right * ratio, tolerance);
  const [a, b] = typeof left === 'number' ? [left, left] : left;
  const [c, d] = typeof right === 'number' ? [right, right] : right;
  return isClose(a, c * ratio, tolerance) && isClose(b, d * ratio, tolerance);
}

function isClose(one: number, other: number, tolerance: number): boolean {
  return Math.abs(one - other) <= Math.max(Math.abs(one), Math.abs(other)) * tolerance;
}

const BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };

/** What the other's numbers are multiplied by to stand in this one's unit and window; null for different things. */
function ratioOf(one: Draft, other: Draft): number | null {
  if (one.kind !== other.kind && one.unit !== null && other.unit !== null) return null;
  let ratio = 1;
  if (one.kind === 'time' && other.kind === 'time')
    ratio = (other.unit === 's' ? 1_000 : 1) / (one.unit === 's' ? 1_000 : 1);
  if (one.kind === 'bytes' && other.kind === 'bytes')
    ratio = (BYTES[other.unit ?? ''] ?? 1) / (BYTES[one.unit ?? ''] ?? 1);
  if (one.window !== null && other.window !== null && one.window !== other.window) {
    const windows = windowRatio(other.window, one.window);
    if (windows === null) return null;
    ratio *= windows;
  }
  return ratio;
}

function isSamePair(one: Draft, other: Draft): boolean {
  if (one.before === null || one.after === null || other.before === null || other.after === null)
    return false;
  const ratio = ratioOf(one, other);
  // In another window only the very same number is the same: a rounded one is worth a look of its own.
  const sameWindow = one.window === other.window || one.window === null || other.window === null;
  if (
    ratio === null ||
    !isNear(one.before, other.before, ratio, sameWindow ? 0.01 : 0.001) ||
    !isNear(one.after, other.after, ratio, 0.015)
  )
    return false;
  if (one.lines.some((line) => other.lines.includes(line))) {
    // In the same line another window is the same said again: `733K/hour (2.2M per 3 hours)`.
    if (ratio !== 1 || isWordless(one) || isWordless(other)) return true;
    return alike(one, other) >= 0.5 || one.subject === other.subject;
  }
  // Large odd numbers are hardly twice the same by chance; small ones need words in common.
  const size = digits(one.before) + digits(one.after);
  if (one.window !== null && other.window !== null && one.window === other.window && size >= 4)
    return related(one, other) > 0 || size >= 6;
  return size >= 4 && (one.window !== null || other.window !== null || size >= 6)
    ? related(one, other) > 0 || size >= 8
    : alike(one, other) >= 0.3 || (related(one, other) > 0 && isSummary(other));
}

/** Under a heading that sums up; the title of the whole text says nothing of its parts. */
function isWordless(draft: Draft): boolean {
  return tokensOf(draft.subject).size === 0;
}

function isSummary(draft: Draft): boolean {
  const titles: string[] = [];
  for (let one = draft.section; one !== null; one = one.parent)
    if (one === draft.section || one.level > 1) titles.push(one.title);
  return titles.some((title) =>
    /\b(?:summary|resumen|overview|tl;?dr|expected|results?|impact|highlights|watch|success|alerts|monitor\w*)\b/i.test(
      title,
    ),
  );
}

function digits(span: Span): number {
  return String(Math.abs(middle(span)))
    .replace(/[^\d]/g, '')
    .replace(/^0+|0+$/g, '').length;
}

function alike(one: Draft, other: Draft): number {
  return similarity(tokensOf(one.subject), tokensOf(other.subject));
}

/** Like `alike`, with the words of the headings. */
function related(one: Draft, other: Draft): number {
  const left = tokensOf(`${one.subject} ${one.unit ?? ''} ${titlesOf(one.section).slice(0, 2).join(' ')}`);
  const right = tokensOf(
    `${other.subject} ${other.unit ?? ''} ${titlesOf(other.section).slice(0, 2).join(' ')}`,
  );
  return similarity(left, right);
}

/** Words of a change that name no metric. */
const CHANGE_WORDS =
  /\b(?:reduc\w*|improv\w*|sav\w*|decreas\w*|increas\w*|fewer|less|faster|drop\w*|cut\w*|lower\w*|overall|total|expected|verify|about|roughly|estimated|mejora\w*|ahorro|menos|down|up|should|result|achieved|by|optimi[sz]\w*|fix\w*|caching|theme|change[ds]?|performance|efficien\w*|confirm|check|monitor|console|dashboard)\b/gi;

/** Words of a subject that name what changed. */
const thingsOf = remember(MAX_COMPARED, (subject) => tokensOf(subject.replace(CHANGE_WORDS, ' ')));

/** True when a lone percent, factor, saving or level says no more than the pair. */
function absorbs(pair: Draft, lone: Draft): boolean {
  if (pair.before === null || pair.after === null) return false;
  if (lone.changePct !== null) {
    const computed = pairPercent(pair.before, pair.after);
    if (computed === null) return false;
    const stated = middle(lone.changePct);
    const fits = lone.orMore
      ? Math.abs(computed) >= Math.abs(stated) - 0.1 && Math.abs(computed) - Math.abs(stated) < 4
      : Math.abs(Math.abs(computed) - Math.abs(stated)) <= 0.75 ||
        (pair.changePct !== null && isNear(pair.changePct, lone.changePct, 1, 0.002)) ||
        inside(lone.changePct, Math.abs(computed));
    return fits && concerns(pair, lone);
  }
  if (lone.factor !== null) {
    const low = Math.min(middle(pair.before), middle(pair.after));
    const high = Math.max(middle(pair.before), middle(pair.after));
    const computed = low === 0 ? null : high / low;
    return (
      computed !== null && Math.abs(computed - middle(lone.factor)) <= computed * 0.06 && concerns(pair, lone)
    );
  }
  if (lone.delta !== null && lone.before === null) {
    if (lone.kind !== pair.kind) return false;
    const ratio = ratioOf(pair, lone);
    if (ratio === null) return false;
    const computed = middle(pair.after) - middle(pair.before);
    // A month of a daily pair is a claim of its own.
    return (
      (lone.window === pair.window || lone.window === null || pair.window === null) &&
      Math.abs(Math.abs(computed) - Math.abs(middle(lone.delta) * ratio)) <= Math.abs(computed) * 0.01 &&
      (concerns(pair, lone) || related(pair, lone) > 0)
    );
  }
  if (lone.after !== null && lone.limitOp !== '<' && lone.limitOp !== '>') {
    const ratio = ratioOf(pair, lone);
    if (ratio === null || !isNear(pair.after, lone.after, ratio, 0.005)) return false;
    if (middle(pair.after) === 0) return false;
    return (lone.window !== null && lone.window === pair.window) || alike(pair, lone) >= 0.3;
  }
  return false;
}

function inside(span: Span, value: number): boolean {
  if (typeof span === 'number') return false;
  const low = Math.min(Math.abs(span[0]), Math.abs(span[1]));
  const high = Math.max(Math.abs(span[0]), Math.abs(span[1]));
  return value >= low - 0.5 && value <= high + 0.5;
}

/** A heading over the pair, the statement beside it, or the same words elsewhere without any that narrow them. */
function concerns(pair: Draft, lone: Draft): boolean {
  const line = firstLine(lone);
  for (let section = pair.section; section !== null; section = section.parent)
    if (section.line === line) return true;
  if (
    lone.section !== null &&
    pair.section === lone.section &&
    pair.lines.some((one) => Math.abs(one - line) <= 4)
  ) {
    const words = thingsOf(lone.subject);
    if (words.size === 0 || similarity(words, tokensOf(pair.subject)) > 0) return true;
    return (
      pair.block === lone.block && pair.lines.some((one) => Math.abs(one - line) <= 1) && words.size <= 1
    );
  }
  const wanted = thingsOf(lone.subject);
  if (wanted.size === 0) return isSummary(lone) || lone.section === null || line <= 4;
  const known = tokensOf(
    `${pair.subject} ${pair.unit ?? ''} ${titlesOf(pair.section).slice(0, 3).join(' ')}`,
  );
  let shared = 0;
  for (const word of wanted)
    if (
      known.has(word) ||
      [...known].some((one) => one.length > 2 && (one.startsWith(word) || word.startsWith(one)))
    )
      shared += 1;
  return shared === wanted.size || (wanted.size >= 3 && shared >= wanted.size - 1);
}

const FIELDS = ['changePct', 'changePp', 'delta', 'factor', 'limit', 'after'] as const;

/** One rises and the other falls: whatever their numbers, they are two promises. */
function areOpposite(one: Draft, other: Draft): boolean {
  return one.direction !== null && other.direction !== null && one.direction !== other.direction;
}

function isSameLone(one: Draft, other: Draft): boolean {
  if (areOpposite(one, other)) return false;
  if (
    (one.changePct === null) !== (other.changePct === null) &&
    one.kind === other.kind &&
    one.kind === 'percent' &&
    one.limit === null &&
    other.limit === null
  )
    return false;
  let common = 0;
  for (const field of FIELDS) {
    const left = one[field];
    const right = other[field];
    if (left === null || right === null) continue;
    const ratio =
      field === 'changePct' || field === 'changePp' || field === 'factor' ? 1 : ratioOf(one, other);
    if (ratio === null || !isNear(left, right, ratio, 0.005)) return false;
    if (field === 'limit' && one.limitOp !== other.limitOp) return false;
    common += 1;
  }
  if (common === 0) return false;
  if (one.kind === 'money' && middle(one.after ?? one.delta ?? 1) === 0) return true;
  const left = thingsOf(one.subject);
  const right = thingsOf(other.subject);
  if (left.size === 0 || right.size === 0)
    return isSummary(one) || isSummary(other) || one.section === other.section;
  return similarity(left, right) >= 0.4 || (similarity(left, right) > 0.2 && related(one, other) >= 0.4);
}
