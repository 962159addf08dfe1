import { INCIDENT_LIMITS, type Incident } from '../model/incident.ts';
import { orderEntries } from './add-entries.ts';
import { type ActBy, noteChars, wrote } from './incident-acts.ts';

/** Both as they are afterwards, or why it can’t be. */
export type Merged = { from: Incident; into: Incident } | { fault: string };

/**
 * Puts one incident into another open one of its scope: entries, hypotheses and actions go over without doubles, and the
 * earlier beginning holds. What people called the status of the one is no status of the other, and stays behind.
 */
export function mergeIncidents(from: Incident, into: Incident, act: ActBy): Merged {
  const why = mergeFault(from, into);
  if (why !== null) return { fault: why };
  const entries = [
    ...into.entries,
    ...from.entries.filter(
      ({ id, fact }) => fact.kind !== 'status' && !into.entries.some((one) => one.id === id),
    ),
  ];
  const hypotheses = [...into.hypotheses, ...without(from.hypotheses, into.hypotheses)];
  const actions = [...into.actions, ...without(from.actions, into.actions)];
  const full = fullOf({
    entries: entries.length + 1,
    hypotheses: hypotheses.length,
    actions: actions.length,
  });
  if (full !== null || noteChars(entries) > INCIDENT_LIMITS.allNotesChars)
    return { fault: `Both together hold more ${full ?? 'notes'} than an incident may.` };
  const taken = wrote(
    {
      ...into,
      entries: orderEntries(entries),
      hypotheses,
      actions,
      startMs: Math.min(into.startMs, from.startMs),
      // Without promises of its own it is about those of what went into it.
      deployId: into.deployId ?? from.deployId,
      merged: [...new Set([...into.merged, from.id, ...from.merged])],
    },
    act,
    { fact: { kind: 'merge', incidentId: from.id }, title: `Took in “${from.title}”`, detail: null },
  );
  const gone = wrote({ ...from, mergedInto: into.id, endMs: from.endMs ?? act.nowMs }, act, {
    fact: { kind: 'merge', incidentId: into.id },
    title: `Went into “${into.title}”`,
    detail: null,
  });
  if ('fault' in taken) return { fault: taken.fault };
  if ('fault' in gone) return { fault: gone.fault };
  return { from: gone.incident, into: taken.incident };
}

function mergeFault(from: Incident, into: Incident): string | null {
  if (from.id === into.id) return 'An incident can’t go into itself.';
  if (from.mergedInto !== null) return 'This incident went into another one already.';
  if (into.mergedInto !== null)
    return 'That incident went into another one itself: choose the one that it went into.';
  if (from.app !== into.app || from.environment !== into.environment)
    return 'Incidents of two apps or environments can’t be one.';
  if (into.status === 'resolved') return 'That incident is resolved: open it again first.';
  return null;
}

/** Those that the others neither hold nor say. */
function without<T extends { id: string; text: string }>(list: readonly T[], others: readonly T[]): T[] {
  return list.filter(({ id, text }) => !others.some((one) => one.id === id || one.text === text));
}

function fullOf(counts: Record<'entries' | 'hypotheses' | 'actions', number>): string | null {
  const names = ['entries', 'hypotheses', 'actions'] as const;
  return names.find((name) => counts[name] > INCIDENT_LIMITS[name]) ?? null;
}
