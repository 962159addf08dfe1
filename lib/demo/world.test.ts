import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld } from './world.ts';
import type { MachineState, WorldState } from './world-state.ts';

const START_MS = Date.UTC(2026, 3, 9, 21, 0, 0);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const world = createWorld({ seed: 7, startMs: START_MS });
const at = (minutes: number): WorldState => world.at(START_MS + minutes * MINUTE_MS);

/** Every counter by name; those of one process share its start. */
function counters(state: WorldState): { process: string; name: string; value: number }[] {
  const { redis, postgres } = state;
  const list: [string, string, number][] = [
    [redis.runId, 'hits', redis.hits],
    [redis.runId, 'misses', redis.misses],
    [redis.runId, 'connections', redis.connectionsReceived],
    [redis.runId, 'expired', redis.expiredKeys],
    ...Object.entries(redis.commands).map(
      ([cmd, n]) => [redis.runId, `cmd ${cmd}`, n] as [string, string, number],
    ),
    ...postgres.statements.flatMap(({ query, calls, totalMs, rows }) =>
      [calls, totalMs, rows].map((n, i) => ['pg', `${query} ${i}`, n] as [string, string, number]),
    ),
    ['pg', 'sessions', postgres.sessions],
    ...state.machines.flatMap(machineCounters),
  ];
  return list.map(([process, name, value]) => ({ process, name, value }));
}

function machineCounters(machine: MachineState): [string, string, number][] {
  const process = `${machine.name} ${machine.startedMs}`;
  const flat: Record<string, number> = {
    hits: machine.redisHits,
    misses: machine.redisMisses,
    slow: machine.slowOk,
    fast: (machine.responses['200'] ?? 0) - machine.slowOk,
    queries: machine.dbQueries,
    cpu: machine.cpuSeconds,
    local: machine.local?.hits ?? 0,
  };
  for (const [cmd, n] of Object.entries(machine.redisCommands)) flat[`cmd ${cmd}`] = n;
  for (const [status, n] of Object.entries(machine.responses)) flat[`status ${status}`] = n;
  return Object.entries(flat).map(([name, value]) => [process, name, value]);
}

/** Events an hour between two minutes, over a restart too when `restarted` says that the counter began again. */
function hourly(read: (state: WorldState) => number, fromMin: number, toMin: number): number {
  return ((read(at(toMin)) - read(at(fromMin))) * 60) / (toMin - fromMin);
}
const gets = (state: WorldState) => state.redis.commands.get ?? 0;
const queries = (state: WorldState) => state.postgres.statements.reduce((sum, one) => sum + one.calls, 0);
const limited = (state: WorldState) => state.machines.reduce((sum, m) => sum + (m.responses['429'] ?? 0), 0);

