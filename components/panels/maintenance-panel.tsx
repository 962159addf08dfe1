'use client';

import { useState } from 'react';
import type { MaintenanceView } from '@/lib/core/alerts/maintenance.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Button } from '../ui/button.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { timeText } from './alert-words.ts';

interface MaintenancePanelProps {
  /** Windows that run or are to come, the next one first. */
  windows: readonly MaintenanceView[];
  nowMs: number;
  isBusy: boolean;
  onEnd: (id: string) => void;
}

/** Planned stretches of time in which alerts are not told. */
export function MaintenancePanel({ windows, nowMs, isBusy, onEnd }: Readonly<MaintenancePanelProps>) {
  return (
    <PanelFrame
      title="Maintenance windows"
      question="When is nobody told?"
      state={
        windows.length === 0
          ? { kind: 'empty', text: 'None is running, and none is planned.' }
          : { kind: 'ready' }
      }
    >
      <ul>
        {windows.map((planned) => (
          <Window key={planned.id} planned={planned} nowMs={nowMs} isBusy={isBusy} onEnd={onEnd} />
        ))}
      </ul>
    </PanelFrame>
  );
}

/** A second press ends it: what was planned is not undone by a slip. */
function Window({
  planned: { id, startMs, endMs, reason, rules, by, isRunning },
  nowMs,
  isBusy,
  onEnd,
}: Readonly<Omit<MaintenancePanelProps, 'windows'> & { planned: MaintenanceView }>) {
  const { zone } = useChartPage();
  const [isArmed, setIsArmed] = useState(false);
  const verb = isRunning ? 'End' : 'Cancel';
  return (
    <li
      aria-label={reason}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-line py-3 not-first:border-t tablet:grid-cols-[104px_minmax(0,1fr)_auto]"
    >
      <Status
        {...(isRunning ? { glyph: 'silenced', word: 'Running' } : { glyph: 'idle', word: 'Planned' })}
      />
      <div className="min-w-0 break-words max-tablet:order-3 max-tablet:col-span-2">
        <p className="text-prose font-medium">{reason}</p>
        <p className="text-ink-3">
          {timeText(startMs, nowMs, zone)} to {timeText(endMs, nowMs, zone)},{' '}
          {formatDuration(endMs - startMs)} · {rules.length === 0 ? 'all rules' : rules.join(', ')}
          {by !== null && ` · by ${by}`}
        </p>
      </div>
      <Button
        size="small"
        className="no-print"
        aria-label={`${verb} ${reason}${isArmed ? ' now' : ''}`}
        disabled={isBusy}
        onBlur={() => setIsArmed(false)}
        onClick={() => (isArmed ? onEnd(id) : setIsArmed(true))}
      >
        {isArmed ? `${verb} now` : verb}
      </Button>
    </li>
  );
}
