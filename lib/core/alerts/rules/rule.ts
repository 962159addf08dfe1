import type { AlertKind } from '../../model/alert.ts';
import type { RedisMode } from '../../model/redis-mode.ts';
import type { AlertFacts, ModeFact } from '../facts.ts';
import type { AlertSettings } from '../settings.ts';
import { type AlertLevels, levelsOf } from '../step-alert.ts';

/** Closed set. */
export const ALERT_RULES = [
  'redis_suspended',
  'redis_suspended_long',
  'redis_not_suspended',
  'redis_mixed',
  'source_down',
  'observer_paused',
  'http_429',
] as const;
export type AlertRuleId = (typeof ALERT_RULES)[number];

/** What alerts are grouped by where they are tied to no deploy. */
export const ALERT_GROUPS = ['Redis', 'Responses', 'Sources'] as const;
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
}

export interface AlertRule {
  id: AlertRuleId;
  group: AlertGroup;
  /** What it reads, for people. */
  reads: string;
  /** When it fires and when it is over, in words. */
  words: (settings: AlertSettings) => string;
  /** One finding for each subject that is watched, also for those of which nothing is known. */
  find: (facts: AlertFacts, settings: AlertSettings) => readonly AlertFinding[];
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
