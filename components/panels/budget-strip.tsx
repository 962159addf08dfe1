import type { BudgetLimit } from '@/lib/core/model/budget.ts';
import { amountText } from './budget-words.ts';

/** The limit stands at the same place in every strip, with room for what would go beyond it. */
const LIMIT_AT = 0.72;
const MIDDLE = 8;

/**
 * How much of a limit is used, and where the forecast says it will be at the end of the period: a bar, a band, a dot. Wide
 * as its place, 16 high; said in words for people who do not see it.
 */
export function BudgetStrip({ limit }: Readonly<{ limit: BudgetLimit }>) {
  const { used, allowed, ahead } = limit;
  const place = (value: number) =>
    `${(Math.min(1, Math.max(0, (value / allowed) * LIMIT_AT)) * 100).toFixed(2)}%`;
  const end = ahead.at(-1);
  return (
    <svg role="img" aria-label={stripText(limit)} width="100%" height={16} className="block overflow-visible">
      <line x1={0} x2="100%" y1={MIDDLE} y2={MIDDLE} className="stroke-line-strong" />
      {end !== undefined && (
        <line
          x1={place(end[1])}
          x2={place(end[3])}
          y1={MIDDLE}
          y2={MIDDLE}
          strokeWidth={8}
          className="stroke-s1/30"
        />
      )}
      <line x1={0} x2={place(used)} y1={MIDDLE} y2={MIDDLE} strokeWidth={4} className="stroke-s1" />
      <line
        x1={`${LIMIT_AT * 100}%`}
        x2={`${LIMIT_AT * 100}%`}
        y1={0}
        y2={16}
        strokeWidth={1.3}
        className="stroke-ink-2"
      />
      {end !== undefined && (
        <circle cx={place(end[2])} cy={MIDDLE} r={3.4} strokeWidth={1.3} className="fill-canvas stroke-s1" />
      )}
    </svg>
  );
}

/** `41 % used; likely 63 % at the end of the period, between 55 % and 74 %`. */
export function stripText(limit: BudgetLimit): string {
  const share = (value: number) => `${Math.round((value / limit.allowed) * 100)} %`;
  const end = limit.ahead.at(-1);
  const forecast =
    end === undefined
      ? 'no forecast'
      : `likely ${share(end[2])} at the end of the period, between ${share(end[1])} and ${share(end[3])}`;
  return `${share(limit.used)} of ${amountText(limit.allowed, limit)} used; ${forecast}`;
}
