import type { Incident, IncidentLine } from '../model/incident.ts';
import type { SentenceView } from '../model/view.ts';

/** What an incident is, and why: its cause, else what is known of it. */
export function incidentSentence({
  title,
  cause,
  hypotheses,
  mergedInto,
}: Pick<Incident, 'title' | 'cause' | 'hypotheses' | 'mergedInto'>): SentenceView {
  const verdict = /[.!?…]$/.test(title) ? title : `${title}.`;
  if (mergedInto !== null) return { verdict, limit: cause ?? 'It went into another incident.' };
  if (cause !== null) return { verdict, limit: cause };
  const confirmed = hypotheses.find(({ state }) => state === 'confirmed');
  if (confirmed !== undefined) return { verdict, limit: `Confirmed: ${confirmed.text}` };
  const open = hypotheses.filter(({ state }) => state === 'open').length;
  const looked = open === 0 ? '' : open === 1 ? ' One hypothesis is open.' : ` ${open} hypotheses are open.`;
  return { verdict, limit: `Why is not known yet.${looked}` };
}

/** What people work on now, in one sentence. */
export function incidentsSentence(lines: readonly IncidentLine[]): SentenceView {
  const own = lines.filter(({ mergedInto }) => mergedInto === null);
  const open = own.filter(({ status }) => status !== 'resolved');
  const [first] = open;
  const left = own.reduce((sum, { actionsOpen }) => sum + actionsOpen, 0);
  const actions = left === 0 ? null : `${left === 1 ? 'One action is' : `${left} actions are`} not done.`;
  if (first === undefined)
    return {
      verdict: own.length === 0 ? 'No incident was ever opened.' : 'No incident is open.',
      limit: actions,
    };
  const verdict =
    open.length === 1
      ? `One incident is open: ${first.title}.`
      : `${open.length} incidents are open, the latest: ${first.title}.`;
  return { verdict, limit: actions };
}
