import { DAY_MS } from '../time/range.ts';
import type { AlertRuleId } from './rules/rule.ts';

/** A planned stretch of time in which alerts are not told. They are evaluated all the same. */
export interface Maintenance {
  /** Unguessable. */
  id: string;
  startMs: number;
  endMs: number;
  /** Why, in a few words. */
  reason: string;
  /** Only alerts of these rules; all where it is empty. */
  rules: readonly AlertRuleId[];
  /** Who planned it; null where people are not told apart. */
  by: string | null;
  createdMs: number;
}

export interface MaintenanceView extends Maintenance {
  isRunning: boolean;
}

/** Windows of one app that run or are to come, at most. */
export const MOST_MAINTENANCE = 50;
export const LONGEST_MAINTENANCE_MS = 7 * DAY_MS;
export const LONGEST_MAINTENANCE_REASON = 200;

/** Why a window cannot be planned at `nowMs`, one sentence for whoever asked; null when it can. */
export function maintenanceFault(
  { startMs, endMs }: Pick<Maintenance, 'startMs' | 'endMs'>,
  planned: readonly Maintenance[],
  nowMs: number,
): string | null {
  if (endMs <= startMs) return 'The window ends before it begins.';
  if (endMs <= nowMs) return 'The window is over already.';
  if (endMs - startMs > LONGEST_MAINTENANCE_MS) return 'A window lasts at most 7 days.';
  if (startMs > nowMs + 366 * DAY_MS) return 'A window begins within a year.';
  if (notOver(planned, nowMs).length >= MOST_MAINTENANCE)
    return `There are ${MOST_MAINTENANCE} windows: end one first.`;
  return null;
}

/** Windows that run or are to come. */
export function notOver(windows: readonly Maintenance[], nowMs: number): readonly Maintenance[] {
  return windows.filter(({ endMs }) => endMs > nowMs);
}

/** The window that keeps alerts of a rule from being told, the one that lasts longest; null when none runs. */
export function maintenanceOf(
  windows: readonly Maintenance[],
  rule: AlertRuleId,
  nowMs: number,
): Maintenance | null {
  const running = windows.filter(
    ({ startMs, endMs, rules }) =>
      startMs <= nowMs && nowMs < endMs && (rules.length === 0 || rules.includes(rule)),
  );
  return running.reduce<Maintenance | null>(
    (longest, one) => (longest === null || one.endMs > longest.endMs ? one : longest),
    null,
  );
}

/** Windows that run or are to come, the one that begins first at the top. */
export function toMaintenanceViews(windows: readonly Maintenance[], nowMs: number): MaintenanceView[] {
  return [...notOver(windows, nowMs)]
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
    .map((one) => ({ ...one, isRunning: one.startMs <= nowMs }));
}
