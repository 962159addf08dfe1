import { ALERTS_TABS, type AlertsTab } from '@/lib/core/alerts/alert-groups.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { quoteAsked } from './quote-asked.ts';
import { readScopeAddress } from './scope-address.ts';

/** Everything that the address of the Alerts page says. */
export interface AlertsAddress {
  scope: Scope;
  tab: AlertsTab;
  /** Id of the alert that is open; null for the first one. */
  selected: string | null;
  /** Times in the viewer's own zone instead of UTC. */
  isLocal: boolean;
}

/** Names of its parameters. */
export const ALERTS_PARAMS = ['app', 'env', 'tab', 'alert', 'tz'] as const;
export type AlertsParam = (typeof ALERTS_PARAMS)[number];

/** What the address asks for, as `read` finds it; what does not exist leaves a remark. Never throws. */
export function readAlertsAddress(
  read: (name: AlertsParam) => string | null,
  scopes: readonly Scope[],
  fallback: Scope,
): { address: AlertsAddress; remarks: readonly string[] } {
  const { address, remarks } = readScopeAddress(read, scopes, fallback);
  const askedTab = read('tab');
  const tab = ALERTS_TABS.find((one) => one === askedTab);
  return {
    address: {
      ...address,
      tab: tab ?? 'open',
      selected: read('alert'),
    },
    remarks: [
      ...remarks,
      ...(askedTab !== null && tab === undefined
        ? [`${quoteAsked(askedTab)} is no part of this page; shown: open alerts.`]
        : []),
    ],
  };
}

/** The address as a link; what is the default is left out. */
export function alertsHref(
  { scope, tab, selected, isLocal }: AlertsAddress,
  scopes: readonly Scope[],
): string {
  const params = new URLSearchParams();
  const [first] = scopes;
  if (first === undefined || first.app !== scope.app || first.environment !== scope.environment) {
    params.set('app', scope.app);
    params.set('env', scope.environment);
  }
  if (tab !== 'open') params.set('tab', tab);
  if (selected !== null) params.set('alert', selected);
  if (isLocal) params.set('tz', 'local');
  const query = params.toString();
  return query === '' ? '/alerts' : `/alerts?${query}`;
}
