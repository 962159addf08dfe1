import { formatMoney } from '../../units/money.ts';
import { windowSeconds } from '../bind/base-units.ts';
import type { Finding } from '../document.ts';
import { type AuditContext, finding } from './context.ts';
import { type Figure, perSecond } from './figures.ts';
import { apart, unitFactor } from './numbers.ts';
import { countText, windowText } from './wording.ts';

const DAY_SECONDS = 86_400;
const MAX_LINES = 20_000;
/** What may stand between a number and the same number in another window: `733K/h (2.2M per 3 hours)`. */
const SAME =
  /^[\s*_`]*(?:\(|=|≈|~|→?\s*i\.e\.,?|or\b|that is,?|es decir,?|,\s*or\b)[\s*_`]*(?:~|≈|about |or |o sea )?\s*$/i;
/** A line without any of these holds no number twice. */
const JOINED = /[(=≈,]|\bi\.e|\b(?:or|that is|es decir)\b/i;
/** Days that a month may be counted as. */
const MONTH_DAYS = [30, 365 / 12] as const;

/** The same number in two windows on one line: per hour against per three hours, per day against per month. */
export function checkWindows(context: AuditContext): Finding[] {
  const findings: Finding[] = [];
  const last = Math.min(context.summary.lines.length, MAX_LINES);
  for (let line = 1; line <= last; line += 1) {
    if (!JOINED.test(context.lineAt(line))) continue;
    const figures = context.figuresAt(line);
    for (const [index, figure] of figures.entries()) {
      const next = figures[index + 1];
      if (next === undefined || !isSame(context.lineAt(line), figure, next)) continue;
      const found = compare(figure, next, line);
      if (found !== null) findings.push(found);
    }
  }
  return findings;
}

function isSame(text: string, a: Figure, b: Figure): boolean {
  if (a.kind !== b.kind || a.kind === 'percent' || a.window === b.window) return false;
  if (perSecond(a) === null || perSecond(b) === null) return false;
  return SAME.test(text.slice(a.end, b.start));
}

function compare(a: Figure, b: Figure, line: number): Finding | null {
  const [from, to] = [windowSeconds(a.window) ?? 1, windowSeconds(b.window) ?? 1];
  const ratios = ratiosOf(a.window, b.window, to / from);
  if (ratios.some((ratio) => fits(a, b, ratio))) return null;
  const text = (value: number) => (a.kind === 'money' ? formatMoney(value) : countText(value));
  const window = windowText(b.window ?? '');
  const computed = ratios.map((ratio) => text(a.value * ratio));
  const first = a.value * (ratios[0] ?? 1);
  const off = Math.min(...ratios.map((ratio) => apart(a.value * ratio, b.value)));
  const isMonth = ratios.length > 1;
  const factor = off > 0.05 ? unitFactor(first, b.value) : null;
  const is = isMonth ? `${computed[0]} (30 days) or ${computed[1]} (365/12)` : (computed[0] ?? '');
  const stated = `${text(b.value)} per ${window}`;
  const approximate = a.approximate || b.approximate;
  if (approximate && off <= 0.03) return null;
  return finding({
    kind: factor !== null ? 'unit_factor' : isMonth ? 'month' : 'window',
    severity: off <= 0.02 ? 'info' : off <= 0.2 ? 'warning' : 'error',
    message: `${stated} is stated beside ${text(a.value)} per ${windowText(a.window ?? '')}, which is ${is}${factor === null ? (isMonth ? ': it fits neither' : '') : `: a factor of ${factor}`}.`,
    stated,
    computed: `${is.includes(' or ') ? is : `${is} per ${window}`}`,
    lines: [line],
  });
}

function fits(a: Figure, b: Figure, ratio: number): boolean {
  const computed = a.value * ratio;
  // 11.67 a second is written as 11 as often as 12.
  const isCut = b.value <= computed && computed < b.value + 2 * b.half;
  return isCut || Math.abs(computed - b.value) <= (a.half * ratio + b.half) * (1 + 1e-9);
}

/** How many of the first window the second one holds; two answers where a month meets something shorter. */
function ratiosOf(a: string | null, b: string | null, plain: number): readonly number[] {
  if (isMonth(b) && !isLong(a))
    return MONTH_DAYS.map((days) => (days * DAY_SECONDS) / (windowSeconds(a) ?? 1));
  if (isMonth(a) && !isLong(b))
    return MONTH_DAYS.map((days) => (windowSeconds(b) ?? 1) / (days * DAY_SECONDS));
  return [plain];
}

function isMonth(window: string | null): boolean {
  return window === 'month';
}

function isLong(window: string | null): boolean {
  return window === 'month' || window === 'year';
}
