import { describe, expect, it } from 'vitest';
import type { Runtime } from '../runtime.ts';
import { keep, recall, remember } from './remember.ts';

const MEMORY = { name: 'test', most: 3 };

function clocked() {
  let nowMs = 1_000;
  // Only the clock of the runtime is read.
  const runtime = { clock: { wallMs: () => nowMs, monoMs: () => nowMs } } as unknown as Runtime;
  return {
    runtime,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('what a runtime remembers', () => {
  it('is made once for all who ask at the same time or soon after, and again when its life is over', async () => {
    const { runtime, wait } = clocked();
    let made = 0;
    const ask = () => remember(runtime, MEMORY, 'a', 100, async () => ++made);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    wait(99);
    expect(await ask()).toBe(1);
    wait(1);
    expect(await ask()).toBe(2);
  });

  it('a making that fails is told to all who waited for it and not kept', async () => {
    const { runtime } = clocked();
    const fail = () => remember(runtime, MEMORY, 'a', 100, () => Promise.reject(new Error('disk')));
    const [one, two] = await Promise.allSettled([fail(), fail()]);
    expect([one?.status, two?.status]).toEqual(['rejected', 'rejected']);
    expect(await remember(runtime, MEMORY, 'a', 100, async () => 5)).toBe(5);
  });

  it('holds no more than it has room for: what was not asked for longest goes first', () => {
    const { runtime } = clocked();
    for (const key of ['a', 'b', 'c']) keep(runtime, MEMORY, key, key, 100);
    expect(recall(runtime, MEMORY, 'a')).toBe('a');
    keep(runtime, MEMORY, 'd', 'd', 100);
    expect(['a', 'b', 'c', 'd'].map((key) => recall(runtime, MEMORY, key))).toEqual([
      'a',
      undefined,
      'c',
      'd',
    ]);
    keep(runtime, MEMORY, 'heavy', 'heavy', 100, 3);
    expect(['a', 'c', 'd', 'heavy'].map((key) => recall(runtime, MEMORY, key))).toEqual([
      undefined,
      undefined,
      undefined,
      'heavy',
    ]);
  });

  it('a clock that is set back does not lengthen a life', () => {
    const { runtime, wait } = clocked();
    keep(runtime, MEMORY, 'a', 1, 100);
    wait(-500);
    expect(recall(runtime, MEMORY, 'a')).toBeUndefined();
  });

  it('other runtimes and other memories know nothing of it', () => {
    const { runtime } = clocked();
    keep(runtime, MEMORY, 'a', 1, 100);
    expect(recall(clocked().runtime, MEMORY, 'a')).toBeUndefined();
    expect(recall(runtime, { name: 'other', most: 3 }, 'a')).toBeUndefined();
  });
});
