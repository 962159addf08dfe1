import type { MachineSettings, RedisUse, SecretFact, SettingsFacts } from './setting-facts.ts';
import type { SettingLooks, SettingParsed } from './setting-words.ts';

// Facts for tests: two machines of `harbor` that use Redis, and nothing that is wrong.

export const NOW_MS = Date.UTC(2026, 3, 9, 20, 40);
const SET_MS = Date.UTC(2026, 3, 9, 17, 32);
export const NO_REDIS: RedisUse = { suspended: null, asked: null, sent: null, suspendedLines: null };

export function machineOf(name: string, over: Partial<MachineSettings> = {}): MachineSettings {
  return { name, silent: null, reported: null, env: null, redis: NO_REDIS, ...over };
}

/** A machine that tells how it read its switch. */
export function tellingOf(
  name: string,
  parsed: SettingParsed,
  looks: SettingLooks,
  redis: Partial<RedisUse> = {},
): MachineSettings {
  return machineOf(name, {
    reported: [{ setting: 'SUSPEND_REDIS', parsed, looks }],
    redis: { ...NO_REDIS, ...redis },
  });
}

export function secretOf(over: Partial<SecretFact> = {}): SecretFact {
  return {
    name: 'SUSPEND_REDIS',
    digest: 'fa61a13817d7',
    updatedMs: SET_MS,
    status: 'deployed',
    waiting: [],
    ...over,
  };
}

export function factsOf(over: Partial<SettingsFacts> = {}): SettingsFacts {
  return {
    machines: [machineOf('3d8dd7a1'), machineOf('9185e2bc')],
    secrets: null,
    records: [],
    expected: null,
    platformApp: 'harbor',
    ...over,
  };
}

/** What a deploy record says that the switch was set to. */
export function recordOf(value: SettingsFacts['records'][number]['value'], atMs = SET_MS) {
  return { setting: 'SUSPEND_REDIS', value, release: 'v1204', href: '/deploys/d1', atMs };
}