describe('world', () => {
  it('is the same for the same seed and time, whatever was asked before', () => {
    const other = createWorld({ seed: 7, startMs: START_MS });
    expect(other.at(START_MS - 20 * MINUTE_MS)).toEqual(at(-20));
    at(5);
    expect(at(-20)).toEqual(other.at(START_MS - 20 * MINUTE_MS));
    expect(createWorld({ seed: 8, startMs: START_MS }).at(START_MS)).not.toEqual(at(0));
  });

  it('no counter falls while its process lives', () => {
    const minute = fc.double({ min: -62, max: 3 * 24 * 60, noNaN: true });
    const step = fc.double({ min: 0, max: 30, noNaN: true });
    fc.assert(
      fc.property(minute, step, fc.integer({ min: 0, max: 50 }), (fromMin, stepMin, seed) => {
        const any = createWorld({ seed, startMs: START_MS });
        const early = counters(any.at(START_MS + fromMin * MINUTE_MS));
        const late = new Map(
          counters(any.at(START_MS + (fromMin + stepMin) * MINUTE_MS)).map((c) => [
            `${c.process} ${c.name}`,
            c.value,
          ]),
        );
        for (const { process, name, value } of early) {
          const then = late.get(`${process} ${name}`);
          // A process that ended in between has no later value.
          if (then !== undefined) expect(then, name).toBeGreaterThanOrEqual(value);
        }
      }),
      { numRuns: 120 },
    );
  }, 30_000);

  it('counters are whole numbers and begin at 0 with their process', () => {
    const restart = at(-34.9);
    const machine = restart.machines[0];
    expect(machine?.startedMs).toBeGreaterThan(START_MS - 36 * MINUTE_MS);
    const young = world.at((machine?.startedMs ?? 0) + 1).machines[0];
    expect(young?.dbQueries).toBeLessThan(3);
    expect(young?.redisCommands.get).toBeLessThan(3);
    for (const { name, value } of counters(at(-3))) {
      if (!/cpu|1$/.test(name)) expect(Number.isInteger(value), name).toBe(true);
    }
  });

  it('reads fall from 733K/h to 24K/h, and database queries from 8.1K/h to 2.1K/h', () => {
    expect(hourly(gets, -48, -36)).toBeGreaterThan(733_000 * 0.97);
    expect(hourly(gets, -48, -36)).toBeLessThan(733_000 * 1.03);
    expect(hourly(gets, -30, 0)).toBeGreaterThan(24_000 * 0.93);
    expect(hourly(gets, -30, 0)).toBeLessThan(24_000 * 1.07);
    expect(hourly(queries, -60, -36)).toBeGreaterThan(8_150 * 0.95);
    expect(hourly(queries, -60, -36)).toBeLessThan(8_150 * 1.05);
    expect(hourly(queries, -30, 0)).toBeGreaterThan(2_050 * 0.9);
    expect(hourly(queries, -30, 0)).toBeLessThan(2_120);
  });

  it('holds these rates whatever the hour of the day at which it starts', () => {
    for (let hour = 0; hour < 24; hour += 3) {
      const startMs = START_MS + hour * HOUR_MS;
      const any = createWorld({ seed: hour, startMs });
      const rise = gets(any.at(startMs)) - gets(any.at(startMs - 30 * MINUTE_MS));
      expect(rise * 2).toBeGreaterThan(24_000 * 0.9);
      expect(rise * 2).toBeLessThan(24_000 * 1.1);
    }
  });

  it('the hit ratio rises from 61 % to 95 %', () => {
    const ratio = (fromMin: number, toMin: number) => {
      const hits = at(toMin).redis.hits - at(fromMin).redis.hits;
      return hits / (gets(at(toMin)) - gets(at(fromMin)));
    };
    expect(ratio(-46, -36)).toBeCloseTo(0.614, 1);
    expect(ratio(-30, 0)).toBeGreaterThan(0.94);
    expect(ratio(-30, 0)).toBeLessThan(0.96);
  });

  it('is alive: minutes differ, and rejected requests come one by one', () => {
    const minutes = Array.from({ length: 28 }, (_, i) => hourly(gets, -29 + i, -28 + i));
    const mean = minutes.reduce((sum, value) => sum + value, 0) / minutes.length;
    const spread =
      Math.sqrt(minutes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / minutes.length) / mean;
    expect(spread).toBeGreaterThan(0.02);
    expect(spread).toBeLessThan(0.2);
    const perHour = (limited(at(25 * 60)) - limited(at(60))) / 24;
    expect(perHour).toBeGreaterThan(3);
    expect(perHour).toBeLessThan(9);
    for (let minute = 60; minute < 240; minute += 1) {
      expect(limited(at(minute)) - limited(at(minute - 1))).toBeLessThanOrEqual(2);
    }
  });

  it('Redis saw exactly what the machines sent', () => {
    const sent = (state: WorldState) =>
      state.machines.reduce((sum, m) => sum + (m.redisCommands.get ?? 0), 0);
    expect(gets(at(0)) - gets(at(-30))).toBe(sent(at(0)) - sent(at(-30)));
  });

  it('tells the story: a Redis restart, a rolling deploy that misses one machine, one outage', () => {
    expect(at(-51).redis.runId).not.toBe(at(-49).redis.runId);
    expect(at(-49).redis.runId).toBe(at(600).redis.runId);
    expect(gets(at(-49.9))).toBeLessThan(gets(at(-51)) / 100);
    expect(at(-36).machines.map((m) => m.release)).toEqual(['v1205', 'v1205', 'v1205']);
    expect(at(-34.5).machines.map((m) => m.release)).toEqual(['v1206', 'v1205', 'v1205']);
    expect(at(-30).machines.map((m) => m.release)).toEqual(['v1206', 'v1206', 'v1205']);
    expect(at(-15).machines.map((m) => m.reachable)).toEqual([true, false, true]);
    for (let minute = -12; minute < 600; minute += 1) {
      expect(at(minute).machines.every((m) => m.reachable)).toBe(true);
    }
  });

  it('a moment costs less than a millisecond of the processor', () => {
    const before = process.cpuUsage();
    for (let i = 0; i < 500; i += 1) world.at(START_MS + i * 1_111);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000 / 500).toBeLessThan(1);
  });
});
