import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BacktestView } from '@/lib/core/alerts/alerts-view.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { alertRowOf, backtestOf, detailOf, maintenanceWindows, storyChart } from '../fixtures/alerts.ts';
import { RESUMED_MS, STORY_NOW_MS } from '../fixtures/evening.ts';
import { AlertBacktest } from './alert-backtest.tsx';
import { AlertDetail } from './alert-detail.tsx';
import { AlertReceivers } from './alert-receivers.tsx';
import { ListedAlertRow } from './alert-row.tsx';
import { heldText, timeText } from './alert-words.ts';
import { MaintenancePanel } from './maintenance-panel.tsx';

afterEach(cleanup);
const text = () => document.body.textContent?.replaceAll('\u00a0', ' ') ?? '';
const nothing = () => {};
const ACTS = { acknowledge: nothing, silence: nothing, wake: nothing };

describe('a backtest', () => {
  const show = (view: BacktestView | null, over = {}) =>
    render(
      <AlertBacktest view={view} days={15} isRunning={false} failure={null} onRun={nothing} {...over} />,
    );
  const days = () =>
    within(screen.getByRole('list', { name: 'Day by day' }))
      .getAllByRole('listitem')
      .map((day) => day.textContent);

  it('says of each day whether it would have fired, would not, or is not known', () => {
    show(backtestOf());
    expect(days()).toHaveLength(15);
    expect(days().slice(2, 4)).toEqual(['29 Mar: did not fire', '30 Mar: not known']);
    expect(days().at(-1)).toBe('10 Apr: fired once');
    expect(text()).toContain('looked at every 1 m. What machines said before 26 Mar is not kept.');
  });

  it('lists each firing with its length, and one that lasts as lasting', () => {
    show(backtestOf());
    expect(text()).toContain('26 m');
    expect(text()).toContain('2 h 36 m so far');
  });

  it('counts only what nothing would have held back', () => {
    const view = backtestOf();
    show({
      ...view,
      firings: view.firings.map((one, i) => ({ ...one, inhibitedBy: i === 0 ? 'a deploy rolls' : null })),
    });
    expect(screen.getByRole('status').textContent).toBe(
      'Would have fired once in what is known, and 1 more held back.',
    );
    expect(text()).toContain('26 m, held back: a deploy rolls');
  });

  it('that knows nothing never says that it would not have fired', () => {
    const view = backtestOf({ firings: [] });
    show({ ...view, days: view.days.map((day) => ({ ...day, firings: 0, isKnown: false })) });
    expect(screen.getByRole('status').textContent).toMatch(/^Can’t tell/);
    cleanup();
    show({ ...view, days: view.days.map((day) => ({ ...day, firings: 0 })) });
    expect(screen.getByRole('status').textContent).toBe('Would not have fired in what is known.');
    cleanup();
    const known = view.days.map((day) => ({ ...day, firings: 0, isKnown: true }));
    show({ ...view, limit: null, days: known });
    expect(screen.getByRole('status').textContent).toBe('Would not have fired.');
  });

  it('marks its firings on the chart, as long as they lasted', () => {
    show(backtestOf({ chart: storyChart() }));
    const [stretch, ...others] = screen.getAllByTestId('chart-stretch');
    expect(others).toEqual([]);
    expect(stretch?.querySelector('title')?.textContent).toMatch(/so far$/);
    expect(screen.getByRole('heading', { name: 'Redis GETs over 15 days' })).toBeTruthy();
  });

  it('cannot be asked for twice at once, and says why it was refused', () => {
    show(null, { isRunning: true });
    expect(screen.getByRole<HTMLButtonElement>('button').disabled).toBe(true);
    cleanup();
    show(null, { failure: 'Another one is running.' });
    expect(screen.getByRole('alert').textContent).toBe('Another one is running.');
  });
});

describe('the detail of an alert', () => {
  const show = (over = {}, detail = {}, onCopy: (text: string) => void = nothing) =>
    render(
      <AlertDetail
        alert={alertRowOf({ id: 'a', title: 'A', ...over })}
        detail={detailOf('a', detail)}
        asOfMs={STORY_NOW_MS}
        receivedAtMs={null}
        watchEndMs={null}
        acts={ACTS}
        busyId={null}
        onCopy={onCopy}
      />,
    );

  it('gives the steps in order, and copies a command whole', () => {
    const onCopy = vi.fn();
    show({}, {}, onCopy);
    const steps = within(screen.getByRole('region', { name: 'What to do next' }));
    expect(steps.getAllByRole('listitem')).toHaveLength(3);
    fireEvent.click(steps.getByRole('button', { name: 'Copy the command of step 2' }));
    expect(onCopy).toHaveBeenCalledExactlyOnceWith('fly deploy -a harbor');
  });

  it('says what it means in pairs, and nothing where the rule adds nothing', () => {
    show({ means: [{ what: 'Rate limits', text: 'up to 2× what you set' }] });
    expect(screen.getByText('Rate limits').nextElementSibling?.textContent).toBe('up to 2× what you set');
    cleanup();
    show({}, { runbook: [] });
    expect(screen.queryByText('What it means')).toBeNull();
    expect(screen.queryByText('What to do next')).toBeNull();
  });

  it('leads to its deploy where there is one', () => {
    show({ release: 'v1206', deployHref: '/deploys/d6' });
    expect(screen.getByRole('link', { name: 'Open v1206' }).getAttribute('href')).toBe('/deploys/d6');
    cleanup();
    show({ release: 'v1206', deployHref: null });
    expect(screen.queryByRole('link')).toBeNull();
    expect(text()).toContain('since v1206');
  });

  it('marks on the chart when it fired: until now, or until it began to clear', () => {
    const widthOf = () => screen.getByTestId('chart-stretch').querySelector('rect')?.getAttribute('width');
    show({ sinceMs: RESUMED_MS }, { chart: storyChart() });
    const whole = Number.parseFloat(widthOf() ?? '');
    expect(whole).toBeGreaterThan(20);
    cleanup();
    show({ state: 'recovering', sinceMs: RESUMED_MS + 10 * MINUTE_MS }, { chart: storyChart() });
    expect(Number.parseFloat(widthOf() ?? '')).toBeLessThan(whole / 5);
    cleanup();
    show({ state: 'pending' }, { chart: storyChart(), firedAtMs: null });
    expect(screen.queryByTestId('chart-stretch')).toBeNull();
    expect(screen.getByRole('heading', { name: 'Around now' })).toBeTruthy();
  });

  it('marks a firing that has just begun, also where too little was measured for a line', () => {
    const chart = storyChart();
    const { view } = chart;
    const firedAtMs = view.range.endMs - 5_000;
    const lines = view.lines.map((line) => ({
      ...line,
      points: line.points.map(([atMs]): [number, null] => [atMs, null]),
    }));
    const missing = { reason: 'Watched for only 20 s of this time, too little for a point', fix: null };
    show(
      { sinceMs: firedAtMs },
      { firedAtMs, chart: { ...chart, view: { ...view, lines, latest: null, overall: null, missing } } },
    );
    expect(text()).toContain('Watched for only 20 s');
    expect(screen.getAllByTestId('chart-stretch')).toHaveLength(1);
  });

  it('says why it is held back', () => {
    show({ inhibitedBy: 'Redis suspended on purpose', actions: [] });
    expect(text()).toContain('inhibited: Redis suspended on purpose');
  });
});

