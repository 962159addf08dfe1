import { DAY_MS, MINUTE_MS } from '../time/range.ts';
import type { AlertEntry } from './alert-book.ts';
import type { AlertFacts } from './facts.ts';
import { missingSource } from './inhibit.ts';
import type { Seen } from './look.ts';
import type { AlertFinding, AlertRuleId } from './rules/rule.ts';
import type { AlertSettings } from './settings.ts';
import { type AlertTrack, levelsOf, newTrack, stepAlert } from './step-alert.ts';

/** After a longer pause than this between two looks nothing is known of the time between them. */
const LONGEST_PAUSE_MS = MINUTE_MS;
/** A subject that comes and goes, such as a machine that starts anew, is not another one each time. */
const ABSENT_MS = 5 * MINUTE_MS;

/** An alert after its rule spoke of it. */
export function stepEntry(
  known: AlertEntry | null,
  { id, rule, finding }: Seen,
  facts: AlertFacts,
): AlertEntry {
  const { value, levels, kind, title, detail, source, means } = finding;
  const { nowMs } = facts;
  const track = stepAlert(
    known === null ? newTrack(nowMs) : rested(known.track, nowMs),
    value,
    levels,
    nowMs,
  );
  const isSeen = value !== null && value >= levels.clear;
  const words =
    known === null || (isSeen && track.state !== 'resolved')
      ? { kind, title, detail, source, means }
      : wordsOf(known);
  const isNew = known?.track.state === 'resolved' && track.state === 'pending';
  return {
    id,
    rule,
    ...words,
    inhibitedBy: track.state === 'inactive' ? null : heldBy(known, rule, finding, facts),
    release: releaseOf(known, track, finding, facts),
    track,
    acknowledged: isNew ? null : (known?.acknowledged ?? null),
    toldMs: known?.toldMs ?? null,
    absentMs: null,
  };
}

function wordsOf({
  kind,
  title,
  detail,
  source,
  means,
}: AlertEntry): Pick<AlertEntry, 'kind' | 'title' | 'detail' | 'source' | 'means'> {
  return { kind, title, detail, source, means };
}

/** A reason that held is not over because nothing is known now. */
function heldBy(
  known: AlertEntry | null,
  rule: AlertRuleId,
  { value, subject, inhibitedBy }: AlertFinding,
  facts: AlertFacts,
): string | null {
  const now = inhibitedBy ?? missingSource(rule, subject, facts);
  return now ?? (value === null ? (known?.inhibitedBy ?? null) : null);
}

/** The rule's own word, else the latest deploy of the day before it fired; it stays for the life of the alert. */
function releaseOf(
  known: AlertEntry | null,
  { state, fired }: AlertTrack,
  { release }: AlertFinding,
  facts: AlertFacts,
): string | null {
  switch (state) {
    case 'inactive':
      return null;
    case 'pending':
      return release ?? deployBefore(facts.nowMs, facts);
    case 'firing':
    case 'recovering':
    case 'resolved':
      if (known !== null && known.release !== null) return known.release;
      return release ?? deployBefore(fired?.atMs ?? facts.nowMs, facts);
    default:
      return state satisfies never;
  }
}

function deployBefore(atMs: number, { deploy }: AlertFacts): string | null {
  const isNear = deploy !== null && deploy.startMs <= atMs && atMs - deploy.startMs < DAY_MS;
  return isNear ? deploy.release : null;
}

/** Nothing is known of it now. */
export function unknownEntry(known: AlertEntry, nowMs: number): AlertEntry {
  const track = stepAlert(rested(known.track, nowMs), null, levelsOf(1), nowMs);
  return { ...known, track, absentMs: null };
}

/** Its rule speaks of it no more: a source taken out of the config, a watch that is over. Null once that is for good. */
export function absentEntry(
  known: AlertEntry,
  { off }: Pick<AlertSettings, 'off'>,
  nowMs: number,
): AlertEntry | null {
  if (off.includes(known.rule)) return null;
  const wasAway = known.track.atMs !== null && nowMs - known.track.atMs > LONGEST_PAUSE_MS;
  const absentMs = wasAway ? nowMs : (known.absentMs ?? nowMs);
  const isOver = nowMs - absentMs >= ABSENT_MS && known.track.state !== 'resolved';
  return isOver ? null : { ...unknownEntry(known, nowMs), absentMs };
}

/** Time in which we did not look is time in which nothing was known: no hold and no clearing runs through it. */
function rested(track: AlertTrack, nowMs: number): AlertTrack {
  if (track.atMs === null || nowMs - track.atMs <= LONGEST_PAUSE_MS) return track;
  return { ...track, atMs: nowMs - 1, hits: 0, hitSinceMs: null };
}
