import { HYPOTHESIS_NAMES, STATUS_NAMES } from '@/lib/core/incidents/status-names.ts';
import type { EntryFact, Hypothesis, IncidentStatus } from '@/lib/core/model/incident.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { formatClock, formatDate } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import type { GlyphName } from '../ui/glyph.tsx';
import { CLAIM_WORDS, MARK_GLYPHS } from './watch-words.ts';
import { ALERT_WORDS, MODE_WORDS, type StateWords } from './words.ts';

/** How each status of an incident is shown. */
export const STATUS_WORDS: Record<IncidentStatus, StateWords> = {
  investigating: { glyph: 'alarm', word: STATUS_NAMES.investigating },
  identified: { glyph: 'warn', word: STATUS_NAMES.identified },
  monitoring: { glyph: 'recovering', word: STATUS_NAMES.monitoring },
  resolved: { glyph: 'good', word: STATUS_NAMES.resolved },
};

/** How each state of a hypothesis is shown. */
export const HYPOTHESIS_WORDS: Record<Hypothesis['state'], StateWords> = {
  confirmed: { glyph: 'good', word: HYPOTHESIS_NAMES.confirmed },
  open: { glyph: 'undecided', word: HYPOTHESIS_NAMES.open },
  refuted: { glyph: 'bad', word: HYPOTHESIS_NAMES.refuted },
};

/** The shape that a line of the timeline is told by. */
export function entryGlyph(fact: EntryFact): GlyphName {
  switch (fact.kind) {
    case 'deploy':
      return MARK_GLYPHS[fact.mark];
    case 'mode':
      return MODE_WORDS[fact.mode].glyph;
    case 'alert':
      return ALERT_WORDS[fact.state].glyph;
    case 'verdict':
      return CLAIM_WORDS[fact.state].glyph;
    case 'status':
      return STATUS_WORDS[fact.status].glyph;
    case 'hypothesis':
      return HYPOTHESIS_WORDS[fact.state].glyph;
    case 'action':
      return fact.done ? 'good_outline' : 'idle';
    case 'note':
    case 'share':
    case 'merge':
      return 'mark_outline';
    default:
      return fact satisfies never;
  }
}

/** Year of an instant as it is written in UTC: the year of another zone differs on one night only. */
const yearOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 4);

/** The days that a timeline lies on: `9 Apr 2026, UTC`, `9 Apr – 10 Apr 2026, UTC`. */
export function daysText({ startMs, endMs }: TimeRange, zone: Zone): string {
  const [first, last] = [formatDate(startMs, zone), formatDate(endMs, zone)];
  const days = first === last ? first : `${first} – ${last}`;
  return `${days} ${yearOf(endMs)}, ${zone}`;
}

/** When it was: `9 Apr 17:54Z – 20:40Z, 2 h 46 m`; one that lasts `since 9 Apr 17:54Z, 2 h 46 m so far`. */
export function spanText(
  { startMs, endMs }: { startMs: number; endMs: number | null },
  nowMs: number,
  zone: Zone,
): string {
  const from = `${formatDate(startMs, zone)} ${formatClock(startMs, 'minutes', zone)}`;
  const lasted = formatDuration(Math.max(0, (endMs ?? nowMs) - startMs));
  if (endMs === null) return `since ${from}, ${lasted} so far`;
  const day = formatDate(endMs, zone);
  const to = formatClock(endMs, 'minutes', zone);
  return `${from} – ${day === formatDate(startMs, zone) ? to : `${day} ${to}`}, ${lasted}`;
}
