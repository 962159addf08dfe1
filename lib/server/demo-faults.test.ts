import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningFault } from '@/lib/core/model/demo-fault.ts';
import { DemoFaults } from './demo-faults.ts';

let running: RunningFault[];
let visits: number;
let faults: DemoFaults;

beforeEach(() => {
  vi.useFakeTimers();
  running = [];
  visits = 0;
  faults = new DemoFaults(
    {
      runningFaults: async () => running,
      setFault: async (id, on) => {
        running = on ? [{ id, endsInMs: 180_000 }] : [];
        return running;
      },
    },
    { visitNow: async () => (visits += 1) },
  );
});
afterEach(() => {
  faults.stop();
  vi.useRealTimers();
});

describe('faults of the demo', () => {
  it('are looked at once when they begin, and until they are believed to be over when they end by themselves', async () => {
    expect(await faults.set('quota', true)).toEqual([{ id: 'quota', endsInMs: 180_000 }]);
    expect(visits).toBe(1);
    await vi.advanceTimersByTimeAsync(180_000);
    expect(visits).toBe(1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(visits).toBe(5);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(visits).toBe(5);
  });

  it('that are ended early are not looked at again at their time', async () => {
    await faults.set('quota', true);
    await faults.set('quota', false);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(visits).toBe(5);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(visits).toBe(5);
  });
});
