import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { alertOf, manyAlerts, storyAlerts } from '../fixtures/alerts.ts';
import { STORY_NOW_MS } from '../fixtures/story.ts';
import { storyWatch } from '../fixtures/watch.ts';
import { AlertsPanel } from './alerts-panel.tsx';

afterEach(cleanup);

function show(over: Partial<Parameters<typeof AlertsPanel>[0]> = {}) {
  const acts = { acknowledge: vi.fn(), silence: vi.fn(), wake: vi.fn() };
  render(
    <AlertsPanel
      alerts={storyAlerts()}
      nowMs={STORY_NOW_MS}
      receivedAtMs={null}
      watchEndMs={storyWatch().endMs}
      acts={acts}
      {...over}
    />,
  );
  return acts;
}

describe('alerts', () => {
  it('say what is the case, what it means, since when and since which deploy', () => {
    show();
    const row = screen.getByRole('listitem');
    expect(within(row).getByText('Firing')).toBeTruthy();
    expect(row.textContent).toContain('callers can get up to 2× the limit. harbor · ams · since v1206');
    expect(within(row).getByText('2 h 36 m')).toBeTruthy();
  });

  it('are at most five, the most urgent first, the rest counted', () => {
    show({ alerts: manyAlerts() });
    const rows = screen.getAllByRole('listitem');
    expect(rows).toHaveLength(5);
    expect(rows.map((row) => row.getAttribute('aria-label'))).toEqual([
      'Mixed modes: Redis is active on one machine, suspended on the other',
      '429 spike: 40 a minute for 5 min',
      'Machines API answers 401',
      'Log stream is silent',
      'Free quota ends in 20 h 50 m',
    ]);
    expect(screen.getByText('and 3 more')).toBeTruthy();
  });

  it('are acknowledged by one press', () => {
    const acts = show();
    fireEvent.click(screen.getByRole('button', { name: 'Acknowledge' }));
    expect(acts.acknowledge).toHaveBeenCalledExactlyOnceWith('mixed-modes');
  });

  it('are silenced for a chosen time: an hour, four, or until the watch ends', () => {
    const acts = show();
    fireEvent.click(screen.getByRole('button', { name: 'Silence' }));
    const choice = screen.getByRole('group', { name: 'Silence for how long?' });
    expect(document.activeElement?.textContent).toBe('For 1 h');
    fireEvent.click(within(choice).getByRole('button', { name: /^Until the watch ends, / }));
    expect(acts.silence).toHaveBeenCalledExactlyOnceWith('mixed-modes', 'watch_end');
    expect(screen.getByRole('button', { name: 'Silence' })).toBeTruthy();
  });

  it('offer no end of a watch where none runs, and Escape changes nothing', () => {
    const acts = show({ watchEndMs: null });
    fireEvent.click(screen.getByRole('button', { name: 'Silence' }));
    expect(screen.queryByRole('button', { name: /Until the watch ends/ })).toBeNull();
    fireEvent.keyDown(screen.getByRole('button', { name: 'For 1 h' }), { key: 'Escape' });
    expect(acts.silence).not.toHaveBeenCalled();
    expect(screen.getByRole('button', { name: 'Silence' })).toBeTruthy();
  });

  it('that are silenced or held back say by what, and can be woken', () => {
    const alerts = manyAlerts().filter(({ id }) => id === 'branding' || id === 'stalled');
    const acts = show({ alerts });
    expect(screen.getByText('Silenced')).toBeTruthy();
    expect(screen.getByText(/silenced until 22:10Z/)).toBeTruthy();
    expect(screen.getByText(/inhibited: Redis suspended on purpose by v1205/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Wake' }));
    expect(acts.wake).toHaveBeenCalledExactlyOnceWith('branding');
  });

  it('say who took them up', () => {
    show({ alerts: [alertOf({ id: 'a', title: 'A', acknowledged: { by: null, atMs: STORY_NOW_MS } })] });
    expect(screen.getByText('acknowledged at 00:50Z')).toBeTruthy();
  });

  it('have no buttons for a reader who may do nothing, and none that act twice', () => {
    show({ acts: null });
    expect(screen.queryByRole('button')).toBeNull();
    cleanup();
    show({ busyId: 'mixed-modes' });
    for (const button of screen.getAllByRole<HTMLButtonElement>('button')) expect(button.disabled).toBe(true);
  });

  it('have a heading for a screen reader, and show it when something is wrong with the list', () => {
    show();
    expect(screen.getByRole('heading', { name: 'Alerts' }).parentElement?.className).toBe('sr-only');
    cleanup();
    show({ state: { kind: 'error', text: 'answers 503' } });
    expect(screen.getByRole('heading', { name: 'Alerts' }).parentElement?.className).not.toBe('sr-only');
    expect(screen.getByText('answers 503')).toBeTruthy();
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
    cleanup();
    show({ state: { kind: 'stale', detail: '6 m old' } });
    expect(screen.getByText('Stale')).toBeTruthy();
  });

  it('none: says so; loading says that', () => {
    show({ alerts: [] });
    expect(screen.getByText('No alert is open.')).toBeTruthy();
    cleanup();
    show({ alerts: [], state: { kind: 'loading' } });
    expect(screen.getByText('Loading')).toBeTruthy();
    expect(screen.queryByText('No alert is open.')).toBeNull();
  });
});
