import { formatMoney } from '../../units/money.ts';
import { windowSeconds } from '../bind/base-units.ts';
import type { Finding } from '../document.ts';
import { type AuditClaim, type AuditContext, distance, finding, halfStep } from './context.ts';
import { apart, middleOf, unitFactor } from './numbers.ts';
import { countText, windowText } from './wording.ts';

const DAY_SECONDS = 86_400;
const NEAR_LINES = 8;

/** A saving a month on a line of its own against the pair or the saving a day above it: × 30 and × 365/12. */
export function checkMonths(context: AuditContext): Finding[] {
  return context.claims.flatMap((saving) => {
    const { claim } = saving;
    if (claim.window !== 'month' || claim.delta === null || claim.before !== null) return [];
    const daily = context.claims
      .filter((one) => isSource(context, one, saving))
      .toSorted((a, b) => b.claim.source.line - a.claim.source.line)[0];
    return daily === undefined ? [] : compare(context, saving, daily);
  });
}

function isSource(context: AuditContext, one: AuditClaim, { claim }: AuditClaim): boolean {
  const seconds = windowSeconds(one.claim.window);
  if (one.claim === claim || one.claim.unit !== claim.unit || seconds === null || seconds > DAY_SECONDS)
    return false;
  if (savedBy(one) === null || one.claim.source.line > claim.source.line) return false;
  return distance(context, one.claim.source.line, claim.source.line) <= NEAR_LINES;
}

/** What a claim saves, in its own window. */
function savedBy({ claim }: AuditClaim): number | null {
  if (claim.delta !== null) return Math.abs(middleOf(claim.delta));
  if (claim.before === null || claim.after === null) return null;
  return Math.abs(middleOf(claim.before) - middleOf(claim.after));
}

function compare(context: AuditContext, { claim }: AuditClaim, daily: AuditClaim): Finding[] {
  const stated = Math.abs(middleOf(claim.delta ?? 0));
  const saved = savedBy(daily) ?? 0;
  const aDay = (saved * DAY_SECONDS) / (windowSeconds(daily.claim.window) ?? DAY_SECONDS);
  const months = [aDay * 30, (aDay * 365) / 12] as const;
  const half = halfStep(context, claim, stated);
  const fits = months.some((month) => Math.abs(month - stated) <= half * (1 + 1e-9));
  const off = Math.min(...months.map((month) => apart(month, stated)));
  if (fits || (claim.approximate && off <= 0.03)) return [];
  const text = (value: number) => (claim.unit === 'USD' ? formatMoney(value) : countText(value));
  const is = `${text(months[0])} (30 days) or ${text(months[1])} (365/12)`;
  const factor = off > 0.05 ? unitFactor(months[0], stated) : null;
  return [
    finding({
      kind: 'month',
      severity: off <= 0.02 ? 'info' : off <= 0.2 ? 'warning' : 'error',
      message: `${text(stated)} per month is stated beside ${text(saved)} per ${windowText(daily.claim.window ?? 'day')}, which is ${is}${factor === null ? ': it fits neither' : `: a factor of ${factor}`}.`,
      stated: `${text(stated)} per month`,
      computed: is,
      lines: [...claim.source.lines, daily.claim.source.line],
    }),
  ];
}
