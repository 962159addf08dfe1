import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertsPageActions } from '@/lib/client/alerts-page-actions.ts';
import type { AlertsTab } from '@/lib/core/alerts/alert-groups.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { CommandCenter } from '../layout/command-center.tsx';
import { AlertsLive } from './alerts-live.tsx';
import { rowsOf, SCOPE, server, viewOf } from './test-alerts-server.ts';

function show(
  actions: AlertsPageActions,
  { selected = null, tab = 'open' }: { selected?: string | null; tab?: AlertsTab } = {},
) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const page = () => (
    <QueryClientProvider client={client}>
      <CommandCenter>
        <AlertsLive
          initial={viewOf(rowsOf(), selected)}
          initialAddress={{ scope: SCOPE, tab, selected, isLocal: false }}
          actions={actions}
        />
      </CommandCenter>
    </QueryClientProvider>
  );
  const { rerender } = render(page());
  return { redraw: () => rerender(page()) };
}

function showTab(tab: AlertsTab, actions: AlertsPageActions) {
  window.history.replaceState(null, '', `/alerts?tab=${tab}`);
  return show(actions, { tab });
}

const press = (key: string) => fireEvent.keyDown(document.body, { key, code: `Key${key.toUpperCase()}` });
const section = (name: string) => screen.getByRole('region', { name: `Alerts: ${name}` });

beforeEach(() => window.history.replaceState(null, '', '/alerts'));
afterEach(cleanup);