describe('a row of the inbox', () => {
  const show = (over = {}) => {
    const onOpen = vi.fn();
    render(
      <ul>
        <ListedAlertRow
          alert={alertRowOf({ id: 'a', title: 'A', ...over })}
          spark={[0, 1]}
          nowMs={STORY_NOW_MS}
          receivedAtMs={null}
          watchEndMs={null}
          acts={ACTS}
          opening={{ href: '/alerts?alert=a', isSelected: false, onOpen }}
        />
      </ul>,
    );
    return onOpen;
  };

  it('that is held back offers the reason and no button', () => {
    const onOpen = show({ inhibitedBy: 'a deploy rolls', actions: [] });
    expect(screen.queryByRole('button')).toBeNull();
    fireEvent.click(screen.getByRole('link', { name: 'Why A is held back' }));
    expect(onOpen).toHaveBeenCalledOnce();
  });

  it('says that it is critical as long as that matters', () => {
    show({ severity: 'critical', source: 'web' });
    expect(text()).toContain('critical · web');
    cleanup();
    show({ severity: 'critical', state: 'resolved', actions: [] });
    expect(text()).not.toContain('critical');
  });

  it('that is over says when', () => {
    show({ state: 'resolved', sinceMs: STORY_NOW_MS - HOUR_MS, actions: [] });
    expect(text()).toContain('Resolved at 23:50Z');
  });
});

describe('who is told', () => {
  const receivers = [
    { name: 'ops', topics: ['alerts'] as const, lastError: 'Slack answered 500.' },
    { name: 'weekly', topics: ['verdicts'] as const, lastError: null },
  ].map((one) => ({
    ...one,
    kind: 'slack' as const,
    address: 'x:443',
    waiting: 2,
    oldestMs: null,
    delivered: 0,
    lastDeliveredMs: null,
    nextTryMs: null,
    givenUp: [],
  }));
  const show = (told: typeof receivers) =>
    render(
      <AlertReceivers receivers={told} settingsHref="/settings" testing={null} tests={{}} onTest={nothing} />,
    );

  it('are those that take alerts, with what failed last', () => {
    show(receivers);
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
    expect(text()).toContain('2 waiting');
    expect(text()).toContain('Last try failed: Slack answered 500.');
  });

  it('nobody: says so', () => {
    show(receivers.slice(1));
    expect(text()).toContain('Nobody: no receiver takes alerts.');
  });
});

describe('maintenance windows', () => {
  it('say when, for how long, of which rules, and what ending them means', () => {
    render(
      <MaintenancePanel windows={maintenanceWindows()} nowMs={STORY_NOW_MS} isBusy={false} onEnd={nothing} />,
    );
    expect(text()).toContain('00:40Z to 01:40Z, 1 h · all rules · by somebody with the password');
    expect(text()).toContain('11 Apr 02:50Z to 11 Apr 04:50Z, 2 h · source_down, server_errors');
    expect(screen.getByRole('button', { name: 'End cache is moved' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Cancel Postgres is upgraded' })).toBeTruthy();
  });
});

describe('words of alerts', () => {
  it('a time a day away has its date', () => {
    expect(timeText(STORY_NOW_MS + DAY_MS - 1, STORY_NOW_MS, 'UTC')).toBe('00:50Z');
    expect(timeText(STORY_NOW_MS + DAY_MS, STORY_NOW_MS, 'UTC')).toBe('11 Apr 00:50Z');
  });

  it('a silence that is over holds nothing, and one of a window names it', () => {
    const until = (silencedUntilMs: number, silencedBy: string | null = null) =>
      heldText(alertRowOf({ id: 'a', title: 'A', silencedUntilMs, silencedBy }), STORY_NOW_MS, 'UTC');
    expect(until(STORY_NOW_MS)).toBeNull();
    expect(until(STORY_NOW_MS + HOUR_MS)).toBe('silenced until 01:50Z');
    expect(until(STORY_NOW_MS + HOUR_MS, 'maintenance: cache is moved')).toBe(
      'silenced until 01:50Z, maintenance: cache is moved',
    );
  });
});
