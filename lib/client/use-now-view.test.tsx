import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { storyView } from '@/components/fixtures/story.ts';
import type { ActionResult, NowTick } from '@/lib/core/model/view.ts';
import { addressOf, type NowAddress, setRange } from './address.ts';
import { type NowActions, useNowView } from './use-now-view.ts';
import { freezeWindow } from './window-moves.ts';

afterEach(cleanup);

const initial = storyView();
const home = addressOf(initial);
const T = initial.range.startMs;

type Asked = Parameters<NowActions['readNowTick']>[0];

/** A server that notes what it was asked and answers from a list; the last answer repeats. */
function fakeServer(...answers: ActionResult<NowTick>[]) {
  const asked: Asked[] = [];
  let polls = 0;
  const actions: NowActions = {
    readNowTick: async (input) => {
      asked.push(input);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer === undefined) throw new TypeError('Failed to fetch');
      return answer;
    },
    pollNow: async () => {
      polls++;
      return { ok: true, data: { visited: 4 } };
    },
  };
  return { actions, asked, polls: () => polls };
}

function show(actions: NowActions) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return renderHook(({ address }) => useNowView(actions, address, initial, home), {
    wrapper,
    initialProps: { address: home },
  });
}

const whole = (over: Partial<NowTick> = {}): ActionResult<NowTick> => ({
  ok: true,
  data: { ...initial, sinceMs: 0, ...over },
});

describe('the Now page in the browser', () => {
  it('starts from what the server drew and asks for nothing', () => {
    const server = fakeServer(whole());
    const { result } = show(server.actions);
    expect(result.current.view).toBe(initial);
    expect(server.asked).toEqual([]);
  });

  it('asks a tick only for what may have changed', async () => {
    const server = fakeServer(whole({ asOfMs: 7 }));
    const { result } = show(server.actions);
    act(() => result.current.retry());
    await waitFor(() => expect(result.current.view.asOfMs).toBe(7));
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.sinceMs).toBeGreaterThan(initial.range.endMs - 20 * 60_000);
  });

  it('names the steady parts that it has, as the tick before called them', async () => {
    const revisions = { watch: 'w', alerts: 'a', money: 'm' };
    const server = fakeServer(whole({ asOfMs: 7, revisions }), whole({ asOfMs: 8 }));
    const { result } = show(server.actions);
    act(() => result.current.retry());
    await waitFor(() => expect(result.current.view.asOfMs).toBe(7));
    act(() => result.current.retry());
    await waitFor(() => expect(result.current.view.asOfMs).toBe(8));
    expect(server.asked.map(({ known }) => known)).toEqual([undefined, revisions]);
  });

  it('asks for the details of a suspension while they are shown, at once when they begin to be', async () => {
    const server = fakeServer(whole({ asOfMs: 7 }), whole({ asOfMs: 8 }));
    const { result } = show(server.actions);
    act(() => result.current.showDetails(true));
    await waitFor(() => expect(result.current.view.asOfMs).toBe(7));
    act(() => result.current.showDetails(false));
    act(() => result.current.retry());
    await waitFor(() => expect(result.current.view.asOfMs).toBe(8));
    expect(server.asked.map(({ details }) => details)).toEqual([true, false]);
  });

  it('keeps the last good view when a tick fails, and says what helps', async () => {
    const server = fakeServer({ ok: false, error: { code: 'not_signed_in', message: 'Sign in again.' } });
    const { result } = show(server.actions);
    act(() => result.current.retry());
    await waitFor(() =>
      expect(result.current.failure).toEqual({ text: 'Sign in again.', action: 'sign_in' }),
    );
    expect(result.current.view).toBe(initial);
  });

  it('does the same when nobody answers at all', async () => {
    const { result } = show(fakeServer().actions);
    act(() => result.current.retry());
    await waitFor(() => expect(result.current.failure?.action).toBe('retry'));
    expect(result.current.view).toBe(initial);
  });

  it('shows the old picture until a new range has come, then asks for all of it', async () => {
    const server = fakeServer(whole({ window: { kind: 'live', name: '24h' } }));
    const { result, rerender } = show(server.actions);
    rerender({ address: setRange('24h')(home) });
    expect(result.current.isPlaceholder).toBe(true);
    expect(result.current.view.charts).toBe(initial.charts);
    await waitFor(() => expect(result.current.view.window.name).toBe('24h'));
    expect(server.asked).toMatchObject([{ window: { kind: 'live', name: '24h' }, sinceMs: 0 }]);
  });

  it('keeps the last picture with its age when a new range cannot be read', async () => {
    const server = fakeServer({ ok: false, error: { code: 'internal', message: 'Broken.' } });
    const { result, rerender } = show(server.actions);
    const { receivedAtMs } = result.current;
    rerender({ address: setRange('24h')(home) });
    await waitFor(() => expect(result.current.failure?.text).toBe('Broken.'));
    expect(result.current.view).toBe(initial);
    expect(result.current.receivedAtMs).toBe(receivedAtMs);
  });

  it('asks with another comparison for the whole range', async () => {
    const server = fakeServer(whole({ comparison: 'day' }));
    const { result, rerender } = show(server.actions);
    rerender({ address: { ...home, comparison: 'day' } });
    await waitFor(() => expect(result.current.view.comparison).toBe('day'));
    expect(server.asked).toMatchObject([{ comparison: 'day', sinceMs: 0 }]);
  });

  it('asks for the whole range again when a tick no longer fits', async () => {
    const { redisGets } = initial.charts;
    const other = { ...initial.charts, redisGets: { ...redisGets, stepMs: redisGets.stepMs * 2 } };
    const server = fakeServer(whole({ sinceMs: 5, charts: other }), whole({ charts: other, asOfMs: 9 }));
    const { result } = show(server.actions);
    act(() => result.current.retry());
    await waitFor(() => expect(result.current.view.asOfMs).toBe(9));
    expect(server.asked.map(({ sinceMs }) => sinceMs > 0)).toEqual([true, false]);
  });

  it('reads again after every source was visited on request', async () => {
    const server = fakeServer(whole({ asOfMs: 11 }));
    const { result } = show(server.actions);
    act(() => result.current.poll.run());
    await waitFor(() => expect(result.current.view.asOfMs).toBe(11));
    expect(server.polls()).toBe(1);
    await waitFor(() => expect(result.current.poll.isRunning).toBe(false));
  });
});

