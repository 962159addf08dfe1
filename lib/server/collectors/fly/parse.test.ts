import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exitReason } from './exits.ts';
import { machineNotices, machineSamples, readMachines } from './machines.ts';
import { organizationOf, readReleases } from './releases.ts';
import { graphqlSchema, machinesSchema, secretsSchema } from './schema.ts';
import { readSecrets } from './secrets.ts';

function recorded(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8'));
}
const raw = machinesSchema.parse(recorded('machines'));

describe('recorded answers', () => {
  test('machines give exact samples', () => {
    const machines = readMachines(raw);
    expect(
      machineSamples(machines).map(({ metric, labels, value }) =>
        [metric, ...Object.values(labels), value].join(' '),
      ),
    ).toEqual([
      'fly_machines created 0',
      'fly_machines started 2',
      'fly_machines stopped 0',
      'fly_machines suspended 0',
      'fly_machines failed 0',
      'fly_machines changing 1',
      'fly_machines unknown 0',
      'fly_machine_parked 148e21ea1d9589 0',
      'fly_machine_up 148e21ea1d9589 1',
      'fly_machine_cordoned 148e21ea1d9589 0',
      'fly_machine_health_ok 148e21ea1d9589 1',
      'fly_machine_info 148e21ea1d9589 ams app v42 4c1d5e0b9f0a 1',
      'fly_machine_parked 3d8d9925c47689 0',
      'fly_machine_info 3d8d9925c47689 lhr 1',
      'fly_machine_parked 90807060504030 0',
      'fly_machine_up 90807060504030 0',
      'fly_machine_info 90807060504030 ams 1',
    ]);
    expect(machineNotices(machines).map(({ code }) => code)).toEqual(['host_unreachable']);
  });

  test('of a plain setting its name and the class of its value stay, never the value; a silent host tells none', () => {
    expect(readMachines(raw).map(({ env }) => env)).toEqual([
      [
        { name: 'PORT', value: 'other' },
        { name: 'SUSPEND_REDIS', value: 'true' },
      ],
      null,
      expect.anything(),
    ]);
    const [first] = raw;
    if (first === undefined) throw new Error('the recording has no machine');
    const env = { SUSPEND_REDIS: 'fa61a13817d73a23', EMPTY: ' ', 'not a name': 'x', API_KEY: 'fake-9f8e7d' };
    const [machine] = readMachines([{ ...first, config: { ...first.config, env } }]);
    expect(machine?.env).toEqual([
      { name: 'SUSPEND_REDIS', value: 'digest' },
      { name: 'EMPTY', value: 'empty' },
      { name: 'API_KEY', value: 'other' },
    ]);
    expect(JSON.stringify(machine)).not.toMatch(/fa61a138|fake/);
  });

  test('an exit is told by its reason, wherever Fly puts it', () => {
    const exit = (exit_event: Record<string, number | boolean>) =>
      exitReason({ type: 'exit', timestamp: 1, request: { exit_event } });
    expect(raw[0]?.events?.map(exitReason)).toEqual([null, 'oom', null]);
    expect(exit({ exit_code: 1 })).toBe('crash');
    expect(exit({ exit_code: 0 })).toBe('clean');
    expect(exit({ exit_code: 143, requested_stop: true })).toBe('requested');
    expect(exit({})).toBe('unknown');
    expect(exitReason({ type: 'exit', timestamp: 1 })).toBe('unknown');
  });

  test('an app without machines is none, and wrong types are refused', () => {
    expect(readMachines(machinesSchema.parse(recorded('machines-empty')))).toEqual([]);
    expect(machinesSchema.safeParse(recorded('machines-broken')).success).toBe(false);
  });

  test('releases come newest first, with a word that nobody knows as unknown', () => {
    const app = graphqlSchema.parse(recorded('releases')).data?.app;
    if (!app) throw new Error('the recording has no app');
    expect(readReleases(app).map(({ version, status, createdMs }) => [version, status, createdMs])).toEqual([
      [43, 'unknown', Date.parse('2026-04-08T20:00:05Z')],
      [42, 'complete', Date.parse('2026-04-08T17:54:00Z')],
    ]);
    expect(organizationOf(app)).toBe('ada-lovelace');
  });

  test('a secret is staged, partial or deployed by the release that each machine runs', () => {
    const app = graphqlSchema.parse(recorded('releases')).data?.app ?? {};
    const releases = readReleases('releasesUnprocessed' in app ? app : {});
    const { secrets } = secretsSchema.parse(recorded('secrets'));
    const [machine] = readMachines(raw);
    if (machine === undefined) throw new Error('the recording has no machine');
    const on = (...versions: (string | null)[]) =>
      readSecrets(
        secrets,
        versions.map((release) => ({ ...machine, release })),
        releases,
      ).map(({ status }) => status);
    expect(on('v42')).toEqual(['deployed', 'staged']);
    expect(on('v42', 'v43')).toEqual(['deployed', 'partial']);
    expect(on('v43')).toEqual(['deployed', 'deployed']);
    expect(on('v42', null)).toEqual(['unknown', 'unknown']);
    expect(on()).toEqual(['unknown', 'unknown']);
  });
});
