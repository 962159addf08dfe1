import { LONG_WINDOW_SECONDS, windowSeconds } from '../bind/base-units.ts';
import type { Finding } from '../document.ts';
import {
  type AuditClaim,
  type AuditContext,
  figureOf,
  finding,
  halfStep,
  isRate,
  isRedisCommands,
  thingOf,
} from './context.ts';
import { perSecond } from './figures.ts';
import { apart, middleOf, unitFactor } from './numbers.ts';
import { countText, spanText, windowText } from './wording.ts';

type Side = 'before' | 'after';
const SIDES: readonly Side[] = ['before', 'after'];
/** Numbers of one thing that are closer than this are compared; others may well be two things. */
const NEAR = 0.25;
const ROUNDING = 0.01;
const PLAIN_FACTORS: readonly number[] = [10, 24, 60, 100, 1_000, 3_600, 86_400];

/** One thing said twice in a summary: the same metric, the same words around it, and two numbers. */
export function checkSameMetric(context: AuditContext): Finding[] {
  const findings: Finding[] = context.claims.flatMap((one) => checkRepeated(context, one));
  for (const claims of groupsOf(context.claims)) {
    for (const side of SIDES) {
      const said = claims.filter((one) => one[side] !== null);
      const first = said[0];
      if (first === undefined) continue;
      // Each is held against the first that says otherwise: with one wrong number in five there is one finding a side.
      const found = said.slice(1).flatMap((other) => compare(context, first, other, side) ?? []);
      findings.push(...found.slice(0, 3));
    }
  }
  return findings;
}

/** The number of one claim as other lines repeat it, in another window: `1,525/min` for 2,200,000 a day. */
function checkRepeated(context: AuditContext, one: AuditClaim): Finding[] {
  const { claim } = one;
  if (!isRate(one)) return [];
  return SIDES.flatMap((side) => {
    const value = one[side];
    if (value === null || value === 0) return [];
    const figures = claim.source.lines
      .slice(0, 16)
      .flatMap((line) => context.figuresAt(line).map((figure) => ({ figure, line })));
    return figures.flatMap(({ figure, line }) => {
      const rate = perSecond(figure);
      if (rate === null || figure.kind === 'percent' || figure.window === claim.window) return [];
      const seconds = windowSeconds(figure.window) ?? 1;
      if (seconds >= LONG_WINDOW_SECONDS.month || apart(rate, value) > ROUNDING) return [];
      const own = halfStep(context, claim, rawOf(one, side)) / (windowSeconds(claim.window) ?? 1);
      const written = context
        .figuresAt(claim.source.line)
        .some((other) => other.value === figure.value && other.window === figure.window);
      if (written || Math.abs(value - rate) <= (figure.half / seconds) * (1 + 1e-9) || isCoarse(own, value))
        return [];
      const window = windowText(figure.window ?? '');
      const computed = `${countText(rounded(value * seconds))} per ${window}`;
      const stated = `${countText(figure.value)} per ${window}`;
      return [
        finding({
          kind: 'window',
          severity: 'info',
          message: `${stated} is stated, but ${textOf(one, side)} is ${computed} (rounding).`,
          stated,
          computed,
          lines: [claim.source.line, line],
        }),
      ];
    });
  });
}

/** A number of two digits says nothing of what differs by less. */
function isCoarse(half: number, value: number): boolean {
  return half / value > 0.002;
}

