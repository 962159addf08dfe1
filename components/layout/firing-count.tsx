'use client';

import { useFiringCount } from '@/lib/client/firing-count.ts';

/** Beside the link to the alerts: how many fire. Nothing while none does, or while it is not known. */
export function FiringCount() {
  const count = useFiringCount();
  if (count === null || count === 0) return null;
  return (
    <span className="tabular-nums text-ink-2 desk:ml-auto">
      <span className="tablet:max-desk:sr-only"> {count}</span>
      <span className="sr-only"> firing</span>
    </span>
  );
}