describe('a frozen page', () => {
  const frozen: NowAddress = { ...home, window: freezeWindow(home.window, initial.range) };

  it('shows what was seen at once, then the same window as a link to it shows, and never ticks', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const server = fakeServer(whole({ window: frozen.window, asOfMs: 7 }));
      const { result, rerender } = show(server.actions);
      rerender({ address: frozen });
      expect(result.current.isPlaceholder).toBe(false);
      expect(result.current.view).toBe(initial);
      await waitFor(() => expect(result.current.view.asOfMs).toBe(7));
      await act(() => vi.advanceTimersByTimeAsync(600_000));
      expect(server.asked).toMatchObject([{ window: frozen.window, sinceMs: 0 }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reads another fixed window once, and never ticks', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const window = { kind: 'fixed' as const, name: '6h' as const, startMs: T, endMs: T + 3_600_000 };
      const server = fakeServer(whole({ window, asOfMs: 9 }));
      const { result, rerender } = show(server.actions);
      rerender({ address: { ...home, window } });
      await waitFor(() => expect(result.current.view.asOfMs).toBe(9));
      await act(() => vi.advanceTimersByTimeAsync(600_000));
      expect(server.asked).toMatchObject([{ window, sinceMs: 0 }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ticks again at once when it is let go, and in its rhythm from then on', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const server = fakeServer(whole({ window: frozen.window }), whole());
      const { rerender } = show(server.actions);
      rerender({ address: frozen });
      await act(() => vi.advanceTimersByTimeAsync(600_000));
      expect(server.asked).toHaveLength(1);
      rerender({ address: home });
      await act(() => vi.advanceTimersByTimeAsync(100));
      expect(server.asked).toHaveLength(2);
      await act(() => vi.advanceTimersByTimeAsync(initial.refreshMs + 100));
      expect(server.asked).toHaveLength(3);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a page that nobody sees', () => {
  it('does not tick, and ticks once when it is seen again', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const visibility = vi.spyOn(document, 'visibilityState', 'get');
    const turn = (state: DocumentVisibilityState): void => {
      visibility.mockReturnValue(state);
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    };
    try {
      const server = fakeServer(whole());
      show(server.actions);
      turn('hidden');
      await act(() => vi.advanceTimersByTimeAsync(120_000));
      expect(server.asked).toHaveLength(0);
      turn('visible');
      await act(() => vi.advanceTimersByTimeAsync(100));
      expect(server.asked).toHaveLength(1);
    } finally {
      visibility.mockRestore();
      vi.useRealTimers();
    }
  });
});

describe('the server’s clock, as the browser knows it', () => {
  it('is the last answer and the time since, whatever the browser’s own clock says', () => {
    const { result } = show(fakeServer().actions);
    const aheadMs = result.current.nowMs() - initial.asOfMs;
    expect(aheadMs).toBeGreaterThanOrEqual(0);
    expect(aheadMs).toBeLessThan(10_000);
  });
});
