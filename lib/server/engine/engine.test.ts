import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Engine, type EngineStep } from './engine.ts';

const START_MS = Date.UTC(2026, 3, 9, 20);

function world(steps: readonly EngineStep[]) {
  const faults: string[] = [];
  const engine = new Engine(steps, {
    wallMs: () => Date.now(),
    onFault: (message) => faults.push(message),
  });
  return { engine, faults };
}

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the engine', () => {
  it('runs its steps in order, at once and then every 15 s, all with the time of their tick', async () => {
    const seen: string[] = [];
    const step = (name: string): EngineStep => ({
      name,
      run: async (nowMs) => {
        seen.push(`${name} ${(nowMs - START_MS) / 1000}`);
      },
    });
    const { engine } = world([step('modes'), step('alerts')]);
    engine.start();
    await vi.advanceTimersByTimeAsync(30_000);
    await engine.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen).toEqual(['modes 0', 'alerts 0', 'modes 15', 'alerts 15', 'modes 30', 'alerts 30']);
  });

  it('tells a failing step once, tries it again, and runs the others', async () => {
    let broken = true;
    let alerts = 0;
    const modes: EngineStep = {
      name: 'modes',
      run: async () => {
        if (broken) throw new Error('the store is away');
      },
    };
    const { engine, faults } = world([modes, { name: 'alerts', run: async () => void alerts++ }]);
    engine.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(faults).toEqual(['modes could not be worked out']);
    broken = false;
    await vi.advanceTimersByTimeAsync(15_000);
    broken = true;
    await vi.advanceTimersByTimeAsync(15_000);
    await engine.stop();
    expect(faults).toHaveLength(2);
    expect(alerts).toBe(5);
  });

  it('never runs two rounds at once, and stops when the last one has ended', async () => {
    let release = (): void => {};
    let runs = 0;
    const slow: EngineStep = {
      name: 'slow',
      run: () => {
        runs += 1;
        return new Promise((done) => {
          release = done;
        });
      },
    };
    const { engine } = world([slow]);
    engine.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(runs).toBe(1);
    let stopped = false;
    const stopping = engine.stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stopped).toBe(false);
    release();
    await stopping;
    expect(stopped).toBe(true);
  });
});
