import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MetricsAddress } from '@/lib/client/metrics-address.ts';
import type { MetricsPageView } from '@/lib/core/reconcile/metrics-page-view.ts';
import { sparkPath } from '../charts/sparkline.tsx';
import { MetricsScreen } from './metrics-screen.tsx';

// Roles are slow to find in a page of this size, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });
afterEach(cleanup);

const asOfMs = Date.UTC(2026, 3, 10, 0, 50);
const range = { startMs: asOfMs - 900_000, endMs: asOfMs };
const scope = { app: 'harbor', environment: 'production' };
const base = { share: 0.5, beforePerSecond: null, points: [1, null, 2] };
const missing = { reason: 'No database is watched', fix: null };

const view: MetricsPageView = {
  asOfMs,
  scope,
  scopes: [scope],
  range,
  window: { kind: 'live', name: '15m' },
  comparison: null,
  demo: false,
  mode: null,
  sources: [],
  reconcile: {
    range,
    sides: [
      {
        key: 'provider',
        name: 'Upstash',
        perSecond: 25,
        coveredShare: 1,
        quality: 'inferred',
        lagMs: 60_000,
        intervalMs: 60_000,
        missing: null,
      },
      {
        key: 'redis',
        name: 'Redis',
        perSecond: null,
        coveredShare: 0,
        quality: 'unavailable',
        lagMs: 0,
        intervalMs: null,
        missing: 'No Redis is watched.',
      },
      {
        key: 'machines',
        name: '2 machines',
        perSecond: 5,
        coveredShare: 0.9,
        quality: 'measured',
        lagMs: 0,
        intervalMs: 15_000,
        missing: null,
      },
    ],
    verdict: 'elsewhere',
    remainderPerSecond: 20,
    boundPerSecond: 1,
    sentence: 'A sentence.',
    notes: ['m3 does not answer.'],
  },
  reconcileBefore: null,
  commands: {
    rows: Array.from({ length: 12 }, (_, i) => ({
      ...base,
      key: `cmd${String(i).padStart(2, '0')}`,
      perSecond: 20 - i,
      byMachine: [10 - i / 2, null],
      othersPerSecond: null,
    })),
    totalPerSecond: 40,
    missing: null,
    note: null,
    countedBy: 'redis',
    machines: ['m1', 'm2'],
    otherMachines: 0,
    components: [],
  },
  families: { rows: [], totalPerSecond: null, missing, note: null },
  limited: {
    rows: [{ ...base, key: 'm1', perSecond: 1, count: 900, ofOwn: 0.1 }],
    totalPerSecond: 1,
    missing: null,
    note: null,
    routes: [],
  },
  requestsPerSecond: 10,
  beforeRequestsPerSecond: null,
  refreshMs: 15_000,
};
const address: MetricsAddress = {
  scope,
  window: view.window,
  comparison: null,
  isLocal: false,
  scale: 'level',
  asTable: false,
  hasMarks: true,
  perRequest: false,
  sort: 'share',
};

function show(over: Partial<Parameters<typeof MetricsScreen>[0]> = {}) {
  const onGo = vi.fn();
  render(<MetricsScreen view={view} address={address} receivedAtMs={null} onGo={onGo} {...over} />);
  return onGo;
}
const rowText = (name: string) =>
  within(screen.getByRole('row', { name: new RegExp(name) }))
    .getAllByRole('cell')
    .map((cell) => cell.textContent?.replaceAll('\u00a0', ' '));

describe('the metrics page', () => {
  it('shows each side with what it covers, the remainder with its bound, and a missing side as missing', () => {
    show();
    expect(screen.getByTestId('reconcile-remainder').textContent).toBe('1,200/min');
    expect(screen.getByText('Timing and sampling explain up to 60.0/min of it.')).toBeTruthy();
    expect(screen.getByText('No Redis is watched.')).toBeTruthy();
    expect(screen.getByText(/^Covers all of it, tells 1.*late, sampled\.$/)).toBeTruthy();
    expect(screen.getByText('m3 does not answer.')).toBeTruthy();
  });

  it('names no remainder where the sides agree', () => {
    show({
      view: { ...view, reconcile: { ...view.reconcile, verdict: 'agree', remainderPerSecond: 0.0001 } },
    });
    expect(screen.getByTestId('reconcile-remainder').textContent).toBe('under 60.0/min');
  });

  it('folds long tables and tells a machine that does not count from one that sent nothing', () => {
    show();
    expect(rowText('cmd00')).toEqual([
      'At Redis, per minute1.20K/min',
      'Share50.0 %',
      'Over time',
      'm1600/min',
      'm2–',
    ]);
    expect(screen.queryByRole('row', { name: /cmd11/ })).toBeNull();
    fireEvent.click(screen.getByText('Show all 12 commands'));
    expect(screen.getByRole('row', { name: /cmd11/ })).toBeTruthy();
  });

  it('says why a table is empty', () => {
    show();
    expect(screen.getByText('No database is watched.')).toBeTruthy();
  });

  it('divides by requests on request, and says so where nobody counts them', () => {
    show({ address: { ...address, perRequest: true } });
    expect(rowText('cmd00')[0]).toBe('At Redis, per request2.00');
    cleanup();
    show({ address: { ...address, perRequest: true }, view: { ...view, requestsPerSecond: null } });
    expect(rowText('cmd00')[0]).toBe('At Redis, per request–');
    expect(screen.getByText(/Nobody counts HTTP responses/)).toBeTruthy();
  });

  it('keeps every choice in the address', () => {
    const onGo = show();
    fireEvent.click(screen.getByRole('switch', { name: 'Per request' }));
    expect(onGo.mock.calls[0]?.[0](address)).toMatchObject({ perRequest: true });
    fireEvent.click(screen.getByRole('button', { name: 'Name' }));
    expect(onGo.mock.calls[1]?.[0](address)).toMatchObject({ sort: 'name' });
    expect(screen.queryByRole('button', { name: 'Change' })).toBeNull();
  });
});

describe('a sparkline', () => {
  it('breaks where nothing was measured, and a lone point is a dot', () => {
    expect(sparkPath([1, null, 2, 2])).toMatch(/^M[\d. ]+h0M[\d. ]+L[\d. ]+$/);
    expect(sparkPath([null, null])).toBe('');
    expect(sparkPath([0, 0])).toBe('M1.5 18.5L94.5 18.5');
  });
});
