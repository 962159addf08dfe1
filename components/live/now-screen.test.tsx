import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type NowAddress } from '@/lib/client/address.ts';
import { freezeWindow } from '@/lib/client/window-moves.ts';
import type { NowView } from '@/lib/core/model/view.ts';
import { firstMinuteView, storyView, troubledView } from '../fixtures/story.ts';
import { NowScreen } from './now-screen.tsx';

// Roles are slow to find in a page of this size, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });

afterEach(cleanup);

const idle = { run: () => {}, isRunning: false, failure: null };
const story = storyView();
const live = { ...addressOf(story), window: { kind: 'live' as const, name: '6h' as const } };
const frozen: NowAddress = { ...live, window: freezeWindow(live.window, story.range) };

function show(over: Partial<Parameters<typeof NowScreen>[0]> = {}) {
  render(<NowScreen view={story} address={live} receivedAtMs={null} onGo={() => {}} poll={idle} {...over} />);
}

describe('the Now page', () => {
  it('has one sentence and its panels under it, each with a heading', () => {
    show();
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(story.sentence.verdict);
    const headings = screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent);
    expect(headings).toEqual(
      expect.arrayContaining([
        'Redis GETs',
        'Database queries',
        '429 responses',
        'Cache hit ratio',
        'Sources',
      ]),
    );
  });

  it('in its first minute says what it waits for and what is not configured', () => {
    const view = firstMinuteView();
    show({ view, address: addressOf(view) });
    expect(screen.getByText('Sample 1 of 2, first rate in 30 s')).toBeTruthy();
    expect(screen.getByText('No Postgres is configured')).toBeTruthy();
    expect(screen.getByRole('complementary', { name: 'Demo' })).toBeTruthy();
  });

  it('visits every source on request, and says so while it does', () => {
    const run = vi.fn();
    show({ poll: { ...idle, run } });
    fireEvent.click(screen.getByText('Poll now'));
    expect(run).toHaveBeenCalledOnce();
    cleanup();
    show({ poll: { ...idle, isRunning: true } });
    expect(screen.getByText<HTMLButtonElement>('Polling…').disabled).toBe(true);
  });

  it('leads back to now while it is frozen, where a visit would show nothing', () => {
    const onGo = vi.fn();
    show({ address: frozen, onGo });
    expect(screen.queryByText('Poll now')).toBeNull();
    fireEvent.click(screen.getByText('Back to now'));
    expect(onGo.mock.calls[0]?.[0](frozen)).toEqual(live);
  });

  it('says what of the address it could not show', () => {
    show({ remarks: ['“2x” is no time range here; shown: the last 1h.'] });
    expect(screen.getByText(/no time range here/)).toBeTruthy();
  });

  it('has no style attribute in what the server sends, in any state', () => {
    const views: NowView[] = [story, firstMinuteView(), troubledView()];
    for (const view of views) {
      for (const address of [live, frozen]) {
        const html = renderToString(
          <NowScreen view={view} address={address} receivedAtMs={1} onGo={() => {}} poll={idle} />,
        );
        expect(html).not.toMatch(/\sstyle=/);
      }
    }
  });
});
