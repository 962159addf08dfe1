import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEMO_FAULT_IDS, type DemoFaultId } from '../core/model/demo-fault.ts';
import { machineFamilies } from './machine/families.ts';
import { V1203_MS, V1205_MS, V1206_MS } from './story.ts';
import { createWorld, type World } from './world.ts';
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
    stalled: machine.stalledOk,
    fast: (machine.responses['200'] ?? 0) - machine.slowOk - machine.stalledOk,
    queries: machine.dbQueries,
    cpu: machine.cpuSeconds,
    local: machine.local?.hits ?? 0,
    'failed open': machine.failedOpen,
    'connects ok': machine.connects.ok,
    'connects failed': machine.connects.failed,
  };
  for (const [i, calls] of machine.statements.entries()) flat[`statement ${i}`] = calls;
  for (const { name, type, samples } of machineFamilies(machine)) {
    if (type === 'gauge') continue;
    for (const [suffix, labels, value] of samples) flat[`${name}${suffix} ${JSON.stringify(labels)}`] = value;
  }
  for (const [cmd, n] of Object.entries(machine.redisCommands)) flat[`cmd ${cmd}`] = n;
  for (const [name, n] of Object.entries(machine.getsByComponent)) flat[`component ${name}`] = n;
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

  it('no counter falls while its process lives, whatever was broken when', () => {
    const minute = fc.double({ min: -16 * 24 * 60, max: 3 * 24 * 60, noNaN: true });
    const step = fc.double({ min: 0, max: 30, noNaN: true });
    const fault = fc.record({
      id: fc.constantFrom(...DEMO_FAULT_IDS),
      atMin: fc.double({ min: -20, max: 40, noNaN: true }),
      stopMin: fc.option(fc.double({ min: 0.01, max: 4, noNaN: true })),
    });
    fc.assert(
      fc.property(
        minute,
        step,
        fc.integer({ min: 0, max: 50 }),
        fc.array(fault, { maxLength: 4 }),
        (aroundMin, stepMin, seed, broken) => {
          const any = createWorld({ seed, startMs: START_MS });
          const fromMs = START_MS + aroundMin * MINUTE_MS;
          for (const { id, atMin, stopMin } of broken) {
            any.faults.start(id, fromMs + atMin * MINUTE_MS);
            if (stopMin !== null) any.faults.stop(id, fromMs + (atMin + stopMin) * MINUTE_MS);
          }
          const early = counters(any.at(fromMs));
          const late = new Map(
            counters(any.at(fromMs + stepMin * MINUTE_MS)).map((c) => [`${c.process} ${c.name}`, c.value]),
          );
          for (const { process, name, value } of early) {
            const then = late.get(`${process} ${name}`);
            // A process that ended in between has no later value.
            if (then !== undefined) expect(then, `${process} ${name}`).toBeGreaterThanOrEqual(value);
          }
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);

  it('a fault changes nothing of the time before it, nor does its early end', () => {
    for (const id of DEMO_FAULT_IDS) {
      const any = createWorld({ seed: 7, startMs: START_MS });
      const before = any.at(START_MS);
      any.faults.start(id, START_MS + 1);
      expect(any.at(START_MS), id).toEqual(before);
      const during = any.at(START_MS + MINUTE_MS);
      any.faults.stop(id, START_MS + MINUTE_MS + 1);
      expect(any.at(START_MS + MINUTE_MS), id).toEqual(during);
      expect(any.faults.running(START_MS + 2 * MINUTE_MS), id).toEqual([]);
    }
  });

  it('counters are whole numbers and begin at 0 with their process', () => {
    const machine = world.at(START_MS + V1206_MS + MINUTE_MS).machines[0];
    expect(machine?.startedMs).toBe(START_MS + V1206_MS + 2_400);
    const young = world.at((machine?.startedMs ?? 0) + 1).machines[0];
    expect(young?.dbQueries).toBeLessThan(3);
    expect(young?.redisCommands.get).toBeLessThan(3);
    for (const { name, value } of counters(at(-3))) {
      if (!/cpu|_sum|1$/.test(name)) expect(Number.isInteger(value), name).toBe(true);
    }
  });

  it('tells the evening: 733K/h that do not fall, none while suspended, then 24K/h', () => {
    const near = (value: number, wanted: number, share: number) => {
      expect(value).toBeGreaterThan(wanted * (1 - share));
      expect(value).toBeLessThan(wanted * (1 + share));
    };
    const v1203 = V1203_MS / MINUTE_MS;
    const v1205 = V1205_MS / MINUTE_MS;
    const v1206 = V1206_MS / MINUTE_MS;
    near(hourly(gets, v1203 - 90, v1203 - 5), 733_000, 0.02);
    near(hourly(gets, v1203 + 5, v1205 - 5), 731_000, 0.02);
    expect(hourly(gets, v1205 + 3, v1206 - 3)).toBe(0);
    near(hourly(gets, v1206 + 5, 0), 24_000, 0.06);
    near(hourly(queries, v1203 - 90, v1203 - 5), 8_150, 0.05);
    near(hourly(queries, -150, 0), 1_930, 0.08);
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
    expect(ratio(-480, -420)).toBeCloseTo(0.614, 2);
    expect(ratio(-120, 0)).toBeCloseTo(0.948, 1);
  });

  it('is alive: minutes differ, and rejected requests come one by one', () => {
    const minutes = Array.from({ length: 28 }, (_, i) => hourly(gets, -29 + i, -28 + i));
    const mean = minutes.reduce((sum, value) => sum + value, 0) / minutes.length;
    const spread =
      Math.sqrt(minutes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / minutes.length) / mean;
    expect(spread).toBeGreaterThan(0.02);
    expect(spread).toBeLessThan(0.2);
    const perHour = (limited(at(25 * 60)) - limited(at(60))) / 24;
    expect(perHour).toBeGreaterThan(1.5);
    expect(perHour).toBeLessThan(4.5);
    for (let minute = 60; minute < 240; minute += 1) {
      expect(limited(at(minute)) - limited(at(minute - 1))).toBeLessThanOrEqual(2);
    }
  });

  it('Redis saw exactly what the machines sent', () => {
    const sent = (state: WorldState) =>
      state.machines.reduce((sum, m) => sum + (m.redisCommands.get ?? 0), 0);
    expect(gets(at(0)) - gets(at(-30))).toBe(sent(at(0)) - sent(at(-30)));
  });

  it('every GET of a machine is of one part of the app', () => {
    for (const minutes of [-8 * 60, -5 * 60, -60]) {
      for (const machine of at(minutes).machines) {
        const sum = Object.values(machine.getsByComponent).reduce((a, b) => a + b, 0);
        expect(sum).toBe(machine.redisCommands.get);
      }
    }
  });

  it('releases follow each other, and v1206 reaches one machine of two', () => {
    const releases = (minutes: number) =>
      at(minutes).machines.map(({ release, manner }) => [release, manner]);
    expect(releases(-8 * 60)).toEqual([
      ['v1202', 'old'],
      ['v1202', 'old'],
    ]);
    // Set to a digest that was taken for a value: nothing is suspended.
    expect(at(-5 * 60).machines.map(({ switchValue, manner }) => [switchValue, manner])).toEqual([
      ['fa61a13817d73a23', 'v1203'],
      ['fa61a13817d73a23', 'v1203'],
    ]);
    expect(releases(-3 * 60)).toEqual([
      ['v1205', 'suspended'],
      ['v1205', 'suspended'],
    ]);
    expect(releases(0)).toEqual([
      ['v1206', 'v1206'],
      ['v1205', 'suspended'],
    ]);
    expect(at(-15).machines.map((m) => m.reachable)).toEqual([true, false]);
    for (let minute = -12; minute < 600; minute += 1) {
      expect(at(minute).machines.every((m) => m.reachable)).toBe(true);
    }
  });

  describe('each fault', () => {
    const during = (id: DemoFaultId, minutes = 2) => {
      const broken = createWorld({ seed: 7, startMs: START_MS });
      broken.faults.start(id, START_MS);
      const atMin = (one: World, minute: number) => one.at(START_MS + minute * MINUTE_MS);
      const rate = (one: World, read: (state: WorldState) => number) =>
        ((read(atMin(one, minutes)) - read(atMin(one, 0.5))) * 60) / (minutes - 0.5);
      return {
        state: atMin(broken, minutes),
        usual: atMin(world, minutes),
        broken: (read: (state: WorldState) => number) => rate(broken, read),
        calm: (read: (state: WorldState) => number) => rate(world, read),
        atMin: (minute: number) => atMin(broken, minute),
      };
    };
    const machineGets = (state: WorldState) =>
      state.machines.reduce((sum, machine) => sum + (machine.redisCommands.get ?? 0), 0);

    it('429 spike: 40 a minute', () => {
      expect(during('limit_spike').broken(limited)).toBeGreaterThan(1_900);
      expect(during('limit_spike').broken(limited)).toBeLessThan(2_900);
    });

    it('bad value: what was suspended is not, though the switch is set', () => {
      const { state, atMin, broken, calm } = during('bad_value');
      expect(
        state.machines.map(({ release, manner, switchValue }) => [release, manner, switchValue]),
      ).toEqual([
        ['v1207', 'v1206', 'fa61a13817d73a23'],
        ['v1207', 'v1203', 'fa61a13817d73a23'],
      ]);
      expect(broken(gets)).toBeGreaterThan(calm(gets) + 8_000);
      expect(atMin(6).machines.map(({ manner }) => manner)).toEqual(['v1206', 'suspended']);
    });

    it('quota: commands are refused, and the database works for two', () => {
      const { state, usual, broken, calm } = during('quota');
      expect([state.redis.quota?.limit, usual.redis.quota]).toEqual([600_000_000, null]);
      expect(broken(gets)).toBe(0);
      expect(broken(queries)).toBeGreaterThan(calm(queries) * 1.7);
    });

    it('leak: Redis counts 1.2K a minute that no machine sends', () => {
      const { broken, calm } = during('leak');
      expect(broken(gets) - calm(gets)).toBeGreaterThan(65_000);
      expect(broken(machineGets)).toBe(calm(machineGets));
    });

    it('kill: the second machine is away for 90 s, and a new process comes', () => {
      const { atMin } = during('kill');
      expect(atMin(1).machines.map(({ reachable }) => reachable)).toEqual([true, false]);
      expect(atMin(2).machines[1]).toMatchObject({ reachable: true, startedMs: START_MS + 90_000 });
    });

    it('storm: six starts in three minutes', () => {
      const { atMin } = during('storm');
      const starts = new Set(Array.from({ length: 240 }, (_, i) => atMin(i / 60).machines[0]?.startedMs));
      expect(starts.size).toBe(7);
    });

    it('plateau: back to 733K/h, and flat', () => {
      const { broken } = during('plateau');
      expect(broken(gets)).toBeGreaterThan(733_000 * 0.97);
      expect(broken(gets)).toBeLessThan(733_000 * 1.03);
    });

    it('slow: one request in ten takes most of a second', () => {
      const { state } = during('slow');
      const [first] = state.machines;
      const share = (first?.stalledOk ?? 0) / (17.2 * 120);
      expect(share).toBeGreaterThan(0.06);
      expect(share).toBeLessThan(0.12);
    });
  });

  it('a moment costs less than a millisecond of the processor', () => {
    const before = process.cpuUsage();
    for (let i = 0; i < 500; i += 1) world.at(START_MS + i * 1_111);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000 / 500).toBeLessThan(1);
  });
});
