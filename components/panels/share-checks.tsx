'use client';

import type { FrozenCheck, FrozenCopy } from '@/lib/core/model/share.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { NBSP } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Glyph } from '../ui/glyph.tsx';
import { CHECK_WORDS } from './watch-words.ts';

/** What was looked at after the deploy, in the order of its time, each with its state in words and what was seen. */
export function ShareChecks({
  checks,
  deploy,
}: Readonly<{ checks: readonly FrozenCheck[]; deploy: FrozenCopy['deploy'] }>) {
  const { zone } = useChartPage();
  const ordered = checks.toSorted((a, b) => a.dueMs - b.dueMs);
  return (
    <ol>
      {ordered.map(({ title, dueMs, state, evidence }, n) => {
        const { glyph, word } = CHECK_WORDS[state];
        const due =
          state === 'waiting' && deploy !== null
            ? `, due ${formatClock(deploy.startMs + dueMs, 'minutes', zone)}`
            : '';
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: frozen, nothing moves, and a title may stand twice.
            key={n}
            className="grid grid-cols-[52px_16px_minmax(0,1fr)] gap-x-2.5 pb-3 last:pb-0"
          >
            <span className="text-right whitespace-nowrap text-ink-3">{afterText(dueMs)}</span>
            <span className="mt-0.5">
              <Glyph name={glyph} />
            </span>
            <span className="min-w-0">
              <span className="block font-medium wrap-anywhere">{title}</span>
              <span className="block text-label wrap-anywhere text-ink-3">
                {word}
                {due}
                {evidence !== null && `: ${evidence}`}
              </span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** `24 h` and not `1 d`: hours are what a watch is counted in. */
function afterText(dueMs: number): string {
  return dueMs % HOUR_MS === 0 && dueMs > 0 ? `${dueMs / HOUR_MS}${NBSP}h` : formatDuration(dueMs);
}
