import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlertWrites } from '@/lib/client/use-alert-acts.ts';
import type { AlertReads } from '@/lib/client/use-alerts-view.ts';
import { writeAlertsSentence } from '@/lib/core/alerts/alerts-sentence.ts';
import type { AlertDetail, AlertRow, AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import { orderAlerts } from '@/lib/core/model/alert.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { alertOf } from '../fixtures/alerts.ts';
import { STORY_NOW_MS } from '../fixtures/evening.ts';
import { CommandCenter } from '../layout/command-center.tsx';
import { AlertsLive } from './alerts-live.tsx';

// The framework tells a page its address only inside an app of its own.
vi.mock('next/navigation', async (original) => ({
  ...(await original<typeof import('next/navigation')>()),
  useSearchParams: () => new URLSearchParams(window.location.search),
}));

const SCOPE = { app: 'harbor', environment: 'production' };

function rowsOf(): AlertRow[] {
  return [
    { ...alertOf({ id: 'http_429', title: '60 responses of status 429 in 5 min' }), group: 'Responses' },
    {
      ...alertOf({ id: 'redis_mixed', title: 'Mixed modes', sinceMs: STORY_NOW_MS - 5 * MINUTE_MS }),
      group: 'Redis',
    },
    {
      ...alertOf({
        id: 'source_down:a',
        title: 'main-cache gives no answer',
        state: 'pending',
        kind: 'no_data',
        silencedUntilMs: STORY_NOW_MS + HOUR_MS,
        actions: ['wake'],
      }),
      group: 'Sources',
    },
    { ...alertOf({ id: 'old', title: 'Restart storm', state: 'resolved', actions: [] }), group: 'Redis' },
  ];
}

function detailOf(id: string): AlertDetail {
  return {
    id,
    firedAtMs: STORY_NOW_MS - 10 * MINUTE_MS,
    words: `The rule of ${id}.`,
    reads: 'Responses.',
    chart: null,
    events: [
      {
        atMs: STORY_NOW_MS - 10 * MINUTE_MS,
        id,
        title: id,
        what: 'acknowledged',
        by: 'somebody on this machine',
        untilMs: null,
      },
    ],
  };
}

function viewOf(rows: AlertRow[], selected: string | null): AlertsView {
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
    detail: chosen === undefined ? null : detailOf(chosen.id),
    rules: [],
    refreshMs: 60_000,
  };
}

/** A server that keeps what it was told; `refuses` makes it refuse every order. */
function server({ refuses = false } = {}) {
  const asked: string[] = [];
  let rows = rowsOf();
  const change = (id: string, to: Partial<AlertRow>) => {
    if (refuses) {
      return {
        ok: false as const,
        error: { code: 'not_found' as const, message: 'That alert is not open any more.' },
      };
    }
    rows = rows.map((row) => (row.id === id ? { ...row, ...to } : row));
    return { ok: true as const, data: { id } };
  };
  const actions: AlertReads & AlertWrites = {
    readAlerts: async ({ selected }) => ({ ok: true, data: viewOf(rows, selected) }),
    acknowledgeAlert: async ({ id }) => {
      asked.push(`acknowledge ${id}`);
      return change(id, {
        acknowledged: { by: 'somebody on this machine', atMs: STORY_NOW_MS },
        actions: ['silence'],
      });
    },
    silenceAlert: async ({ id, span }) => {
      asked.push(`silence ${id} ${span}`);
      return change(id, { silencedUntilMs: STORY_NOW_MS + HOUR_MS, actions: ['wake'] });
    },
    wakeAlert: async ({ id }) => {
      asked.push(`wake ${id}`);
      return change(id, { silencedUntilMs: null, actions: ['acknowledge', 'silence'] });
    },
  };
  return { actions, asked };
}

function show(actions: AlertReads & AlertWrites, selected: string | null = null) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const page = () => (
    <QueryClientProvider client={client}>
      <CommandCenter>
        <AlertsLive
          initial={viewOf(rowsOf(), selected)}
          initialAddress={{ scope: SCOPE, selected, isLocal: false }}
          actions={actions}
        />
      </CommandCenter>
    </QueryClientProvider>
  );
  const { rerender } = render(page());
  return { redraw: () => rerender(page()) };
}

const press = (key: string) => fireEvent.keyDown(document.body, { key, code: `Key${key.toUpperCase()}` });
const section = (name: string) => screen.getByRole('region', { name });

beforeEach(() => window.history.replaceState(null, '', '/alerts'));
afterEach(cleanup);

describe('the Alerts page', () => {
  it('says what needs a person, and groups what stands by what it needs', () => {
    show(server().actions);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(
      '2 alerts need a person, first: 60 responses of status 429 in 5 min.',
    );
    expect(within(section('Firing')).getAllByRole('listitem')).toHaveLength(2);
    expect(within(section('Silenced')).getByText(/silenced until/)).toBeTruthy();
    expect(within(section('Resolved in 24 h')).getByText('Restart storm')).toBeTruthy();
    expect(screen.getByText('The rule of http_429.')).toBeTruthy();
    expect(screen.getByText('Acknowledged by somebody on this machine')).toBeTruthy();
  });

  it('acknowledges and silences the chosen alert by key, and shows it', async () => {
    const { actions, asked } = server();
    show(actions);
    press('e');
    await within(section('Firing')).findByText(/acknowledged by somebody on this machine/);
    press('s');
    fireEvent.keyDown(document.body, { key: '2', code: 'Digit2' });
    await waitFor(() => expect(within(section('Silenced')).getAllByRole('listitem')).toHaveLength(2));
    expect(asked).toEqual(['acknowledge http_429', 'silence http_429 four_hours']);
  });

  it('moves through the list with j and k, and keeps the place in the address', async () => {
    const { redraw } = show(server().actions);
    press('j');
    expect(window.location.search).toBe('?alert=redis_mixed');
    expect(document.activeElement?.textContent).toBe('Mixed modes');
    redraw();
    expect(await screen.findByText('The rule of redis_mixed.')).toBeTruthy();
    press('k');
    expect(window.location.search).toBe('?alert=http_429');
  });

  it('says why an order was refused', async () => {
    show(server({ refuses: true }).actions);
    press('e');
    expect(await screen.findByText('That alert is not open any more.')).toBeTruthy();
  });

  it('says that the alert of a link is gone', () => {
    window.history.replaceState(null, '', '/alerts?alert=gone');
    show(server().actions, 'gone');
    expect(screen.getByText('The alert of this link is not in the list any more.')).toBeTruthy();
    expect(screen.getByText('Restart storm')).toBeTruthy();
  });
});
