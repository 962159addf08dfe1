'use client';

import type { IncidentAction } from '@/lib/core/model/incident.ts';
import { formatDate, formatStamp } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Button } from '../ui/button.tsx';
import { Status } from '../ui/status.tsx';

/** What is to be done, as a living page or a frozen copy holds it. */
export type ActionLine = Pick<IncidentAction, 'text' | 'owner' | 'dueMs'> & {
  done: IncidentAction['done'] | boolean;
} & Partial<Pick<IncidentAction, 'id'>>;

const isDone = ({ done }: ActionLine) => done !== null && done !== false;

/** What is to be done, by whom and until when: what is open first, and by its day. */
export function ActionList<T extends ActionLine>({
  actions,
  nowMs,
  onDone,
  isBusy = false,
}: Readonly<{
  actions: readonly T[];
  /** What is due before it and open is late. */
  nowMs: number;
  /** Left out where it can only be read. */
  onDone?: (action: T) => void;
  isBusy?: boolean;
}>) {
  const { zone } = useChartPage();
  const ordered = actions.toSorted(
    (a, b) =>
      Number(isDone(a)) - Number(isDone(b)) ||
      (a.dueMs ?? Number.POSITIVE_INFINITY) - (b.dueMs ?? Number.POSITIVE_INFINITY) ||
      0,
  );
  return (
    <ul>
      {ordered.map((action, index) => {
        const { id, text, owner, dueMs, done } = action;
        const isLate = !isDone(action) && dueMs !== null && dueMs < nowMs;
        const facts = [
          owner ?? 'nobody has taken it',
          dueMs === null ? null : `due ${formatDate(dueMs, zone)}`,
          typeof done === 'object' && done !== null
            ? `done by ${done.by}, ${formatStamp(done.atMs, 'minutes', zone)}`
            : null,
        ].filter((part) => part !== null);
        return (
          <li
            key={id ?? index}
            className="grid grid-cols-[104px_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-1 border-line py-2.5 not-first:border-t max-tablet:grid-cols-[minmax(0,1fr)_auto]"
          >
            {isDone(action) ? (
              <Status glyph="good" word="Done" />
            ) : isLate ? (
              <Status glyph="warn" word="Late" />
            ) : (
              <Status glyph="idle" word="Open" />
            )}
            <div className="min-w-0 max-tablet:order-3 max-tablet:col-span-2">
              <p className="font-medium break-words">{text}</p>
              <p className="text-label break-words text-ink-3">{facts.join(', ')}</p>
            </div>
            {onDone !== undefined && (
              <Button
                look="ghost"
                size="small"
                className="no-print -my-0.5"
                aria-label={isDone(action) ? `Open again: ${text}` : `Done: ${text}`}
                disabled={isBusy}
                onClick={() => onDone(action)}
              >
                {isDone(action) ? 'Open again' : 'Done'}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
