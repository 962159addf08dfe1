import { MINUTE_MS } from '../time/range.ts';
import { formatStamp } from '../units/clock.ts';
import type {
  MachineSettings,
  RecordFact,
  ReportedSetting,
  SecretFact,
  SettingsFacts,
} from './setting-facts.ts';
import { isRedisSwitch, type ValueClass } from './setting-words.ts';

/** The switch of an app that tells its Redis mode and no name for it. */
export const UNNAMED_SWITCH = 'Redis switch';

/** One setting with all that is known of it: what each check is given. */
export interface SettingCase {
  setting: string;
  isSwitch: boolean;
  /** True where something shows that it is meant to be true or false. */
  isFlag: boolean;
  secret: SecretFact | null;
  /** What a deploy last said of it, unless it was changed since; null where none does. */
  record: RecordFact | null;
  machines: readonly MachineCase[];
  platformApp: string | null;
}

/** One machine's side of it. */
export interface MachineCase {
  machine: MachineSettings;
  reported: ReportedSetting | null;
  env: ValueClass | null;
  /** Redis switch only: what the process does with it by its own word, whichever way it tells. */
  suspended: boolean | null;
  /** True where its process says that it holds a plain no. */
  isPlainNo: boolean;
  /** Who asks this machine to suspend Redis, in words; empty for other settings and where nobody does. */
  asks: readonly string[];
}

/** A secret that was changed so long after a deploy was told is a change of its own. */
const SUPERSEDED_MS = 15 * MINUTE_MS;

/** Everything about one setting. */
export function toCase(facts: SettingsFacts, setting: string): SettingCase {
  const isSwitch = setting === UNNAMED_SWITCH || isRedisSwitch(setting);
  const secret = facts.secrets?.find(({ name }) => name === setting) ?? null;
  const told = facts.records.find((one) => one.setting === setting) ?? null;
  const isOld = told !== null && (secret?.updatedMs ?? Number.NEGATIVE_INFINITY) > told.atMs + SUPERSEDED_MS;
  const record = isOld ? null : told;
  const machines = facts.machines.map((machine): MachineCase => {
    const reported = machine.reported?.find((one) => one.setting === setting) ?? null;
    const env = machine.env?.find(({ name }) => name === setting)?.value ?? null;
    const suspended = isSwitch ? suspendedOf(machine, reported) : null;
    return {
      machine,
      reported,
      env,
      suspended,
      isPlainNo: isPlainNo(reported, isSwitch ? machine.redis.asked : null),
      asks: isSwitch ? asksOf(facts.expected, record, secret === null ? env : null, machine) : [],
    };
  });
  return {
    setting,
    isSwitch,
    isFlag:
      isSwitch ||
      machines.some(({ reported, env }) => isFlagWord(reported?.parsed) || isFlagWord(env)) ||
      isFlagWord(record?.value),
    secret,
    record,
    machines,
    platformApp: facts.platformApp,
  };
}

function suspendedOf({ redis }: MachineSettings, reported: ReportedSetting | null): boolean | null {
  if (redis.suspended !== null) return redis.suspended;
  if (reported?.parsed === 'true') return true;
  return reported?.parsed === 'false' ? false : null;
}

function isPlainNo(reported: ReportedSetting | null, asked: boolean | null): boolean {
  if (reported !== null && (reported.looks === 'ok' || reported.looks === 'empty')) {
    return reported.parsed === 'false' || reported.parsed === 'unset';
  }
  return reported === null && asked === false;
}

/** An `env` that a secret of the same name hides asks for nothing. */
function asksOf(
  expected: SettingsFacts['expected'],
  record: RecordFact | null,
  env: ValueClass | null,
  { redis }: MachineSettings,
): string[] {
  const asks: string[] = [];
  if (expected === 'suspended') asks.push('afterwatch.yml expects Redis to be suspended');
  if (record !== null && isYes(record.value)) {
    asks.push(`${record.release} set it to ${valueWords(record.value)} at ${formatStamp(record.atMs)}`);
  }
  if (env !== null && isYes(env)) asks.push(`its [env] holds ${valueWords(env)}`);
  if (redis.asked === true) asks.push('its own setting holds more than a plain no');
  return asks;
}

/** A wish: anything but a plain no. */
function isYes(value: ValueClass | 'unset'): boolean {
  return value === 'true' || value === 'digest' || value === 'other';
}

function isFlagWord(word: string | null | undefined): boolean {
  return word === 'true' || word === 'false' || word === 'invalid';
}

/** A class of value as it stands in a sentence; the value itself is never shown. */
export function valueWords(value: ValueClass | 'unset'): string {
  switch (value) {
    case 'true':
    case 'false':
      return value;
    case 'digest':
      return 'what looks like a digest';
    case 'empty':
      return 'an empty text';
    case 'other':
      return 'another value';
    case 'unset':
      return 'nothing';
    default:
      return value satisfies never;
  }
}
