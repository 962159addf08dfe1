'use client';

import { type AlertView, orderAlerts } from '@/lib/core/model/alert.ts';
import { PanelFrame, type PanelState } from '../ui/panel-frame.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AlertRow, type AlertRowProps } from './alert-row.tsx';

/** So many stand on the page; the rest is counted. */
const SHOWN = 5;

interface AlertsPanelProps extends Omit<AlertRowProps, 'alert'> {
  alerts: readonly AlertView[];
  /** What the page knows beyond the data: the first read is under way, or the last one failed. */
  state?: PanelState;
}

/** What needs a person now: at most five rows, the most urgent first. */
export function AlertsPanel({ alerts, state, ...row }: Readonly<AlertsPanelProps>) {
  const ordered = orderAlerts(alerts, row.nowMs);
  const hidden = ordered.length - SHOWN;
  return (
    <PanelFrame
      title="Alerts"
      question="What needs a person now?"
      headless
      state={state ?? (alerts.length > 0 ? { kind: 'ready' } : { kind: 'empty', text: 'No alert is open.' })}
      skeleton={<Skeleton rows={2} />}
    >
      <ul>
        {ordered.slice(0, SHOWN).map((alert) => (
          <AlertRow key={alert.id} alert={alert} {...row} />
        ))}
      </ul>
      {hidden > 0 && <p className="border-t border-line py-2.25 text-ink-3">and {hidden} more</p>}
    </PanelFrame>
  );
}
