import type { IncidentActions } from '@/lib/client/incident-actions.ts';
import type { Incident, IncidentEntry } from '@/lib/core/model/incident.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { entryOf, INCIDENT_NOW_MS, incidentOf, incidentsView, incidentView } from '../fixtures/incident.ts';

// The server of the pages of incidents, for tests.

/** A server that keeps what it was told; `refuses` makes it refuse every order. */
export function incidentServer({ refuses = false, first = incidentOf() } = {}) {
  const asked: string[] = [];
  let incident: Incident = first;
  const answer = <T>(order: string, data: T, to: Partial<Incident> = {}): Promise<ActionResult<T>> => {
    asked.push(order);
    if (refuses) {
      const error = { code: 'bad_input' as const, message: 'It can only be read.' };
      return Promise.resolve({ ok: false, error });
    }
    incident = { ...incident, ...to };
    return Promise.resolve({ ok: true, data });
  };
  const entries = (id: string, to: Partial<IncidentEntry>) =>
    incident.entries.map((entry) => (entry.id === id ? { ...entry, ...to } : entry));
  const { id } = first;
  const actions: IncidentActions = {
    readIncidents: async () => ({ ok: true, data: incidentsView() }),
    readIncident: async () => ({ ok: true, data: incidentView({ incident }) }),
    openIncident: ({ by, title, startMs, origin, app }) =>
      answer(`open ${app} ${by} ${title} ${startMs} ${origin.kind} ${origin.ref}`, { id, isNew: true }),
    setIncidentStatus: ({ by, status }) => answer(`status ${by} ${status}`, { id }, { status }),
    editIncident: ({ by, title, cause, startMs, endMs }) =>
      answer(`edit ${by} ${title} ${cause} ${startMs} ${endMs}`, { id }),
    addNote: ({ by, markdown }) =>
      answer(
        `note ${by} ${markdown}`,
        { id },
        {
          entries: [
            ...incident.entries,
            entryOf({ atMs: INCIDENT_NOW_MS, fact: { kind: 'note', markdown }, title: 'Note', by }),
          ],
        },
      ),
    addHypothesis: ({ by, text, evidence }) => answer(`hypothesis ${by} ${text} ${evidence}`, { id }),
    judgeHypothesis: ({ by, hypothesisId, state, evidence }) =>
      answer(`judge ${by} ${hypothesisId} ${state} ${evidence}`, { id }),
    addAction: ({ by, text, owner, dueMs }) => answer(`action ${by} ${text} ${owner} ${dueMs}`, { id }),
    doneAction: ({ by, actionId, done }) => answer(`done ${by} ${actionId} ${done}`, { id }),
    hideEntry: ({ by, entryId }) =>
      answer(`hide ${by}`, { id }, { entries: entries(entryId, { hidden: { by, atMs: INCIDENT_NOW_MS } }) }),
    showEntry: ({ by, entryId }) =>
      answer(`show ${by}`, { id }, { entries: entries(entryId, { hidden: null }) }),
    mergeIncidents: ({ by, intoId }) => answer(`merge ${by} ${intoId}`, { id }, { mergedInto: intoId }),
  };
  return { actions, asked };
}
