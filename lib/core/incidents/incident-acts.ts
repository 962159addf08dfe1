import {
  type EntryFact,
  type Hypothesis,
  INCIDENT_LIMITS,
  type Incident,
  type IncidentStatus,
} from '../model/incident.ts';
import { DAY_MS } from '../time/range.ts';
import { formatStamp } from '../units/clock.ts';
import { orderEntries } from './add-entries.ts';
import { HYPOTHESIS_NAMES, STATUS_NAMES } from './status-names.ts';

/** Who acts, when, and a name for what comes of it that nothing else has. */
export interface ActBy {
  by: string;
  nowMs: number;
  key: string;
}

/** What became of an act. A fault is a sentence for a person; `gone`: what it is about is not there. */
export type Acted = { incident: Incident } | { fault: string; isGone: boolean };

/** An incident begins at most so long before it is opened: finer numbers of before are gone. */
const MOST_BACK_MS = 90 * DAY_MS;

/** What may be changed of the head; what is left out stays. */
export interface Head {
  title?: string | undefined;
  cause?: string | null | undefined;
  startMs?: number | undefined;
  endMs?: number | null | undefined;
}

export function setStatus(incident: Incident, status: IncidentStatus, act: ActBy): Acted {
  if (incident.status === status) return { incident };
  const endMs = status === 'resolved' ? (incident.endMs ?? act.nowMs) : null;
  const before = STATUS_NAMES[incident.status].toLowerCase();
  return wrote({ ...incident, status, endMs }, act, {
    fact: { kind: 'status', status },
    title: STATUS_NAMES[status],
    detail: `was ${before}`,
  });
}

/** The head may be rewritten; the timeline is not touched. */
export function editHead(incident: Incident, head: Head, { nowMs }: Pick<ActBy, 'nowMs'>): Acted {
  const next = {
    ...incident,
    title: head.title ?? incident.title,
    cause: head.cause === undefined ? incident.cause : head.cause,
    startMs: head.startMs ?? incident.startMs,
    endMs: head.endMs === undefined ? incident.endMs : head.endMs,
  };
  const why = timesFault(next, nowMs);
  return why === null ? { incident: next } : fault(why);
}

/** Why these times can’t be; null when they can. */
export function timesFault(
  { startMs, endMs, status, openedMs }: Pick<Incident, 'startMs' | 'endMs' | 'status' | 'openedMs'>,
  nowMs: number,
): string | null {
  if (startMs > nowMs) return 'An incident can’t begin in the future.';
  if (startMs < openedMs - MOST_BACK_MS) return 'An incident can begin at most 90 days before it was opened.';
  if (endMs === null) return status === 'resolved' ? 'A resolved incident needs an end.' : null;
  if (endMs > nowMs) return 'An incident can’t end in the future.';
  return endMs < startMs ? 'An incident can’t end before it began.' : null;
}

export function addNote(incident: Incident, markdown: string, act: ActBy): Acted {
  if (noteChars(incident.entries) + markdown.length > INCIDENT_LIMITS.allNotesChars)
    return fault(
      'The notes of an incident hold 512 KB together. Put what is longer elsewhere, and link to it.',
    );
  return wrote(incident, act, { fact: { kind: 'note', markdown }, title: 'Note', detail: null });
}

/** Signs of all notes together. */
export function noteChars(entries: Incident['entries']): number {
  return entries.reduce((sum, { fact }) => sum + (fact.kind === 'note' ? fact.markdown.length : 0), 0);
}

export function addHypothesis(
  incident: Incident,
  { text, evidence }: Pick<Hypothesis, 'text' | 'evidence'>,
  act: ActBy,
): Acted {
  if (incident.hypotheses.length >= INCIDENT_LIMITS.hypotheses)
    return fault(`An incident holds ${INCIDENT_LIMITS.hypotheses} hypotheses.`);
  const { by, nowMs, key } = act;
  const made: Hypothesis = {
    ...{ id: `hypothesis:${key}`, text, evidence, by },
    ...{ state: 'open', atMs: nowMs, changedMs: nowMs },
  };
  return wrote({ ...incident, hypotheses: [...incident.hypotheses, made] }, act, {
    fact: { kind: 'hypothesis', state: 'open' },
    title: `Perhaps: ${text}`,
    detail: evidence,
  });
}

