import type { AlertKind, AlertSeverity, RunbookStep } from '../../model/alert.ts';
import type { RedisMode } from '../../model/redis-mode.ts';
import type { Scope } from '../../model/target.ts';
import type { AlertFacts, ModeFact } from '../facts.ts';
import type { AlertSettings } from '../settings.ts';
import { type AlertLevels, levelsOf } from '../step-alert.ts';

/** Closed set. */
export const ALERT_RULES = [
  'redis_suspended',
  'redis_suspended_long',
  'redis_not_suspended',
  'redis_mixed',
  'redis_billed',
  'redis_unaccounted',
  'http_429',
  'server_errors',
  'regression',
  'relapse',
  'plateau',
  'stall',
  'drift',
  'limiter_open',
  'breaker_open',
  'machine_unhealthy',
  'restart_storm',
  'version_skew',
  'quota',
  'cost',
  'plan_cheaper',
  'pool',
  'never_asleep',
  'source_down',
  'observer_paused',
] as const;
export type AlertRuleId = (typeof ALERT_RULES)[number];

/** What alerts are grouped by where they are tied to no deploy. */
export const ALERT_GROUPS = ['Redis', 'Responses', 'Deploys', 'Machines', 'Limits', 'Sources'] as const;
export type AlertGroup = (typeof ALERT_GROUPS)[number];

/** What a rule says of one subject at one time. */
export interface AlertFinding {
  /** What it is about within its rule: a source's id; empty for the whole app. */
  subject: string;
  /** Null: not known now. */
  value: number | null;
  levels: AlertLevels;
  kind: AlertKind;
  title: string;
  detail: string | null;
  /** Where it was seen, in words; null when it is about everything. */
  source: string | null;
  /** Why it is held back, in words; null when it is not. */
  inhibitedBy: string | null;
  /** What it means for the team, in pairs: `Rate limits` → `up to 2× what you set`. Empty when nothing is to be added. */
  means: readonly { what: string; text: string }[];
  /** The deploy that it comes from, where the rule itself knows; null: the latest one that may be concerned is named. */
  release: string | null;
}

/** Charts that show what rules look at. `source`: what the source itself tells. */
export const ALERT_CHARTS = [
  'responses_429',
  'responses_5xx',
  'responses',
  'redis_gets',
  'redis_by_machine',
  'db_queries',
  'db_connections',
  'latency_p95',
  'limiter',
  'breaker',
  'restarts',
  'quota_used',
  'source',
] as const;
export type AlertChartName = (typeof ALERT_CHARTS)[number];

/** What commands of a runbook may be filled in with. */
export interface RunbookPlace {
  scope: Scope;
  /** Subject of the alert: a source's id, a series, a machine. */
  subject: string;
  /** Name of the app at Fly; null where it is not on Fly: then commands for Fly are left out. */
  flyApp: string | null;
}

export interface AlertRule {
  id: AlertRuleId;
  group: AlertGroup;
  severity: AlertSeverity;
  /** What it reads, for people. */
  reads: string;
  /** When it fires and when it is over, in words. */
  words: (settings: AlertSettings) => string;
  /** One finding for each subject that is watched, also for those of which nothing is known. */
  find: (facts: AlertFacts, settings: AlertSettings) => readonly AlertFinding[];
  /** What to do next, in order; the first step is the one to take first. */
  runbook: (place: RunbookPlace) => readonly RunbookStep[];
  /** The chart that shows what it looks at; null where none does. */
  chart: (subject: string) => AlertChartName | null;
}

/** What all rules have in common, in words. */
export const COMMON_WORDS =
  'It must be seen at two looks in a row, 15 s apart, and is over after 15 min. Missing data never clears it.';

/** A state that holds (1) or does not (0). */
export const STATE_LEVELS = levelsOf(1);

/** A finding about the whole app; what is left out says that nothing special is to be told. */
export function findingOf(over: Partial<AlertFinding> & Pick<AlertFinding, 'value' | 'title'>): AlertFinding {
  return {
    subject: '',
    levels: STATE_LEVELS,
    kind: 'rule',
    detail: null,
    source: null,
    inhibitedBy: null,
    means: [],
    release: null,
    ...over,
  };
}

/** 1 while `holds`; 0 only when the mode is known and no machine is silent; else null. */
export function modeValue(mode: ModeFact | null, holds: (mode: RedisMode) => boolean): number | null {
  if (mode === null || mode.mode === 'unknown' || mode.mode === 'unreachable') return null;
  if (holds(mode.mode)) return 1;
  return mode.isPartial ? null : 0;
}

/** `3 of 5 machines say so` → `3 of 5 machines say so.`, with a capital. */
export function asSentence(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return `${trimmed[0]?.toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}
