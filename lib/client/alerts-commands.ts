import { ALERTS_TABS, type AlertsTab } from '@/lib/core/alerts/alert-groups.ts';
import type { AlertAction, AlertView, SilenceSpan } from '@/lib/core/model/alert.ts';
import type { Command } from './commands.ts';

/** What the commands of the Alerts page work on. */
export interface AlertsCommandInput {
  /** In the order of the list. */
  alerts: readonly AlertView[];
  selectedId: string | null;
  tab: AlertsTab;
  isLocal: boolean;
  /** True while a watch runs that a silence may last for. */
  hasWatch: boolean;
  /** Selects and brings it under the focus, where Enter opens it. */
  select: (id: string) => void;
  acknowledge: (id: string) => void;
  silence: (id: string, span: SilenceSpan) => void;
  wake: (id: string) => void;
  setLocal: (isLocal: boolean) => void;
  setTab: (tab: AlertsTab) => void;
}

const TAB_TITLES: Record<AlertsTab, string> = {
  open: 'Show open alerts',
  resolved: 'Show what was resolved in 24 h',
  maintenance: 'Plan a maintenance window',
  rules: 'Show the rules of alerts',
};

/** Everything that a reader can do on the Alerts page. */
export function alertsCommands(input: AlertsCommandInput): readonly Command[] {
  const { alerts, selectedId, select } = input;
  const at = alerts.findIndex(({ id }) => id === selectedId);
  const chosen = alerts[at];
  const step = (by: number) => alerts[at === -1 ? 0 : at + by];
  const make = (
    id: string,
    keys: string | null,
    title: string,
    isAvailable: boolean,
    run: () => void,
  ): Command => ({ id, keys, title, group: 'Page', isAvailable: () => isAvailable, run });
  const move = (id: string, keys: string, title: string, by: number) => {
    const to = step(by);
    return make(id, keys, title, to !== undefined, () => to && select(to.id));
  };
  const act = (
    id: string,
    keys: string | null,
    title: string,
    action: AlertAction,
    run: (alert: string) => void,
    isAvailable = true,
  ) =>
    make(id, keys, title, isAvailable && chosen?.actions.includes(action) === true, () => {
      if (chosen !== undefined) run(chosen.id);
    });
  return [
    move('alert-next', 'j', 'Next alert', 1),
    move('alert-previous', 'k', 'Previous alert', -1),
    act('alert-acknowledge', 'e', 'Acknowledge this alert', 'acknowledge', input.acknowledge),
    act('alert-silence-hour', 's 1', 'Silence this alert for 1 h', 'silence', (id) =>
      input.silence(id, 'hour'),
    ),
    act('alert-silence-four', 's 2', 'Silence this alert for 4 h', 'silence', (id) =>
      input.silence(id, 'four_hours'),
    ),
    act(
      'alert-silence-watch',
      's 3',
      'Silence this alert until the watch ends',
      'silence',
      (id) => input.silence(id, 'watch_end'),
      input.hasWatch,
    ),
    act('alert-wake', null, 'Wake this alert', 'wake', input.wake),
    ...ALERTS_TABS.map((tab) =>
      make(`alerts-${tab}`, null, TAB_TITLES[tab], tab !== input.tab, () => input.setTab(tab)),
    ),
    make('zone', 'u', input.isLocal ? 'Show times in UTC' : 'Show times in the local zone', true, () =>
      input.setLocal(!input.isLocal),
    ),
  ];
}
