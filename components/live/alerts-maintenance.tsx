'use client';

import { readTyped } from '@/lib/client/typed-time.ts';
import { type AlertMaintenance, useAlertMaintenance } from '@/lib/client/use-alert-maintenance.ts';
import type { AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { MaintenanceForm } from '../panels/maintenance-form.tsx';
import { MaintenancePanel } from '../panels/maintenance-panel.tsx';

interface AlertsMaintenanceProps {
  view: AlertsView;
  /** The browser's clock when the view came in: what has passed since is added to the server's time. */
  receivedAtMs: number;
  zone: Zone;
  actions: AlertMaintenance;
  onDone: () => Promise<unknown>;
  announce: (text: string) => void;
}

/** Maintenance windows in the browser: lists, plans and ends them. */
export function AlertsMaintenance(props: Readonly<AlertsMaintenanceProps>) {
  const { view, receivedAtMs, zone, actions, onDone, announce } = props;
  const { isBusy, planFailure, endFailure, plan, end } = useAlertMaintenance(
    actions,
    view.scope,
    onDone,
    announce,
  );
  const nowMs = () => view.asOfMs + Math.max(0, Date.now() - receivedAtMs);
  return (
    <>
      <MaintenancePanel windows={view.maintenance} nowMs={view.asOfMs} isBusy={isBusy} onEnd={end} />
      {endFailure !== null && (
        <p role="alert" className="mt-2 break-words text-ink-2">
          Not ended: {endFailure}
        </p>
      )}
      <MaintenanceForm
        rules={view.rules}
        readTime={(text) => readTyped(text, zone, nowMs())}
        isBusy={isBusy}
        failure={planFailure}
        onPlan={plan}
      />
    </>
  );
}
