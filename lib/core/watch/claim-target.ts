import { type BaseSpan, baseSpan } from '../claims/bind/base-units.ts';
import type { Direction, ParsedClaim, Span } from '../claims/document.ts';
import { spanText } from '../deploys/claim-text.ts';
import type { Good } from '../metrics/catalogue/entry.ts';
import type { ClaimTarget } from '../verdict/judge-types.ts';
import { type ClaimPromise, GUARD_MARGIN } from '../verdict/limits.ts';
import { fitOf } from './level-fit.ts';
import { type MetricShape, metricShape, toMetricUnit } from './metric-shape.ts';

/** What may be known beside the claim. */
export interface TargetFacts {
  /**
   * What is usual, in the metric's own unit: a promised difference (`saves 250K/day`, `+20 pp`) is held against it, and so
   * is the level that the summary says it was.
   */
  usual?: number | null;
}

export type TargetFault = { why: string };
/** A promised level is some way to go; a promised ratio is 1 + change. */
type Way = 'down' | 'up';

/** What is told per machine, or for so many machines, is no level of a fleet that may have another size: its ratio holds. */
const BY_MACHINE =
  /\b(?:per|each|for|across|por|cada|para)\s+(?:\d+\s+)?(?:machine|instance|replica|pod|node|m[aá]quina|instancia)s?\b/i;

/**
 * What a claim promises, in the unit of its metric: a level where one is stated that the metric can be held against,
 * else a ratio to what is usual, else that nothing gets worse, or that something gets better. Of a range the end counts
 * that asks less of the deploy. `why`: a plain sentence on what is missing.
 */
export function targetOf(claim: ParsedClaim, facts: TargetFacts = {}): ClaimTarget | TargetFault {
  const shape = claim.metric === null ? null : metricShape(claim.metric);
  if (shape === null) {
    return {
      why:
        claim.metric === null
          ? 'No metric is bound, so nothing measures it.'
          : `There is no metric ${claim.metric}.`,
    };
  }
  if (shape.rising !== null) return { why: shape.rising };
  const way = wayOf(claim, shape.good);
  const isByMachine = BY_MACHINE.test(claim.text) || BY_MACHINE.test(`per ${claim.window ?? ''}`);
  const before = isByMachine ? null : levelOf(claim.before, claim, shape);
  const statedBefore = before === null ? null : (before.low + before.high) / 2;
  const made = (target: Pick<ClaimTarget, 'promise' | 'level'>): ClaimTarget => ({ ...target, statedBefore });

  if (claim.guard && claim.limit === null && claim.after === null)
    return made(guardTarget(claim, shape.good));
  const level = isByMachine ? null : levelTarget(claim, shape, way);
  if (level !== null && 'why' in level) return level;
  const fit = level === null || level.value === 0 ? 'fits' : fitOf(statedBefore, facts.usual ?? null);
  if (fit === 'part') return { why: partWords(claim, shape) };
  if (level !== null && (fit === 'fits' || claim.before === null || claim.after === null))
    return made({ promise: null, level });
  const ratio = ratioTarget(claim, shape, way, facts.usual ?? null);
  if (typeof ratio === 'number') {
    return ratio === 1
      ? made(guardTarget(claim, shape.good))
      : made({ promise: { kind: 'change', ratio }, level: null });
  }
  if (ratio !== null) return ratio;
  if (claim.guard || claim.direction === 'unchanged') return made(guardTarget(claim, shape.good));
  if (hasNumbers(claim)) return { why: unmeasuredLevel(claim, shape) };
  if (way !== null) return made({ promise: { kind: 'improve', toward: way }, level: null });
  return { why: 'It names neither a number nor a direction, so there is nothing to hold it to.' };
}

function partWords({ before, unit, window }: ParsedClaim, { name }: MetricShape): string {
  const stated = before === null ? '' : `${spanText(before, unit, window)} before it, and `;
  return `It says ${stated}${name} was far more: it means a part of that, which this metric does not tell apart.`;
}

