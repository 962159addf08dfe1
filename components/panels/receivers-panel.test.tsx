import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { HeartbeatView, ReceiverView } from '@/lib/core/model/receiver.ts';
import { ReceiversPanel, type ReceiversPanelProps } from './receivers-panel.tsx';

afterEach(cleanup);

const AT_MS = Date.UTC(2026, 3, 9, 20, 34);
const receiver = (change: Partial<ReceiverView> = {}): ReceiverView => ({
  ...{ name: 'oncall', kind: 'slack', address: 'hooks.slack.com:443', topics: ['alerts', 'reminders'] },
  ...{
    waiting: 0,
    oldestMs: null,
    delivered: 1_204,
    lastDeliveredMs: AT_MS,
    lastError: null,
    nextTryMs: null,
  },
  givenUp: [],
  ...change,
});

function show(change: Partial<ReceiversPanelProps> = {}) {
  const asked: string[] = [];
  const props = { receivers: [], heartbeat: null, demo: false, testing: null, tests: {} };
  render(<ReceiversPanel {...props} onTest={(name) => asked.push(name)} {...change} />);
  return asked;
}
const row = () => screen.getByRole('listitem').textContent ?? '';

describe('receivers', () => {
  it('tell what they are told, and what arrived', () => {
    show({ receivers: [receiver()] });
    for (const part of [
      'Delivers',
      'oncall',
      'Slack',
      'hooks.slack.com:443',
      'alerts, reminders',
      '1,204 delivered, last 9 Apr 20:34Z',
    ])
      expect(row()).toContain(part);
    expect(row()).not.toMatch(/waiting|failed/);
  });

  it('that take nothing say why, since when, and when they are asked again', () => {
    const failing = {
      waiting: 12,
      oldestMs: AT_MS,
      nextTryMs: AT_MS + 600_000,
      lastError: 'a:1 answered 503 where 2xx was expected',
    };
    show({ receivers: [receiver(failing)] });
    for (const part of [
      'Failing',
      '12 waiting since 9 Apr 20:34Z',
      'next try 9 Apr 20:44Z',
      'Last try failed: a:1 answered 503',
    ])
      expect(row()).toContain(part);
  });

  it('that never had anything are neither well nor failing', () => {
    show({ receivers: [receiver({ delivered: 0, lastDeliveredMs: null })] });
    expect(row()).toContain('Not used yet');
    expect(row()).toContain('Nothing delivered yet');
  });

  it('name the latest that were given up, newest first, three at most', () => {
    const givenUp = [1, 2, 3, 4].map((i) => ({
      about: `v${i}: met`,
      atMs: AT_MS + i * 60_000,
      why: 'refused',
    }));
    show({ receivers: [receiver({ givenUp })] });
    expect(row()).toMatch(/20:38Z: v4: met \(refused\).*20:37Z: v3.*20:36Z: v2/);
    expect(row()).not.toContain('v1: met');
  });

  it('are tested one at a time, and the answer stands beside the right one', () => {
    const two = [receiver(), receiver({ name: 'pager', kind: 'pagerduty' })];
    const asked = show({ receivers: two, tests: { pager: { ok: false, text: 'a:1 answered 403.' } } });
    fireEvent.click(screen.getByRole('button', { name: 'Send a test to pager' }));
    expect(asked).toEqual(['pager']);
    const [first, second] = screen.getAllByRole('listitem');
    expect(second?.textContent).toContain('Test not sent: a:1 answered 403.');
    expect(first?.textContent).not.toContain('Test not sent');
    cleanup();
    show({ receivers: two, testing: 'oncall' });
    for (const button of screen.getAllByRole('button')) expect(button).toHaveProperty('disabled', true);
    expect(within(screen.getAllByRole('listitem')[0] ?? document.body).getByRole('button').textContent).toBe(
      'Sending…',
    );
  });

  it('that nobody named say so; the demo says that it tells nobody', () => {
    show();
    expect(screen.getByText(/Nobody is told/)).toBeTruthy();
    expect(screen.getByText(/under notify in afterwatch\.yml/)).toBeTruthy();
    cleanup();
    show({ demo: true });
    expect(screen.getByText(/The demo tells nobody/)).toBeTruthy();
  });
});

describe('the heartbeat', () => {
  const beat = (change: Partial<HeartbeatView> = {}): HeartbeatView => ({
    ...{ address: 'beat.example.com:443', everyMs: 60_000, lastOkMs: AT_MS, lastError: null },
    ...change,
  });

  it.each<[change: Partial<HeartbeatView>, said: RegExp]>([
    [{}, /Beats.*every 1\sm, last sent 9 Apr 20:34Z/],
    [{ lastOkMs: null }, /Starting.*none sent yet/],
    [{ lastError: 'not sent: the store takes no writes' }, /Failing.*the store takes no writes/],
  ])('%j says whether it arrives', (change, said) => {
    show({ heartbeat: beat(change) });
    expect(row()).toMatch(said);
  });
});
