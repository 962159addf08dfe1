import { INCIDENT_LIMITS, type Incident, type IncidentEntry } from '../model/incident.ts';

/** Of the entries that an incident may hold so many are left to people. */
const KEPT_FOR_PEOPLE = 200;

/** What was found, before it is written down. */
export type FoundEntry = Omit<IncidentEntry, 'writtenMs' | 'hidden'>;

/**
 * The incident with the entries that it does not have yet; the same object where there is none. An entry that is there
 * stays as it is, whatever is said of it now. What does not fit any more is left out, the latest first.
 */
export function addFound(incident: Incident, found: readonly FoundEntry[], nowMs: number): Incident {
  const known = new Set(incident.entries.map(({ id }) => id));
  const fresh: IncidentEntry[] = [];
  const room = INCIDENT_LIMITS.entries - KEPT_FOR_PEOPLE - incident.entries.length;
  for (const entry of [...found].sort((a, b) => a.atMs - b.atMs)) {
    if (fresh.length >= room) break;
    if (known.has(entry.id)) continue;
    known.add(entry.id);
    fresh.push({ ...entry, writtenMs: nowMs, hidden: null });
  }
  return fresh.length === 0
    ? incident
    : { ...incident, entries: orderEntries([...incident.entries, ...fresh]) };
}

/**
 * In order of when it happened, then of when it was written down; of one instant first what was seen, then what people
 * did, as it came.
 */
export function orderEntries(entries: readonly IncidentEntry[]): IncidentEntry[] {
  const isAct = ({ by }: IncidentEntry) => Number(by !== null);
  return [...entries].sort((a, b) => a.atMs - b.atMs || a.writtenMs - b.writtenMs || isAct(a) - isAct(b));
}
