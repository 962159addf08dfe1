import type { StageState, SuspensionView } from '@/lib/core/model/suspension.ts';
import { nameList } from '@/lib/core/modes/words.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { formatClock, formatStamp } from '@/lib/core/units/clock.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { MODE_WORDS, type StateWords } from './words.ts';

/** How each state of a stage is shown. */
export const STAGE_WORDS: Record<StageState, StateWords> = {
  waiting: { glyph: 'idle', word: 'Waiting' },
  running: { glyph: 'track', word: 'Running' },
  passed: { glyph: 'good', word: 'Passed' },
  failed: { glyph: 'bad', word: 'Failed' },
  blocked: { glyph: 'unknown', word: 'Can’t tell' },
};

/** Shape and word of the banner. */
export function suspensionWords({ mode }: SuspensionView): StateWords {
  if (mode === 'active') return { glyph: 'runs', word: 'Returning' };
  const { glyph, word } = MODE_WORDS[mode];
  return { glyph, word };
}

interface When {
  nowMs: number;
  zone: Zone;
}

/** The day is written where the clock alone could be taken for that of today. */
export function whenText(atMs: number, { nowMs, zone }: When): string {
  const isNear = Math.abs(atMs - nowMs) < DAY_MS / 2;
  return isNear ? formatClock(atMs, 'minutes', zone) : formatStamp(atMs, 'minutes', zone);
}

/** What is the case, since when, by which deploy and until when: one line. */
export function suspensionLine(suspension: SuspensionView, when: When): string {
  const { mode, machines } = suspension;
  const since = sinceText(suspension, when);
  const until = untilText(suspension, when);
  switch (mode) {
    case 'suspended_by_us':
      return `Redis is suspended on purpose${since}${until}`;
    case 'suspended_by_provider':
      return `Redis is suspended by its provider${since}`;
    case 'quota_exhausted':
      return `The Redis quota is used up${since}: commands are refused`;
    case 'mixed': {
      const off = machines.filter((machine) => machine.mode === 'suspended_by_us').map(({ name }) => name);
      const on = machines.filter((machine) => machine.mode === 'active').length;
      return `Redis is used by ${on} of ${machines.length} machines, and suspended on ${nameList(off)}${since}${until}`;
    }
    default:
      return `Redis is used again on all machines${returnText(suspension, when)}`;
  }
}

function sinceText({ sinceMs, sinceIsFirstLook, by, mode }: SuspensionView, when: When): string {
  const isOurs = mode === 'suspended_by_us' || mode === 'mixed';
  const who = !isOurs ? '' : by === null ? ', nobody told by which deploy' : ` by ${by.release}`;
  if (sinceMs === null) return `, nobody knows since when${who}`;
  return `${sinceIsFirstLook ? ' at least' : ''} since ${whenText(sinceMs, when)}${who}`;
}

function untilText({ until }: SuspensionView, when: When): string {
  if (until === null) return '';
  const at = whenText(until.atMs, when);
  if (until.atMs < when.nowMs) {
    return until.why === 'planned'
      ? `; its review was due at ${at}`
      : `; longer than expected, which was until ${at}`;
  }
  return until.why === 'planned' ? `, until ${at}` : `, expected until ${at}`;
}

function returnText({ stages }: SuspensionView, when: When): string {
  const day = stages.find(({ id }) => id === 'day');
  if (day?.startedMs == null || day.dueMs === null) return '';
  const since = ` since ${whenText(day.startedMs, when)}`;
  return day.state === 'running' ? `${since}; watched until ${whenText(day.dueMs, when)}` : since;
}
