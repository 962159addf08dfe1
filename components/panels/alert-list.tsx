'use client';

import { type AlertStanding, type AlertView, alertStanding } from '@/lib/core/model/alert.ts';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { type AlertActs, type AlertOpening, AlertRow } from './alerts-panel.tsx';

interface AlertListProps {
  /** In the order in which people should look; null before rules have been evaluated. */
  alerts: readonly AlertView[] | null;
  nowMs: number;
  receivedAtMs: number | null;
  watchEndMs: number | null;
  acts: AlertActs;
  busyId: string | null;
  openingOf: (id: string) => AlertOpening;
}

const SECTIONS: readonly { title: string; standings: readonly AlertStanding[] }[] = [
  { title: 'Firing', standings: ['firing'] },
  { title: 'Source errors', standings: ['source_error'] },
  { title: 'No data', standings: ['no_data'] },
  { title: 'Pending', standings: ['pending'] },
  { title: 'Clearing', standings: ['recovering'] },
  { title: 'Silenced', standings: ['silenced'] },
  { title: 'Held back', standings: ['inhibited'] },
  { title: 'Resolved in 24 h', standings: ['resolved'] },
];

/** The inbox: what is open by what it needs, then what was resolved within a day. */
export function AlertList({ alerts, nowMs, openingOf, ...rest }: Readonly<AlertListProps>) {
  const known = alerts ?? [];
  const text = alerts === null ? 'Rules have not been evaluated yet.' : 'Nothing has fired in the last 24 h.';
  return (
    <PanelFrame
      title="Alerts"
      headless
      state={known.length > 0 ? { kind: 'ready' } : { kind: 'empty', text }}
    >
      {SECTIONS.map(({ title, standings }) => {
        const inside = known.filter((alert) => standings.includes(alertStanding(alert, nowMs)));
        if (inside.length === 0) return null;
        return (
          <section key={title} aria-label={title} className="mb-6">
            <h3 className="border-b border-line pb-2 font-semibold">
              {title} <span className="font-normal text-ink-3">{inside.length}</span>
            </h3>
            <ul>
              {inside.map((alert) => (
                <AlertRow
                  key={alert.id}
                  {...rest}
                  alert={alert}
                  nowMs={nowMs}
                  opening={openingOf(alert.id)}
                />
              ))}
            </ul>
          </section>
        );
      })}
    </PanelFrame>
  );
}
