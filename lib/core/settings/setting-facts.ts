import type { SettingLooks, SettingParsed, ValueClass } from './setting-words.ts';

/** How one process read one setting. */
export interface ReportedSetting {
  setting: string;
  parsed: SettingParsed;
  looks: SettingLooks;
}

/** What one machine does with Redis. Null where nothing tells. */
export interface RedisUse {
  /** Its own word: its switch as its process parsed it. */
  suspended: boolean | null;
  /** Its own word: whether its switch holds anything but a plain no. */
  asked: boolean | null;
  /** Commands by its own counter, without those of a fresh connection, over `ms` since its process began. */
  sent: { count: number; ms: number } | null;
  /** Log lines of the last 15 min that say it runs without Redis; null also while its process is younger. */
  suspendedLines: number | null;
}

/** One machine, as its platform and its process tell of it. */
export interface MachineSettings {
  name: string;
  /** Null for one that answers. Else why its own word is missing, in a few words: `it does not answer`. */
  silent: string | null;
  /** Null where its process tells of no setting. */
  reported: readonly ReportedSetting[] | null;
  /** Plain settings at its platform, by the class of their values; null where nothing tells. */
  env: readonly { name: string; value: ValueClass }[] | null;
  redis: RedisUse;
}

/** A secret at the platform. Its digest tells whether it changed, never what it is. */
export interface SecretFact {
  name: string;
  digest: string | null;
  updatedMs: number | null;
  status: 'deployed' | 'staged' | 'partial' | 'unknown';
  /** Machines that began before it was set; empty where none did, or nobody can tell. */
  waiting: readonly string[];
}

/** What the summary of a deploy says that a setting was set to. */
export interface RecordFact {
  setting: string;
  value: ValueClass | 'unset';
  release: string;
  href: string;
  atMs: number;
}

/** All that settings are judged by: one scope at one time. */
export interface SettingsFacts {
  machines: readonly MachineSettings[];
  /** Null where no platform tells of secrets. */
  secrets: readonly SecretFact[] | null;
  /** Of the latest deploys, newest first. */
  records: readonly RecordFact[];
  /** What the config says that Redis should be; null where it says nothing. */
  expected: 'suspended' | null;
  /** Name of the app at its platform, for commands to copy; null where none is known. */
  platformApp: string | null;
}
