import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../time/range.ts';
import { type MachineFact, NO_FLEET } from '../facts/fleet.ts';
import type { AlertFacts, DeployFact } from '../facts.ts';
import { RULES } from './index.ts';
import { findAll, findOne, NOW_MS } from './test-find.ts';

const machine = (name: string, over: Partial<MachineFact> = {}): MachineFact => ({
  ...{ name, release: 'v1206', healthy: true, failing: null, restarts: 0, parked: false, silent: false },
  ...over,
});
const facts = (machines: MachineFact[], deploy: DeployFact | null = null): Partial<AlertFacts> => ({
  deploy,
  fleet: { ...NO_FLEET, machines },
});
const rolling = (beganMinutesAgo: number, endedMinutesAgo: number | null = null): DeployFact => ({
  ...{ id: 'd', release: 'v1207', kind: 'code', startMs: NOW_MS - beganMinutesAgo * MINUTE_MS },
  endMs: endedMinutesAgo === null ? null : NOW_MS - endedMinutesAgo * MINUTE_MS,
});
const place = (flyApp: string | null, subject = '') => ({
  scope: { app: 'harbor', environment: 'production' },
  subject,
  flyApp,
});

describe('held back by a deploy', () => {
  const bad = machine('a1', { healthy: false, failing: 'its health endpoint says that it fails' });
  it.each([
    [rolling(4), 'v1207 has been rolling over the machines since 21:56Z'],
    [rolling(29.9), 'v1207 has been rolling over the machines since 21:30Z'],
    [rolling(30), null],
    [rolling(9, 1), 'v1207 came to the last machine at 21:59Z'],
    [rolling(9, 2), null],
    [rolling(-1), null],
    [{ ...rolling(4), kind: 'suspend' as const }, null],
    [null, null],
  ])('while it rolls and for 2 min after, and no longer than half an hour', (deploy, reason) => {
    expect(findOne('machine_unhealthy', facts([bad], deploy)).inhibitedBy).toBe(reason);
    expect(findOne('restart_storm', facts([machine('a1', { restarts: 5 })], deploy)).inhibitedBy).toBe(
      reason,
    );
    const skew = facts([machine('a1'), machine('b2', { release: 'v1205' })], deploy);
    expect(findOne('version_skew', skew)).toMatchObject({ value: 1, inhibitedBy: reason });
  });
});

describe('machine_unhealthy', () => {
  it('watches every machine, and says what fails and how many are still well', () => {
    const found = findAll(
      'machine_unhealthy',
      facts([
        machine('a1', { healthy: false, failing: 'a check of Fly is critical' }),
        machine('b2'),
        machine('c3', { healthy: null }),
        machine('d4', { healthy: null, parked: true }),
      ]),
    );
    expect(found.map(({ subject, value }) => [subject, value])).toEqual([
      ['a1', 1],
      ['b2', 0],
      ['c3', null],
      ['d4', 0],
    ]);
    expect(found[0]).toMatchObject({
      title: 'a1 is unhealthy',
      detail: 'A check of Fly is critical.',
      source: 'a1 · v1206',
      means: [{ what: 'Still well', text: '1 of 3 machines' }],
    });
  });

  it('leaves a machine that gives no answer to the alert on its source', () => {
    const gone = machine('a1', { healthy: false, failing: 'Fly does not call it started', silent: true });
    expect(findOne('machine_unhealthy', facts([gone])).inhibitedBy).toBe('a1 gives no answer');
  });

  it('gives commands for Fly only there, with names as a shell reads them', () => {
    const steps = RULES.machine_unhealthy.runbook(place('harbor', '$(reboot) x'));
    expect(steps.map(({ command }) => command)).toContain("fly logs --machine '$(reboot) x' -a harbor");
    expect(RULES.machine_unhealthy.runbook(place(null, 'a1')).every(({ command }) => command === null)).toBe(
      true,
    );
  });
});

describe('restart_storm', () => {
  const found = (...machines: MachineFact[]) => findOne('restart_storm', facts(machines));

  it('adds up the starts of all machines, and names those with most', () => {
    const { value, levels, title, source, means } = found(
      machine('a1', { restarts: 1 }),
      machine('b2', { restarts: 5 }),
      machine('c3'),
    );
    expect(value).toBe(6);
    expect(levels).toMatchObject({ trigger: 3, clear: 1.5 });
    expect(title).toBe('6 restarts on 2 machines in 10 min');
    expect(source).toBe('b2, a1');
    expect(means).toEqual([
      { what: 'b2', text: '5 starts in 10 min' },
      { what: 'a1', text: '1 start in 10 min' },
    ]);
    expect(found(machine('a1', { restarts: 3 })).title).toBe('3 restarts of a1 in 10 min');
  });

  it('with a machine silent it may fire and is never over; parked ones and those that never tell do not matter', () => {
    const out = machine('b2', { silent: true, restarts: 1 });
    expect(found(machine('a1', { restarts: 2 }), out).value).toBe(3);
    expect(found(machine('a1'), out).value).toBeNull();
    expect(found(machine('a1'), { ...out, parked: true, restarts: 0 }).value).toBe(0);
    expect(found(machine('a1'), machine('b2', { restarts: null })).value).toBe(0);
    expect(found(machine('b2', { restarts: null })).value).toBeNull();
    expect(found().value).toBeNull();
  });
});

describe('version_skew', () => {
  const found = (...machines: MachineFact[]) => findOne('version_skew', facts(machines));

  it('names the releases and the machines, the most frequent first, and waits 15 min', () => {
    const { value, levels, title, means } = found(
      machine('3d8dd7a1'),
      machine('9185e2bc', { release: 'v1205' }),
    );
    expect(value).toBe(1);
    expect(levels).toMatchObject({ trigger: 1, holdMs: 15 * MINUTE_MS });
    expect(title).toBe('Version skew: v1206 on 3d8dd7a1, v1205 on 9185e2bc');
    expect(means).toEqual([
      { what: 'v1206', text: '1 of 2 machines' },
      { what: 'v1205', text: '1 of 2 machines' },
    ]);
    const many = found(
      ...['a', 'b', 'c', 'd'].map((name) => machine(name, { release: 'v1205' })),
      machine('e'),
    );
    expect(many.title).toBe('Version skew: v1205 on 4 machines, v1206 on e');
  });

  it('parked machines do not count; of silent ones nothing is known', () => {
    expect(found(machine('a'), machine('b', { release: null, parked: true })).value).toBe(0);
    expect(found(machine('a'), machine('b', { release: null, silent: true })).value).toBeNull();
    const apart = [
      machine('a'),
      machine('b', { release: 'v1' }),
      machine('c', { release: null, silent: true }),
    ];
    expect(found(...apart).value).toBe(1);
    expect(found(machine('a'), machine('b', { release: null })).value).toBe(0);
    expect(found(machine('a', { release: null })).value).toBeNull();
    expect(found().value).toBeNull();
  });
});
