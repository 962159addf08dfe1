import { alignDown, DAY_MS, type TimeRange } from '../time/range.ts';
import { type AlertBook, EMPTY_ALERTS, stepLook } from './alert-book.ts';
import type { BacktestFiring, BacktestView } from './alerts-view.ts';
import type { AlertFacts } from './facts.ts';
import { lookAround } from './look.ts';
import { ALERT_RULES, type AlertRuleId } from './rules/rule.ts';
import type { AlertSettings } from './settings.ts';

/** One look of a walk. */
export interface WalkedLook {
  atMs: number;
  book: AlertBook;
  /** Whether the rule knew a value of anything. */
  isKnown: boolean;
  /** Whether any alert stands elsewhere than before, or is known where it was not. */
  isChange: boolean;
}

/** A rule that is walked through the past, look by look, by the same book that keeps the alerts of now. */
export class FiringWalk {
  #book: AlertBook = EMPTY_ALERTS;
  readonly #firings: BacktestFiring[] = [];
  /** By alert: where in the list its firing stands that is not over. */
  readonly #open = new Map<string, number>();
  readonly #knownDays = new Set<number>();
  readonly #settings: AlertSettings;

  /** A rule that is switched off is walked all the same. */
  constructor(rule: AlertRuleId, settings: AlertSettings) {
    this.#settings = { ...settings, off: ALERT_RULES.filter((other) => other !== rule) };
  }

  /** What a look at these facts would come to; nothing is kept of it before `accept`. Times must rise. */
  look(facts: AlertFacts): WalkedLook {
    const look = lookAround(facts, this.#settings);
    const book = stepLook(this.#book, look, facts, this.#settings);
    return {
      atMs: facts.nowMs,
      book,
      isKnown: look.seen.some(({ finding }) => finding.value !== null),
      isChange: statesOf(book) !== statesOf(this.#book),
    };
  }

  accept({ atMs, book, isKnown }: WalkedLook): void {
    if (isKnown) this.#knownDays.add(alignDown(atMs, DAY_MS));
    for (const event of book.events) this.#note(event, book);
    // What is noted is not kept: a walk of weeks has more events than a book holds.
    this.#book = { ...book, events: [], notices: [] };
  }

  #note({ id, title, atMs, what }: AlertBook['events'][number], { entries }: AlertBook): void {
    const place = this.#open.get(id);
    if (what === 'firing' && place === undefined) {
      this.#open.set(id, this.#firings.length);
      const inhibitedBy = entries[id]?.inhibitedBy ?? null;
      this.#firings.push({ alertId: id, title, startMs: atMs, endMs: null, inhibitedBy });
    }
    const firing = place === undefined ? undefined : this.#firings[place];
    if ((what !== 'resolved' && what !== 'retired') || firing === undefined) return;
    firing.endMs = atMs;
    this.#open.delete(id);
  }

  /** Every firing so far, oldest first. */
  get firings(): readonly BacktestFiring[] {
    return this.#firings;
  }

  /** Days of a range in UTC: how often it fired, and whether anything was known at any look. */
  daysOf({ startMs, endMs }: TimeRange): BacktestView['days'] {
    const days: { startMs: number; firings: number; isKnown: boolean }[] = [];
    for (let dayMs = alignDown(startMs, DAY_MS); dayMs < endMs; dayMs += DAY_MS) {
      const firings = this.#firings.filter((one) => alignDown(one.startMs, DAY_MS) === dayMs).length;
      days.push({ startMs: dayMs, firings, isKnown: this.#knownDays.has(dayMs) });
    }
    return days;
  }
}

/** Where each alert stands, whether its value is known, and whether it has begun to clear. */
function statesOf({ entries }: AlertBook): string {
  return Object.values(entries)
    .map(({ id, track: { state, seen, atMs, clearForMs } }) =>
      [id, state, seen?.atMs === atMs, clearForMs > 0].join(' '),
    )
    .sort()
    .join('\n');
}