/** Which way the number is to go: as said, as its pair goes, as its limit is meant, or as is better for the metric. */
function wayOf(claim: ParsedClaim, good: Good): Way | null {
  if (claim.direction === 'down' || claim.direction === 'up') return claim.direction;
  if (claim.limit !== null && claim.limitOp !== null && claim.limitOp !== '=') {
    return claim.limitOp.startsWith('<') ? 'down' : 'up';
  }
  for (const span of [claim.changePct, claim.changePp, claim.delta]) {
    if (span !== null && middle(span) !== 0) return middle(span) < 0 ? 'down' : 'up';
  }
  if (claim.before !== null && claim.after !== null && middle(claim.before) !== middle(claim.after)) {
    return middle(claim.after) < middle(claim.before) ? 'down' : 'up';
  }
  return good === 'down' || good === 'up' ? good : null;
}

/** Which way is worse, for a claim that only forbids it: most numbers must not rise, a hit ratio must not fall. */
function guardTarget(
  claim: Pick<ParsedClaim, 'changePct' | 'text'>,
  good: Good,
): Pick<ClaimTarget, 'promise' | 'level'> {
  const stated = claim.changePct === null ? null : Math.abs(weaker(claim.changePct, 'up', 'far')) / 100;
  const promise: ClaimPromise = {
    kind: 'guard',
    against: good === 'up' ? 'fall' : 'rise',
    margin: stated === null || stated === 0 ? GUARD_MARGIN : stated,
    floorRatio: null,
  };
  return { promise, level: null };
}

/** The level that is promised; null where none is, or none that this metric can be held against. */
function levelTarget(
  claim: ParsedClaim,
  shape: MetricShape,
  way: Way | null,
): NonNullable<ClaimTarget['level']> | TargetFault | null {
  const span = levelOf(claim.after, claim, shape) ?? levelOf(claim.limit, claim, shape);
  if (span === null) return null;
  // A 0 that is promised can only be come down to.
  const direction = span.high <= 0 ? 'down' : way;
  if (direction === null) {
    return { why: 'It names a level but not whether at most or at least; add a direction.' };
  }
  return { value: direction === 'down' ? span.high : span.low, direction };
}

/** A span of the claim in the metric's unit; null for none, and for what is no level of this metric. */
function levelOf(span: Span | null, claim: ParsedClaim, shape: MetricShape): BaseSpan | null {
  const base = baseSpan(span, claim.unit, claim.window);
  return base === null ? null : toMetricUnit(base, shape);
}

/** The promised ratio; null where no amount is promised. */
function ratioTarget(
  claim: ParsedClaim,
  shape: MetricShape,
  way: Way | null,
  usual: number | null,
): number | TargetFault | null {
  if (claim.changePct !== null) {
    const toward = way ?? (middle(claim.changePct) < 0 ? 'down' : 'up');
    const ratio = Math.max(0, 1 + weaker(claim.changePct, toward, 'near') / 100);
    return contradicts(ratio, claim.direction) ? contradiction(claim.direction) : ratio;
  }
  if (claim.before !== null && claim.after !== null)
    return pairRatio(claim.before, claim.after, claim, shape);
  if (claim.factor !== null) {
    if (way === null) return { why: 'It names a factor but not whether up or down; add a direction.' };
    const factor = Math.min(...spanEnds(claim.factor));
    if (!(factor > 0)) return { why: 'A factor must be above 0.' };
    return way === 'down' ? 1 / factor : factor;
  }
  if (claim.delta === null && claim.changePp === null) return null;
  return differenceRatio(claim, shape, way, usual);
}

