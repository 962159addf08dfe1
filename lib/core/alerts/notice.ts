import type { AlertKind, AlertSeverity } from '../model/alert.ts';
import type { AlertRuleId } from './rules/rule.ts';

/** What others are told of an alert. */
export const ALERT_NOTICES = ['firing', 'acknowledged', 'resolved'] as const;
export type AlertNoticeKind = (typeof ALERT_NOTICES)[number];

/**
 * Something to tell of an alert: once when it fires (or when nothing holds it back any more), once when somebody takes it up,
 * once when it is resolved, the last two only where the first was told.
 */
export interface AlertNotice {
  /** Counts up by one in each scope, from 1, for ever. */
  n: number;
  atMs: number;
  what: AlertNoticeKind;
  alertId: string;
  /** When this firing began: with the alert's id, the name of the incident. */
  firedAtMs: number;
  rule: AlertRuleId;
  kind: AlertKind;
  severity: AlertSeverity;
  title: string;
  detail: string | null;
  source: string | null;
  release: string | null;
  means: readonly { what: string; text: string }[];
  /** Who took it up; null for everything else. */
  by: string | null;
}