/** What became of it and what speaks for or against it; said twice it is written once. */
export function judgeHypothesis(
  incident: Incident,
  hypothesisId: string,
  { state, evidence }: Pick<Hypothesis, 'state' | 'evidence'>,
  act: ActBy,
): Acted {
  const known = incident.hypotheses.find(({ id }) => id === hypothesisId);
  if (known === undefined) return gone('That hypothesis is gone.');
  if (known.state === state && known.evidence === evidence) return { incident };
  const next = { ...known, state, evidence, changedMs: act.nowMs };
  const hypotheses = incident.hypotheses.map((one) => (one === known ? next : one));
  return wrote({ ...incident, hypotheses }, act, {
    fact: { kind: 'hypothesis', state },
    title: `${HYPOTHESIS_NAMES[state]}: ${known.text}`,
    detail: evidence,
  });
}

export function addAction(
  incident: Incident,
  { text, owner, dueMs }: { text: string; owner: string | null; dueMs: number | null },
  act: ActBy,
): Acted {
  if (incident.actions.length >= INCIDENT_LIMITS.actions)
    return fault(`An incident holds ${INCIDENT_LIMITS.actions} actions.`);
  const { by, nowMs, key } = act;
  const made = { id: `action:${key}`, text, owner, dueMs, done: null, by, atMs: nowMs };
  const parts = [owner, dueMs === null ? null : `due ${formatStamp(dueMs)}`].filter((part) => part !== null);
  return wrote({ ...incident, actions: [...incident.actions, made] }, act, {
    fact: { kind: 'action', done: false },
    title: `To do: ${text}`,
    detail: parts.length === 0 ? null : parts.join(', '),
  });
}

export function doneAction(incident: Incident, actionId: string, isDone: boolean, act: ActBy): Acted {
  const known = incident.actions.find(({ id }) => id === actionId);
  if (known === undefined) return gone('That action is gone.');
  if ((known.done !== null) === isDone) return { incident };
  const next = { ...known, done: isDone ? { by: act.by, atMs: act.nowMs } : null };
  const actions = incident.actions.map((one) => (one === known ? next : one));
  return wrote({ ...incident, actions }, act, {
    fact: { kind: 'action', done: isDone },
    title: `${isDone ? 'Done' : 'Not done after all'}: ${known.text}`,
    detail: null,
  });
}

/** Hides an entry, or shows it again; what it says stays as it was written. */
export function setHidden(incident: Incident, entryId: string, isHidden: boolean, act: ActBy): Acted {
  const known = incident.entries.find(({ id }) => id === entryId);
  if (known === undefined) return gone('That entry is gone.');
  if ((known.hidden !== null) === isHidden) return { incident };
  const hidden = isHidden ? { by: act.by, atMs: act.nowMs } : null;
  return {
    incident: {
      ...incident,
      entries: incident.entries.map((one) => (one === known ? { ...one, hidden } : one)),
    },
  };
}

export function noteShare(incident: Incident, act: ActBy): Acted {
  return wrote(incident, act, { fact: { kind: 'share' }, title: 'Shared by a link', detail: null });
}

/** The incident with one more entry of a person, written as it happens. */
export function wrote(
  incident: Incident,
  { by, nowMs, key }: ActBy,
  { fact, title, detail }: { fact: EntryFact; title: string; detail: string | null },
): Acted {
  if (incident.entries.length >= INCIDENT_LIMITS.entries)
    return fault(
      `The timeline of an incident holds ${INCIDENT_LIMITS.entries.toLocaleString('en-US')} entries.`,
    );
  const entry = {
    ...{ id: `${fact.kind}:${key}`, atMs: nowMs, writtenMs: nowMs, fact, by, hidden: null },
    ...{ title: cut(title), detail: detail === null ? null : cut(detail) },
  };
  return { incident: { ...incident, entries: orderEntries([...incident.entries, entry]) } };
}

function cut(text: string): string {
  const most = INCIDENT_LIMITS.lineChars;
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** An act that can’t be done, with a sentence that says why. */
export function fault(text: string): Acted {
  return { fault: text, isGone: false };
}

function gone(text: string): Acted {
  return { fault: text, isGone: true };
}
