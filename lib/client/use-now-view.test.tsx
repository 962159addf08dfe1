import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { storyView } from '@/components/fixtures/story.ts';
import type { ActionResult, NowTick } from '@/lib/core/model/view.ts';
import type { NowAddress } from './now-address.ts';
import { type NowActions, useNowView } from './use-now-view.ts';

afterEach(cleanup);

const initial = storyView();
const home: NowAddress = { range: '6h', scope: initial.scope };

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
    const server = fakeServer(whole({ rangeName: '24h' }));
    const { result, rerender } = show(server.actions);
    rerender({ address: { ...home, range: '24h' } });
    expect(result.current.isPlaceholder).toBe(true);
    expect(result.current.view.charts).toBe(initial.charts);
    await waitFor(() => expect(result.current.view.rangeName).toBe('24h'));
    expect(server.asked).toMatchObject([{ range: '24h', sinceMs: 0 }]);
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
