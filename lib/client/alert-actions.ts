import { acknowledgeAlert, readAlerts, silenceAlert, wakeAlert } from '@/lib/actions/alerts.ts';
import type { AlertWrites } from './use-alert-acts.ts';
import type { AlertReads } from './use-alerts-view.ts';

/** The real server actions behind alerts. */
export const alertActions: AlertReads & AlertWrites = {
  readAlerts,
  acknowledgeAlert,
  silenceAlert,
  wakeAlert,
};
