import type { IncidentEntry } from '../model/incident.ts';
import type { TimeRange } from '../time/range.ts';
import { isIn } from './incident-facts.ts';

/**
 * Entries without what the product saw outside the range: an incident whose times were changed later keeps such, and they
 * are no part of it. What people did stays, whenever it was.
 */
export function entriesIn(entries: readonly IncidentEntry[], range: TimeRange): IncidentEntry[] {
  return entries.filter(({ atMs, fact }) => isAct(fact.kind) || isIn(atMs, range));
}

function isAct(kind: IncidentEntry['fact']['kind']): boolean {
  switch (kind) {
    case 'deploy':
    case 'mode':
    case 'alert':
    case 'verdict':
      return false;
    case 'status':
    case 'note':
    case 'hypothesis':
    case 'action':
    case 'share':
    case 'merge':
      return true;
    default:
      return kind satisfies never;
  }
}