function groupsOf(claims: readonly AuditClaim[]): AuditClaim[][] {
  const groups = new Map<string, AuditClaim[]>();
  for (const one of claims) {
    // GETs and all commands are two numbers of one kind: only where they agree are they said to be one.
    const thing = isRedisCommands(one) ? 'Redis commands' : thingOf(one);
    if (thing === null || !isRate(one) || one.claim.guard) continue;
    const key = JSON.stringify([thing, one.scope]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function compare(context: AuditContext, a: AuditClaim, b: AuditClaim, side: Side): Finding | null {
  const [x, y] = [a[side], b[side]];
  if (x === null || y === null || x === y || x === 0 || y === 0 || isNextStep(a, b)) return null;
  const off = apart(x, y);
  if (isRounding(context, a, b, side)) return null;
  if ((a.claim.approximate || b.claim.approximate) && off <= 0.05 && off > ROUNDING) return null;
  const sameWindow = a.claim.window === b.claim.window;
  if (a.claim.metric !== b.claim.metric && (sameWindow || off > ROUNDING)) return null;
  const alike = !sameWindow && apart(rawOf(a, side), rawOf(b, side)) < 0.005;
  const factor = alike ? Math.max(x, y) / Math.min(x, y) : sameFactor(x, y, sameWindow);
  const other = side === 'before' ? 'after' : 'before';
  // Two windows of one table row: where one side agrees the other one has to.
  const sureOfThing =
    !sameWindow && a[other] !== null && b[other] !== null && isRounding(context, a, b, other);
  if (off > NEAR && factor === null && !sureOfThing) return null;
  return contradiction(a, b, side, { factor, alike, off, x });
}

/** The second step of several begins where the first one ended. */
function isNextStep(a: AuditClaim, b: AuditClaim): boolean {
  const meets = (end: number | null, start: number | null) =>
    end !== null && start !== null && apart(end, start) < 0.02;
  return meets(a.after, b.before) || meets(b.after, a.before);
}

/** Numbers in one window differ by a factor of a unit less often by mistake than by chance: only by the plain ones. */
function sameFactor(x: number, y: number, sameWindow: boolean): number | null {
  const factor = unitFactor(x, y);
  return factor !== null && (!sameWindow || PLAIN_FACTORS.includes(factor)) ? factor : null;
}

function contradiction(
  a: AuditClaim,
  b: AuditClaim,
  side: Side,
  { factor, alike, off, x }: { factor: number | null; alike: boolean; off: number; x: number },
): Finding {
  const lines = [...a.claim.source.lines, ...b.claim.source.lines];
  const [said, other] = [textOf(a, side), textOf(b, side)];
  const is = side === 'before' ? 'a baseline' : 'a target';
  const window = b.claim.window ?? '';
  if (a.claim.window === b.claim.window) {
    const by = factor === null ? '' : `: they differ by a factor of ${countText(factor)}`;
    return finding({
      kind: side === 'before' ? 'two_baselines' : 'two_targets',
      severity: factor !== null ? 'error' : off <= ROUNDING ? 'info' : 'warning',
      message: `${said} and ${other} are both stated as ${is} of the same thing${by}.`,
      stated: `${said}; ${other}`,
      computed: factor === null ? said : `factor ${countText(factor)}`,
      lines,
    });
  }
  const computed = `${countText(rounded(x * (windowSeconds(window) ?? 1)))} per ${windowText(window)}`;
  return finding({
    kind: alike ? 'unit_factor' : 'window',
    severity: off <= ROUNDING ? 'info' : off <= NEAR ? 'warning' : 'error',
    message: alike
      ? `${said} and ${other} are stated as ${is} of the same thing: they differ by a factor of ${countText(factor ?? 1)}.`
      : `${other} is stated, but ${said} is ${computed}${off <= ROUNDING ? ' (rounding)' : ''}.`,
    stated: alike ? `${said}; ${other}` : other,
    computed: alike ? `factor ${countText(factor ?? 1)}` : computed,
    lines,
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Whether the coarser of two numbers is the finer one in its own window, rounded as it was written. */
function isRounding(context: AuditContext, a: AuditClaim, b: AuditClaim, side: Side): boolean {
  return roundsTo(context, a, b, side) || roundsTo(context, b, a, side);
}

function roundsTo(context: AuditContext, from: AuditClaim, to: AuditClaim, side: Side): boolean {
  const value = from[side];
  const stated = rawOf(to, side);
  const seconds = windowSeconds(to.claim.window);
  if (value === null || seconds === null) return false;
  const figure = figureOf(context, to.claim, stated);
  const half = figure?.half ?? 0.5;
  // A month is 30 days to one and a twelfth of a year to another.
  const loose = seconds >= LONG_WINDOW_SECONDS.month ? 0.02 * Math.abs(stated) : 0;
  return Math.abs(value * seconds - stated) <= half * (1 + 1e-9) + loose;
}

function rawOf({ claim }: AuditClaim, side: Side): number {
  const span = side === 'before' ? claim.before : (claim.after ?? claim.limit);
  return span === null ? 0 : middleOf(span);
}

function textOf(one: AuditClaim, side: Side): string {
  return spanText(rawOf(one, side), one.claim.unit, one.claim.window);
}