describe('the Alerts page', () => {
  it('says what needs a person, and groups it by the deploy or the part that it belongs to', () => {
    show(server().actions);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(
      '2 alerts need a person, first: 60 responses of status 429 in 5 min.',
    );
    expect(within(section('Responses')).getAllByRole('listitem')).toHaveLength(1);
    expect(within(section('Responses')).getByText('not tied to a deploy')).toBeTruthy();
    expect(within(section('v1206')).getByRole('link', { name: 'v1206' }).getAttribute('href')).toBe(
      '/deploys/d6',
    );
    expect(within(section('v1206')).getByText(/22:10Z, T\+02:40/)).toBeTruthy();
    expect(within(section('Sources')).getByText(/silenced until 01:50Z/)).toBeTruthy();
    expect(within(section('Resolved in 24 h')).getByText('Restart storm')).toBeTruthy();
    expect(screen.getByText('The rule of http_429.')).toBeTruthy();
    expect(screen.getByText('Acknowledged by somebody on this machine')).toBeTruthy();
  });

  it('acknowledges and silences the chosen alert by key, and shows it', async () => {
    const { actions, asked } = server();
    show(actions);
    press('e');
    await within(section('Responses')).findByText(/acknowledged by somebody on this machine/);
    press('s');
    fireEvent.keyDown(document.body, { key: '3', code: 'Digit3' });
    await within(section('Responses')).findByText(/silenced until/);
    expect(asked).toEqual(['acknowledge http_429', 'silence http_429 watch_end']);
  });

  it('moves through the list as it is drawn with j and k, and keeps the place in the address', async () => {
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
    show(server().actions, { selected: 'gone' });
    expect(screen.getByText('The alert of this link is not in the list any more.')).toBeTruthy();
    expect(screen.getByText('Restart storm')).toBeTruthy();
  });

  it('counts each of its parts, and keeps the part in the address', () => {
    const { redraw } = show(server().actions);
    const parts = screen.getByRole('navigation', { name: 'Parts of this page' });
    expect(
      within(parts)
        .getAllByRole('link')
        .map((link) => link.textContent),
    ).toEqual(['Open3', 'Resolved in 24 h1', 'Maintenance2', 'Rules2']);
    fireEvent.click(within(parts).getByRole('link', { name: /^Resolved/ }));
    expect(window.location.search).toBe('?tab=resolved&alert=old');
    redraw();
    expect(screen.queryByText('Mixed modes')).toBeNull();
    expect(screen.getByText('Restart storm')).toBeTruthy();
  });

  it('sends a test to a receiver, and says in words what came of it', async () => {
    const { actions, asked } = server();
    show(actions);
    fireEvent.click(screen.getByRole('button', { name: 'Send a test to ops' }));
    expect(await screen.findByText('Arrived: Slack answered 200.')).toBeTruthy();
    expect(asked).toEqual(['test ops']);
  });

  it('says in words why a test was not sent', async () => {
    show(server({ refuses: true }).actions);
    fireEvent.click(screen.getByRole('button', { name: 'Send a test to ops' }));
    expect(await screen.findByText('Not sent: That alert is not open any more.')).toBeTruthy();
  });

  it('asks what the rule would have done before only when somebody wants to know', async () => {
    const { actions, asked } = server();
    show(actions);
    expect(asked).toEqual([]);
    fireEvent.click(screen.getByRole('button', { name: /Would it have fired before/ }));
    expect(await screen.findByText('Would have fired twice in what is known.')).toBeTruthy();
    expect(asked).toEqual(['backtest http_429 15']);
  });

  it('asks again while the rule is still walked, so that other orders get through', async () => {
    const { actions, asked } = server();
    const acknowledged = 'acknowledge http_429';
    const slow: AlertsPageActions = {
      ...actions,
      backtestRule: async (input) => {
        const answer = await actions.backtestRule(input);
        return asked.includes(acknowledged) ? answer : { ok: true, data: null };
      },
    };
    show(slow);
    fireEvent.click(screen.getByRole('button', { name: /Would it have fired before/ }));
    await screen.findByRole('button', { name: 'Walking 15 days…' });
    press('e');
    expect(await screen.findByText('Would have fired twice in what is known.')).toBeTruthy();
    // However often it was asked before: the order went in between.
    expect(new Set(asked)).toEqual(new Set(['backtest http_429 15', acknowledged]));
    expect(asked[0]).toBe('backtest http_429 15');
    expect(asked.filter((order) => order === acknowledged)).toHaveLength(1);
    expect(asked.at(-1)).toBe('backtest http_429 15');
  });

  it('walks any rule from the list of rules', async () => {
    const { actions, asked } = server();
    showTab('rules', actions);
    const rule = screen.getByRole('listitem', { name: 'redis_mixed' });
    expect(within(rule).getByText('switched off')).toBeTruthy();
    fireEvent.click(within(rule).getByRole('button', { name: 'Backtest redis_mixed' }));
    fireEvent.click(within(rule).getByRole('button', { name: /Would it have fired before/ }));
    await within(rule).findByText('Would have fired twice in what is known.');
    expect(asked).toEqual(['backtest redis_mixed 15']);
  });

  it('plans a maintenance window for some rules, and ends one at the second press', async () => {
    const { actions, asked } = server();
    showTab('maintenance', actions);
    fireEvent.change(screen.getByLabelText('Why'), { target: { value: ' cache is moved ' } });
    fireEvent.change(screen.getByLabelText('For how long'), { target: { value: String(2 * HOUR_MS) } });
    fireEvent.click(screen.getByLabelText('http_429'));
    fireEvent.click(screen.getByRole('button', { name: 'Plan it' }));
    await waitFor(() => expect(asked).toEqual(['plan 2 h cache is moved http_429']));
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Why').value).toBe(''));
    fireEvent.click(screen.getByRole('button', { name: 'End cache is moved' }));
    expect(asked).toHaveLength(1);
    fireEvent.click(screen.getByRole('button', { name: 'End cache is moved now' }));
    await waitFor(() => expect(asked).toEqual([expect.any(String), 'end now']));
  });

  it('says why a window was not planned, and keeps what was typed', async () => {
    showTab('maintenance', server({ refuses: true }).actions);
    fireEvent.change(screen.getByLabelText('Why'), { target: { value: 'cache is moved' } });
    fireEvent.change(screen.getByLabelText('From, in UTC'), { target: { value: 'tomorrow' } });
    fireEvent.click(screen.getByRole('button', { name: 'Plan it' }));
    expect(screen.getByText(/^Write it as 2026-04-09 20:40/)).toBeTruthy();
    fireEvent.change(screen.getByLabelText('From, in UTC'), { target: { value: '2026-04-10 02:00' } });
    fireEvent.click(screen.getByRole('button', { name: 'Plan it' }));
    expect(await screen.findByText('Not planned: That alert is not open any more.')).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Why').value).toBe('cache is moved');
  });
});
