import { describe, expect, it } from 'vitest';
import { writeConfigSentence } from './config-sentence.ts';
import { type FleetMachine, fleetSkew } from './fleet-skew.ts';
import { settingRows } from './setting-rows.ts';
import { factsOf, machineOf, recordOf, tellingOf } from './test-facts.ts';

const fleetMachine = (name: string, over: Partial<FleetMachine> = {}): FleetMachine => ({
  name,
  release: 'v1206',
  image: 'aaaaaaaaaaaa',
  region: 'ams',
  standing: 'running',
  startedAtMs: null,
  ...over,
});
const assumed = {
  release: 'v1203',
  href: '/deploys/d1',
  count: 3,
  audit: '45 → 36 connections count on 3 machines; 2 run: 30 → 24 connections.',
};

describe('machines against each other', () => {
  it('says who runs what, where releases or images of one release differ', () => {
    const { findings } = fleetSkew(
      [
        fleetMachine('a'),
        fleetMachine('b', { release: 'v1205', image: 'b' }),
        fleetMachine('c', { image: 'c' }),
      ],
      null,
      null,
    );
    expect(findings).toEqual([
      { kind: 'releases', text: '2 releases run: v1206 on a, c, v1205 on b.' },
      { kind: 'images', text: 'v1206 runs from 2 images: aaaaaaaaaaaa on a, c on c.' },
    ]);
  });

  it('what does not run, or does not tell, is no skew', () => {
    const { findings } = fleetSkew(
      [
        fleetMachine('a'),
        fleetMachine('b', { release: 'v1205', standing: 'parked' }),
        fleetMachine('c', { release: null, image: null }),
      ],
      null,
      null,
    );
    expect(findings).toEqual([]);
  });

  it('three were assumed and two run: the audit’s own numbers stand beside it', () => {
    const { findings, running, remark } = fleetSkew([fleetMachine('a'), fleetMachine('b')], assumed, 'v1206');
    expect(running).toBe(2);
    expect(findings).toEqual([
      { kind: 'assumed', text: `v1203 counts on 3 machines; 2 run. ${assumed.audit}` },
    ]);
    expect(remark).toBe('No claim of v1206 names a number of machines; v1203 is the latest that does.');
  });

  it.each([
    ['as many run as were assumed', [fleetMachine('a'), fleetMachine('b'), fleetMachine('c')], 3],
    [
      'one of them does not tell: then their number is not known',
      [fleetMachine('a'), fleetMachine('b', { standing: 'silent' })],
      null,
    ],
    ['none is known', [], null],
  ])('no skew of numbers where %s', (_name, machines, running) => {
    const skew = fleetSkew(machines, assumed, null);
    expect(skew.findings).toEqual([]);
    expect(skew.running).toBe(running);
  });

  it('where no claim names a number, that is said', () => {
    expect(fleetSkew([fleetMachine('a')], null, 'v1206').remark).toBe(
      'No claim of v1206 names a number of machines.',
    );
    expect(fleetSkew([fleetMachine('a')], null, null).remark).toBe('No claim names a number of machines.');
  });
});

describe('the sentence of the page', () => {
  const calm = fleetSkew([fleetMachine('a'), fleetMachine('b')], null, null);
  const say = (facts: Parameters<typeof settingRows>[0], fleet = calm) =>
    writeConfigSentence(settingRows(facts).rows, fleet);

  it('names what is wrong and which evidence shows it', () => {
    const machines = ['a', 'b'].map((name) =>
      tellingOf(name, 'false', 'digest', {
        suspended: false,
        asked: true,
        sent: { count: 900, ms: 300_000 },
      }),
    );
    expect(say(factsOf({ machines, records: [recordOf('digest')] })).verdict).toBe(
      'SUSPEND_REDIS does not run as it was meant: what was set, what its processes read and what its machines do show it.',
    );
    const [first] = machines.map((one) => ({
      ...one,
      redis: { ...one.redis, sent: null, asked: null, suspended: null },
    }));
    expect(say(factsOf({ machines: first === undefined ? [] : [first] })).verdict).toBe(
      'SUSPEND_REDIS does not run as it was meant: what its processes read shows it.',
    );
  });

  it('is never better than the evidence', () => {
    expect(say(factsOf()).verdict).toBe(
      'Can’t tell whether what runs is what was meant: no machine says how it read its settings.',
    );
    const half = factsOf({ machines: [tellingOf('a', 'false', 'ok'), machineOf('b')] });
    expect(say(half)).toEqual({
      verdict: 'One setting was read as written, on 1 of 2 machines.',
      limit: '1 of 2 machines does not say how it read its settings.',
    });
    const whole = factsOf({ machines: [tellingOf('a', 'false', 'ok'), tellingOf('b', 'false', 'ok')] });
    expect(say(whole)).toEqual({
      verdict: 'One setting was read as written, on 2 of 2 machines.',
      limit: null,
    });
  });

  it('counts only what was read as written: not what is not set, and not what nobody knows the looks of', () => {
    const reported = [
      { setting: 'A', parsed: 'other' as const, looks: 'ok' as const },
      { setting: 'B', parsed: 'unset' as const, looks: 'ok' as const },
      { setting: 'C', parsed: 'other' as const, looks: 'unknown' as const },
    ];
    expect(
      say(factsOf({ machines: [machineOf('a', { reported }), machineOf('b', { reported })] })).verdict,
    ).toBe('One setting was read as written, on 2 of 2 machines.');
  });

  it('a warning is no error, and skew of the machines stands in the second line', () => {
    const mixed = factsOf({ machines: [tellingOf('a', 'false', 'ok'), tellingOf('b', 'true', 'ok')] });
    const skew = fleetSkew([fleetMachine('a'), fleetMachine('b', { release: 'v1205' })], assumed, null);
    expect(say(mixed, skew)).toEqual({
      verdict: 'No setting was misread that we can see; one needs a look: SUSPEND_REDIS.',
      limit: '2 releases run: v1206 on a, v1205 on b. v1203 counts on 3 machines; 2 run.',
    });
  });
});
