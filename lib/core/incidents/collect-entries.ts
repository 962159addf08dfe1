import type { TimeRange } from '../time/range.ts';
import type { FoundEntry } from './add-entries.ts';
import { alertEntries } from './alert-entries.ts';
import { deployEntries } from './deploy-entries.ts';
import type { IncidentFacts } from './incident-facts.ts';
import { modeEntries } from './mode-entries.ts';
import { verdictEntries } from './verdict-entries.ts';

/**
 * What the product saw inside the range, as entries of a timeline, oldest first. The same facts give the same entries
 * under the same ids, and facts that are added later only add entries. `known`: entries that are written already.
 */
export function collectEntries(
  facts: IncidentFacts,
  range: TimeRange,
  known: readonly Pick<FoundEntry, 'id' | 'atMs'>[] = [],
): FoundEntry[] {
  return [
    ...deployEntries(facts.deploys, range, known),
    ...modeEntries(facts.modes, facts.vain, range, known),
    ...alertEntries(facts.alerts, facts.alertDetails, range),
    ...facts.watches.flatMap((watch) => verdictEntries(watch, range)),
  ].sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
}
