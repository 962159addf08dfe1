import {
  addAction,
  addHypothesis,
  addNote,
  doneAction,
  editIncident,
  hideEntry,
  judgeHypothesis,
  mergeIncidents,
  openIncident,
  readIncident,
  readIncidents,
  setIncidentStatus,
  showEntry,
} from '@/lib/actions/incidents.ts';
import type {
  Hypothesis,
  INCIDENT_ORIGINS,
  IncidentStatus,
  IncidentsView,
  IncidentView,
} from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';

/** Which incident, and who does it, as they call themselves. */
interface By {
  id: string;
  by: string;
}
type Done = Promise<ActionResult<{ id: string }>>;

/** The reads of both pages of incidents; passed in, so that a test can answer in the server's place. */
export interface IncidentReads {
  readIncidents: (input: Scope) => Promise<ActionResult<IncidentsView>>;
  readIncident: (input: { id: string }) => Promise<ActionResult<IncidentView>>;
}

/** What an incident is opened with; `ref` is the alert's or the deploy's id. Title and time may come from what it is opened from. */
export interface OpenInput extends Scope {
  by: string;
  title: string | null;
  startMs: number | null;
  origin: { kind: (typeof INCIDENT_ORIGINS)[number]; ref: string | null };
}

/** Opens an incident; gives the one that is known where it was opened from the same before and still lasts. */
export type OpenIncident = (input: OpenInput) => Promise<ActionResult<{ id: string; isNew: boolean }>>;

/** What people write down about an incident. */
export interface IncidentWrites {
  setIncidentStatus: (input: By & { status: IncidentStatus }) => Done;
  /** What is left out stays. */
  editIncident: (
    input: By & { title?: string; cause?: string | null; startMs?: number; endMs?: number | null },
  ) => Done;
  addNote: (input: By & { markdown: string }) => Done;
  addHypothesis: (input: By & { text: string; evidence: string | null }) => Done;
  judgeHypothesis: (
    input: By & { hypothesisId: string; state: Hypothesis['state']; evidence: string | null },
  ) => Done;
  addAction: (input: By & { text: string; owner: string | null; dueMs: number | null }) => Done;
  doneAction: (input: By & { actionId: string; done: boolean }) => Done;
  hideEntry: (input: By & { entryId: string }) => Done;
  showEntry: (input: By & { entryId: string }) => Done;
  /** Gives the id of what it went into. */
  mergeIncidents: (input: By & { intoId: string }) => Done;
}

/** Everything that the pages of incidents ask of the server. */
export type IncidentActions = IncidentReads & IncidentWrites & { openIncident: OpenIncident };

/** The real server actions behind incidents. */
export const incidentActions: IncidentActions = {
  readIncidents,
  readIncident,
  openIncident,
  setIncidentStatus,
  editIncident,
  addNote,
  addHypothesis,
  judgeHypothesis,
  addAction,
  doneAction,
  hideEntry,
  showEntry,
  mergeIncidents,
};
