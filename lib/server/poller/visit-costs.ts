import 'server-only';
import { ACT_FIELDS, type Acts, contactsOf, meanActs, NO_ACTS } from '@/lib/core/budget/acts.ts';
import type { ObserverAct } from '../collectors/collector.ts';

/** Visits that a projection is made from: an hour of most sources, so that what is asked seldom has its share. */
const KEPT_VISITS = 60;
/** Fewer say little of what a visit costs. */
const ENOUGH_VISITS = 3;

/** What the latest visits to one target have cost. The very first is dearer than others and counts only while alone. */
export class VisitCosts {
  #first: Acts | null = null;
  #latest: Acts[] = [];
  #open: Acts | null = null;

  begin(): void {
    this.#open = { ...NO_ACTS };
  }

  /** Something was sent. Outside of a visit it is none of its cost. */
  count(act: ObserverAct, times: number): void {
    if (this.#open !== null) this.#open[ACT_FIELDS[act]] += times;
  }

  end(): void {
    const cost = this.#open;
    this.#open = null;
    if (cost === null) return;
    if (this.#first === null) this.#first = cost;
    else this.#latest = [...this.#latest.slice(1 - KEPT_VISITS), cost];
  }

  /** Mean of a visit; null before the first. */
  perVisit(): Acts | null {
    return meanActs(this.#latest) ?? this.#first;
  }

  /** Contacts of a visit for planning: 1, as it should be, until enough were seen. */
  contactsPerVisit(): number {
    const mean = this.#latest.length < ENOUGH_VISITS ? null : meanActs(this.#latest);
    return mean === null ? 1 : Math.max(1, contactsOf(mean));
  }
}
