'use client';

import { formatAge, formatDuration } from '@/lib/core/units/duration.ts';
import { useClock } from './use-clock.ts';

/**
 * An age that goes on while we look. `ageMs` is the age when the data came in, `receivedAtMs` the browser's clock at
 * that moment: the server's clock is never compared with the browser's. Null: `never`.
 */
export function Age({
  ageMs,
  receivedAtMs,
  ago = true,
}: Readonly<{ ageMs: number | null; receivedAtMs: number | null; ago?: boolean }>) {
  const nowMs = useClock();
  const extraMs = nowMs === null || receivedAtMs === null ? 0 : Math.max(0, nowMs - receivedAtMs);
  const shownMs = ageMs === null ? null : ageMs + extraMs;
  return (
    <span className="whitespace-nowrap">
      {ago || shownMs === null ? formatAge(shownMs) : formatDuration(shownMs)}
    </span>
  );
}
