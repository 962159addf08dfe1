'use client';

import type { FollowUpState } from '@/lib/core/model/verdict.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Button } from '../ui/button.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';

const SHOWN = 12;

interface WatchFollowUpsProps {
  followUps: readonly FollowUpState[];
  nowMs: number;
  isBusy: boolean;
  onChange: (followUp: FollowUpState) => void;
}

/** What the summary says comes next: who takes it, when it is due, whether it is done. Nothing where it says nothing. */
export function WatchFollowUps({ followUps, nowMs, isBusy, onChange }: Readonly<WatchFollowUpsProps>) {
  const { zone } = useChartPage();
  const { shown, more } = useLongList(followUps, SHOWN, 'follow-ups');
  if (followUps.length === 0) return null;
  const open = followUps.filter(({ done }) => done === null).length;
  return (
    <PanelFrame
      title="Follow-ups"
      question="What comes next?"
      state={{ kind: 'ready' }}
      aside={<span className="text-ink-3">{open === 0 ? 'all done' : `${open} open`}</span>}
    >
      <ul>
        {shown.map((one) => (
          <li
            key={one.id}
            className="flex flex-wrap items-start gap-x-3 gap-y-1 border-line py-2.5 not-first:border-t"
          >
            <span className="w-17 shrink-0">
              <Status {...standing(one, nowMs)} />
            </span>
            <div className="min-w-0 flex-1 basis-28">
              <p className="break-words">{one.text}</p>
              <p className="text-label break-words text-ink-3">
                {[
                  one.owner ?? 'nobody yet',
                  one.done === null
                    ? one.dueMs === null
                      ? 'no date'
                      : `due ${formatStamp(one.dueMs, 'minutes', zone)}`
                    : `done by ${one.done.by}, ${formatStamp(one.done.atMs, 'minutes', zone)}`,
                ].join(', ')}
              </p>
            </div>
            <Button
              size="small"
              className="no-print"
              aria-label={`Change: ${one.text.slice(0, 60)}`}
              disabled={isBusy}
              onClick={() => onChange(one)}
            >
              Change
            </Button>
          </li>
        ))}
      </ul>
      {more}
    </PanelFrame>
  );
}

function standing({ done, dueMs }: FollowUpState, nowMs: number) {
  if (done !== null) return { glyph: 'good', word: 'Done' } as const;
  if (dueMs !== null && dueMs < nowMs) return { glyph: 'warn', word: 'Overdue' } as const;
  return { glyph: 'idle', word: 'Open' } as const;
}
