import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { STORY_NOW_MS, sourceOf } from '../fixtures/story.ts';
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
    expect(screen.getByText('204 commands, 1 connect today')).toBeTruthy();
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
