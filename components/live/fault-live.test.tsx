import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultActions } from '@/lib/client/use-faults.ts';
import { DEMO_FAULTS, type RunningFault } from '@/lib/core/model/demo-fault.ts';
import { FaultLive } from './fault-live.tsx';

afterEach(cleanup);

/** A server that keeps what it was told; `refuses` makes it refuse every order. */
function server({ refuses = false } = {}) {
  const asked: string[] = [];
  let running: RunningFault[] = [];
  const actions: FaultActions = {
    readDemoFaults: async () => {
      asked.push('read');
      return { ok: true, data: running };
    },
    setDemoFault: async ({ id, on }) => {
      asked.push(`${on ? 'start' : 'stop'} ${id}`);
      if (refuses)
        return { ok: false, error: { code: 'forbidden', message: 'Only the demo can be broken.' } };
      running = on ? [...running, { id, endsInMs: 170_000 }] : running.filter((one) => one.id !== id);
      return { ok: true, data: running };
    },
  };
  return { actions, asked };
}

function show(actions: FaultActions) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <FaultLive actions={actions} />
    </QueryClientProvider>,
  );
}

describe('the fault panel', () => {
  it('asks nothing before it is opened', () => {
    const { actions, asked } = server();
    show(actions);
    expect(screen.queryByRole('region', { name: 'Break something' })).toBeNull();
    expect(asked).toEqual([]);
  });

  it('starts and ends a fault, and says how long it has left', async () => {
    const { actions, asked } = server();
    show(actions);
    fireEvent.click(screen.getByRole('button', { name: 'Break something' }));
    expect(screen.getAllByRole('listitem')).toHaveLength(DEMO_FAULTS.length);
    fireEvent.click(screen.getByRole('button', { name: 'Start: Slow API' }));
    const stop = await screen.findByRole('button', { name: 'Stop: Slow API' });
    expect(screen.getByText('3 min left')).toBeTruthy();
    expect(screen.getByText('1 running')).toBeTruthy();
    fireEvent.click(stop);
    await screen.findByRole('button', { name: 'Start: Slow API' });
    expect(screen.queryByText('1 running')).toBeNull();
    expect(asked.filter((what) => what !== 'read')).toEqual(['start slow', 'stop slow']);
  });

  it('says why an order was refused, and shows nothing as running', async () => {
    show(server({ refuses: true }).actions);
    fireEvent.click(screen.getByRole('button', { name: 'Break something' }));
    fireEvent.click(screen.getByRole('button', { name: 'Start: Plateau' }));
    expect((await screen.findByRole('alert')).textContent).toBe('Only the demo can be broken.');
    expect(screen.queryByText('1 running')).toBeNull();
  });
});