/** After over before, both as written: they share unit and window, so it holds whatever these are. */
function pairRatio(before: Span, after: Span, claim: ParsedClaim, shape: MetricShape): number | TargetFault {
  if (baseSpan(after, claim.unit, claim.window)?.family === 'percent' && shape.family !== 'percent') {
    return {
      why: `It promises a share, and ${shape.name} counts no shares; ${shape.share ?? 'bind a ratio'}.`,
    };
  }
  const isFall = middle(after) < middle(before);
  const [fromLow, fromHigh] = spanEnds(before);
  const [toLow, toHigh] = spanEnds(after);
  const from = isFall ? fromLow : fromHigh;
  const ratio = (isFall ? toHigh : toLow) / from;
  if (!(from > 0) || !Number.isFinite(ratio)) {
    return { why: 'Its before is 0, so there is no ratio; state the level after, with its window.' };
  }
  if (middle(after) !== middle(before) && isFall !== ratio < 1) {
    return { why: 'Its ranges overlap, so keeping it would need no change.' };
  }
  return ratio;
}

/** A difference, held against the level that is stated before it, or else against what is usual. */
function differenceRatio(
  claim: ParsedClaim,
  shape: MetricShape,
  way: Way | null,
  usual: number | null,
): number | TargetFault {
  const isPoints = claim.delta === null;
  const span = claim.delta ?? claim.changePp;
  if (span === null) return { why: 'It promises no difference.' };
  const base = isPoints ? baseSpan(span, '%', null) : baseSpan(span, claim.unit, claim.window);
  const toward = way ?? (middle(span) < 0 ? 'down' : 'up');
  const before = levelOf(claim.before, claim, shape);
  const difference = base === null ? null : toMetricUnit(base, shape);
  if (difference === null) return { why: unmeasuredLevel(claim, shape) };
  const from = before === null ? usual : (before.low + before.high) / 2;
  if (from === null) {
    return {
      why: 'It promises a difference, and what is usual is not known, so there is nothing to take it from.',
    };
  }
  const change = weaker([difference.low, difference.high], toward, 'near');
  const ratio = from > 0 ? (from + change) / from : Number.NaN;
  if (!Number.isFinite(ratio) || ratio < 0) {
    return { why: 'It promises to take away more than there usually is.' };
  }
  return ratio;
}

/** Why numbers of a claim are no level of its metric, and what would make them one. */
function unmeasuredLevel(claim: ParsedClaim, shape: MetricShape): string {
  const base = baseSpan(claim.after ?? claim.limit ?? claim.delta ?? claim.before, claim.unit, claim.window);
  if (claim.after === null && claim.limit === null && claim.delta === null && claim.changePp === null) {
    return 'It says what was before, and not what it comes to.';
  }
  if (base !== null && base.family !== shape.family) {
    const share = base.family === 'percent' && shape.share !== null ? `; ${shape.share}` : '';
    return `Its number is in another unit than ${shape.name}, which is in ${shape.unitWords}${share}.`;
  }
  return shape.isRate
    ? 'Its number has no time that it is counted in; add one, such as an hour or a day.'
    : `Its number is per time, and ${shape.name} is a level.`;
}

function hasNumbers(claim: ParsedClaim): boolean {
  return [claim.before, claim.after, claim.delta, claim.limit, claim.changePp].some((span) => span !== null);
}

/** The end of a signed change that is nearer to none, or further from it. Ends of the wrong sign stay as they are. */
function weaker(change: Span, toward: Way, which: 'near' | 'far'): number {
  const [low, high] = spanEnds(change);
  const wantsHigh = (toward === 'down') === (which === 'near');
  return wantsHigh ? high : low;
}

function contradicts(ratio: number, direction: Direction | null): boolean {
  return (direction === 'down' && ratio > 1) || (direction === 'up' && ratio < 1);
}

function contradiction(direction: Direction | null): TargetFault {
  return {
    why: `Its words say ${direction === 'down' ? 'lower' : 'higher'} and its percentage says the contrary.`,
  };
}

function spanEnds(span: Span): readonly [number, number] {
  return typeof span === 'number' ? [span, span] : [Math.min(...span), Math.max(...span)];
}

function middle(span: Span): number {
  const [low, high] = spanEnds(span);
  return (low + high) / 2;
}
