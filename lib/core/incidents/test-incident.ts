import type { Incident } from '../model/incident.ts';
import { HOUR_MS } from '../time/range.ts';
import type { IncidentFacts } from './incident-facts.ts';

// An incident and facts for tests.

export const AT = Date.UTC(2026, 3, 9, 18, 0);

export const NO_FACTS: IncidentFacts = {
  ...{ deploys: [], modes: [], vain: [], alerts: [], alertDetails: {}, watches: [] },
};

export function incidentOf(over: Partial<Incident> = {}): Incident {
  return {
    ...{ id: '20260409T200000-abcdefghjkmn', app: 'harbor', environment: 'production' },
    ...{ title: 'Redis GETs did not fall', cause: null, status: 'investigating' },
    ...{ startMs: AT, endMs: null, openedMs: AT + 2 * HOUR_MS, openedBy: 'Ada' },
    ...{ origin: { kind: 'hand', ref: null }, deployId: null },
    ...{ entries: [], hypotheses: [], actions: [], mergedInto: null, merged: [] },
    ...over,
  };
}
