import type { AlertsPageActions } from '@/lib/client/alerts-page-actions.ts';
import { writeAlertsSentence } from '@/lib/core/alerts/alerts-sentence.ts';
import type { AlertRow, AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import { orderAlerts } from '@/lib/core/model/alert.ts';
import type { ReceiverView } from '@/lib/core/model/receiver.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { alertRowOf, backtestOf, detailOf, maintenanceWindows } from '../fixtures/alerts.ts';
import { STORY_NOW_MS } from '../fixtures/evening.ts';

// The server of the Alerts page, for tests.

export const SCOPE = { app: 'harbor', environment: 'production' };

export function rowsOf(): AlertRow[] {
  return [
    alertRowOf({
      id: 'http_429',
      rule: 'http_429',
      group: 'Responses',
      title: '60 responses of status 429 in 5 min',
    }),
    alertRowOf({
      id: 'redis_mixed',
      title: 'Mixed modes',
      sinceMs: STORY_NOW_MS - 5 * MINUTE_MS,
      release: 'v1206',
      deployHref: '/deploys/d6',
      deployAtMs: STORY_NOW_MS - 160 * MINUTE_MS,
    }),
    alertRowOf({
      id: 'source_down:a',
      rule: 'source_down',
      group: 'Sources',
      title: 'main-cache gives no answer',
      state: 'pending',
      kind: 'no_data',
      silencedUntilMs: STORY_NOW_MS + HOUR_MS,
      actions: ['wake'],
    }),
    alertRowOf({ id: 'old', title: 'Restart storm', state: 'resolved', actions: [] }),
  ];
}

const RECEIVER: ReceiverView = {
  name: 'ops',
  kind: 'slack',
  address: 'hooks.slack.example:443',
  topics: ['alerts'],
  waiting: 0,
  oldestMs: null,
  delivered: 3,
  lastDeliveredMs: STORY_NOW_MS,
  lastError: null,
  nextTryMs: null,
  givenUp: [],
};

export function viewOf(rows: AlertRow[], selected: string | null): AlertsView {
  const alerts = orderAlerts(rows, STORY_NOW_MS) as AlertRow[];
  const chosen = alerts.find(({ id }) => id === selected) ?? (selected === null ? alerts[0] : undefined);
  return {
    asOfMs: STORY_NOW_MS,
    scope: SCOPE,
    scopes: [SCOPE],
    demo: false,
    mode: null,
    sources: [],
    sentence: writeAlertsSentence(alerts, STORY_NOW_MS),
    alerts,
    detail: chosen === undefined ? null : detailOf(chosen.id, { words: `The rule of ${chosen.id}.` }),
    rules: [
      { id: 'http_429', group: 'Responses', words: 'Fires at 5.', reads: 'Responses.', isOff: false },
      { id: 'redis_mixed', group: 'Redis', words: 'Fires when mixed.', reads: 'Modes.', isOff: true },
    ],
    maintenance: maintenanceWindows(),
    watchEndMs: STORY_NOW_MS + 6 * HOUR_MS,
    receivers: [RECEIVER],
    refreshMs: 60_000,
  };
}

/** A server that keeps what it was told; `refuses` makes it refuse every order. */
export function server({ refuses = false } = {}) {
  const asked: string[] = [];
  let rows = rowsOf();
  const answer = <T>(order: string, data: T, effect = () => {}): Promise<ActionResult<T>> => {
    asked.push(order);
    if (refuses) {
      const error = { code: 'not_found' as const, message: 'That alert is not open any more.' };
      return Promise.resolve({ ok: false, error });
    }
    effect();
    return Promise.resolve({ ok: true, data });
  };
  const change = (id: string, to: Partial<AlertRow>) => () => {
    rows = rows.map((row) => (row.id === id ? { ...row, ...to } : row));
  };
  const actions: AlertsPageActions = {
    readAlerts: async ({ selected }) => ({ ok: true, data: viewOf(rows, selected) }),
    acknowledgeAlert: ({ id }) => {
      const by = 'somebody on this machine';
      const to = { acknowledged: { by, atMs: STORY_NOW_MS }, actions: ['silence'] } as const;
      return answer(`acknowledge ${id}`, { id }, change(id, to));
    },
    silenceAlert: ({ id, span }) =>
      answer(
        `silence ${id} ${span}`,
        { id },
        change(id, { silencedUntilMs: STORY_NOW_MS + HOUR_MS, actions: ['wake'] }),
      ),
    wakeAlert: ({ id }) =>
      answer(
        `wake ${id}`,
        { id },
        change(id, { silencedUntilMs: null, actions: ['acknowledge', 'silence'] }),
      ),
    planMaintenance: ({ startMs, endMs, reason, rules }) =>
      answer(`plan ${(endMs - startMs) / HOUR_MS} h ${reason} ${rules.join()}`, {}),
    endMaintenance: ({ id }) => answer(`end ${id}`, {}),
    backtestRule: ({ rule, days }) => answer(`backtest ${rule} ${days}`, backtestOf({ rule })),
    testReceiver: ({ name }) => answer(`test ${name}`, { ok: true, text: 'Slack answered 200.' }),
  };
  return { actions, asked };
}
