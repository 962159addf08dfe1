import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { observerOf, STORY_NOW_MS, sourceOf } from '../fixtures/story.ts';
import { SourcesPanel } from './sources-panel.tsx';

afterEach(cleanup);

describe('sources', () => {
  it('in trouble stand first and say what happened, when, and what to do', () => {
    const lastError = { text: 'redis: gave no INFO reply within 5 s', atMs: STORY_NOW_MS };
    const source = sourceOf({ state: 'down', ageMs: null, lastError, fix: 'Check the network rule.' });
    render(<SourcesPanel sources={[sourceOf({ id: 'b' }), source]} receivedAtMs={null} />);
    const [first] = screen.getAllByRole('listitem');
    for (const text of ['Down', /00:50Z/, /no INFO reply/, 'Check the network rule.', 'never']) {
      expect(within(first as HTMLElement).getByText(text)).toBeTruthy();
    }
    expect(screen.getByText('1 of 2 OK')).toBeTruthy();
  });

  it('show their age and what watching them costs', () => {
    render(<SourcesPanel sources={[sourceOf()]} receivedAtMs={null} />);
    expect(screen.getByText('4 s ago')).toBeTruthy();
    expect(screen.getByText(/^204 commands, 1 connect today/)).toBeTruthy();
    expect(screen.getByText(/5\.76K commands a day$/)).toBeTruthy();
  });

  it('that are billed show money and our own limit', () => {
    const aDay = { commands: 288, connects: 0, queries: 0, requests: 0 };
    const observer = observerOf({ aDay, usdToday: 0.000408, usdADay: 0.000576, contactsADay: 500 });
    render(<SourcesPanel sources={[sourceOf({ observer })]} receivedAtMs={null} />);
    expect(screen.getByText(/^204 commands, 1 connect today, \$0.000408/)).toBeTruthy();
    expect(screen.getByText(/288 commands a day, \$0\.000576, at most 500$/)).toBeTruthy();
  });

  it('that nothing was sent to show no money and no zero', () => {
    const costToday = { commands: 0, connects: 0, queries: 0, requests: 0 };
    render(
      <SourcesPanel
        sources={[sourceOf({ costToday, observer: observerOf({ aDay: null }) })]}
        receivedAtMs={null}
      />,
    );
    expect(screen.getByText('nothing sent today')).toBeTruthy();
    expect(screen.queryByText(/a day/)).toBeNull();
    expect(screen.queryByText(/\$/)).toBeNull();
  });

  it('that our own budget keeps us away from say why and when they go on', () => {
    const paused = sourceOf({
      state: 'paused_budget',
      lastError: { text: 'redis: main-cache is paused until midnight UTC: 494 of 500', atMs: STORY_NOW_MS },
      fix: 'Nothing to do: it goes on at midnight UTC.',
      observer: observerOf({ contactsADay: 500, pausedUntilMs: Date.UTC(2026, 3, 11) }),
    });
    render(<SourcesPanel sources={[sourceOf({ id: 'b' }), paused]} receivedAtMs={null} />);
    const [first] = screen.getAllByRole('listitem');
    const text = first?.textContent ?? '';
    for (const words of ['Paused', 'budget', 'until 00:00Z', '494 of 500', 'goes on at midnight UTC']) {
      expect(text).toContain(words);
    }
  });

  it('that lag say by how much', () => {
    render(<SourcesPanel sources={[sourceOf({ lagMs: 5 * MINUTE_MS })]} receivedAtMs={null} />);
    expect(screen.getByText(/lags by 5/)).toBeTruthy();
  });

  it('grow older while nobody sends anything new', () => {
    vi.useFakeTimers({ now: 1_000_000 });
    try {
      render(<SourcesPanel sources={[sourceOf({ ageMs: 4_000 })]} receivedAtMs={1_000_000 - 3_000} />);
      expect(screen.getByText('7 s ago')).toBeTruthy();
    } finally {
      vi.useRealTimers();
    }
  });

  it('none: says how to begin', () => {
    render(<SourcesPanel sources={[]} receivedAtMs={null} />);
    expect(screen.getByText(/REDIS_URL/)).toBeTruthy();
  });

  it('keep their last good rows under an error; loading shows none', () => {
    const failed = { kind: 'error', text: 'answers 503' } as const;
    const { rerender } = render(<SourcesPanel sources={[sourceOf()]} receivedAtMs={null} state={failed} />);
    expect(screen.getByText('answers 503')).toBeTruthy();
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
    rerender(<SourcesPanel sources={[]} receivedAtMs={null} state={{ kind: 'loading' }} />);
    expect(screen.getByText('Loading')).toBeTruthy();
    expect(screen.queryByRole('listitem')).toBeNull();
  });
});
