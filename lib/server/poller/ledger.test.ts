import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { LEDGER_DAYS, Ledger } from './ledger.ts';

const START_MS = Date.UTC(2026, 3, 9, 23);
const ID = 'harbor/production/redis/cache';
const OTHER = 'harbor/production/app/web-1';
const acts = (commands: number) => ({ commands, connects: 0, queries: 0, requests: 0 });

function world(state = new MemoryState()) {
  let nowMs = START_MS;
  const open = async (): Promise<Ledger> => {
    const ledger = new Ledger(state, () => nowMs);
    await ledger.load();
    return ledger;
  };
  const wait = (ms: number): void => {
    nowMs += ms;
  };
  return { state, open, wait };
}

describe('the ledger', () => {
  it('counts by source and act, and starts anew at midnight UTC with yesterday kept', async () => {
    const { open, wait } = world();
    const ledger = await open();
    ledger.count(ID, 'command', 3);
    ledger.count(ID, 'connect');
    ledger.count(OTHER, 'request');
    expect(ledger.today(ID)).toEqual({ commands: 3, connects: 1, queries: 0, requests: 0 });
    expect(ledger.yesterday(ID)).toBeNull();
    wait(2 * HOUR_MS);
    expect(ledger.today(ID)).toEqual(acts(0));
    expect(ledger.yesterday(ID)).toEqual({ commands: 3, connects: 1, queries: 0, requests: 0 });
    expect(ledger.yesterday(OTHER)?.requests).toBe(1);
  });

  it('keeps today and the 14 days before it over restarts, and no row more than that', async () => {
    const { open, wait, state } = world();
    for (let day = 1; day <= 40; day += 1) {
      const ledger = await open();
      ledger.count(ID, 'command', day);
      await ledger.save();
      if (day < 40) wait(DAY_MS);
    }
    const days = (await open()).days();
    expect(days.map(({ costs }) => costs.get(ID)?.commands)).toEqual(
      Array.from({ length: LEDGER_DAYS }, (_, i) => 40 - i),
    );
    expect(days[0]?.day).toBe(new Date(START_MS + 39 * DAY_MS).toISOString().slice(0, 10));
    expect(state.rows.size).toBe(LEDGER_DAYS + 1);
  });

  it('what was counted just before midnight is saved after it', async () => {
    const { open, wait } = world();
    const ledger = await open();
    ledger.count(ID, 'command', 7);
    wait(2 * HOUR_MS);
    ledger.count(ID, 'command', 1);
    await ledger.save();
    const again = await open();
    expect(again.yesterday(ID)?.commands).toBe(7);
    expect(again.today(ID).commands).toBe(1);
  });

  it('a clock that is set back over midnight finds its day again', async () => {
    const { open, wait } = world();
    const ledger = await open();
    ledger.count(ID, 'command', 7);
    wait(2 * HOUR_MS);
    ledger.count(ID, 'command');
    wait(-2 * HOUR_MS);
    expect(ledger.today(ID).commands).toBe(7);
  });

  it('a visit that a kill cut short is charged what it may have cost at most, once', async () => {
    const { open } = world();
    const killed = await open();
    killed.count(ID, 'command', 10);
    await killed.reserve(ID, 7);
    killed.count(ID, 'command', 2);
    // Nothing more is written: the process is gone.
    const next = await open();
    expect(next.today(ID).commands).toBe(17);
    expect((await open()).today(ID).commands).toBe(17);
    next.count(ID, 'command');
    await next.save();
    expect((await open()).today(ID).commands).toBe(18);
  });

  it('a visit that ended is charged what it did cost', async () => {
    const { open } = world();
    const ledger = await open();
    await ledger.reserve(ID, 7);
    ledger.count(ID, 'command');
    await ledger.settle(ID);
    expect((await open()).today(ID)).toEqual(acts(1));
  });

  it('writes nothing where nothing was sent, and writes again what could not be written', async () => {
    const { open, state } = world();
    const ledger = await open();
    await ledger.save();
    expect(state.writes).toBe(0);
    ledger.count(ID, 'command');
    const put = state.putState.bind(state);
    state.putState = async () => {
      throw new Error('disk is full');
    };
    await expect(ledger.save()).rejects.toThrow('disk is full');
    state.putState = put;
    await ledger.save();
    expect((await open()).today(ID).commands).toBe(1);
  });

  it('a page that cannot be read counts as none', async () => {
    const state = new MemoryState();
    for (let i = 0; i < 16; i += 1)
      await state.putState({ [`ledger/${i}`]: { day: 'yesterday', costs: [] } });
    const { open } = world(state);
    expect((await open()).days()).toEqual([{ day: '2026-04-09', costs: new Map() }]);
  });
});
