import 'server-only';
import { collectEntries } from '@/lib/core/incidents/collect-entries.ts';
import type { Incident } from '@/lib/core/model/incident.ts';
import type { Runtime } from '../runtime.ts';
import type { IncidentBook } from './incident-book.ts';
import { readIncidentFacts, timelineRange } from './read-facts.ts';

/** Adds what has happened in the time of an incident and is not in its timeline yet; durable when resolved. */
export async function catchUp(
  runtime: Runtime,
  incidents: Pick<IncidentBook, 'append'>,
  incident: Incident,
  nowMs: number,
): Promise<void> {
  const range = timelineRange(incident, nowMs);
  const facts = await readIncidentFacts(runtime, incident, range, nowMs);
  await incidents.append(incident.id, collectEntries(facts, range, incident.entries));
}
