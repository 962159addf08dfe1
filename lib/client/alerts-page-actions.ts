import { endMaintenance, planMaintenance } from '@/lib/actions/alerts.ts';
import { backtestRule } from '@/lib/actions/backtest.ts';
import { testReceiver } from '@/lib/actions/notify.ts';
import { alertActions } from './alert-actions.ts';
import type { AlertWrites } from './use-alert-acts.ts';
import type { AlertBacktests } from './use-alert-backtest.ts';
import type { AlertMaintenance } from './use-alert-maintenance.ts';
import type { AlertTests } from './use-alert-test.ts';
import type { AlertReads } from './use-alerts-view.ts';

/** Everything that the Alerts page asks of the server. */
export type AlertsPageActions = AlertReads & AlertWrites & AlertMaintenance & AlertBacktests & AlertTests;

/** The real server actions behind the Alerts page. */
export const alertsPageActions: AlertsPageActions = {
  ...alertActions,
  planMaintenance,
  endMaintenance,
  backtestRule,
  testReceiver,
};
