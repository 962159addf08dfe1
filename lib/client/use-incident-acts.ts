'use client';

import { useMutation } from '@tanstack/react-query';
import type { Hypothesis, IncidentStatus } from '@/lib/core/model/incident.ts';
import { explainFailure, unwrap } from './failure.ts';
import type { IncidentWrites } from './incident-actions.ts';

/** One thing that a person does to an incident; `by` is the name that they give. */
export type IncidentAct =
  | { kind: 'status'; status: IncidentStatus }
  | { kind: 'edit'; title: string; cause: string | null; startMs: number; endMs?: number | null }
  | { kind: 'note'; markdown: string }
  | { kind: 'hypothesis'; text: string; evidence: string | null }
  | { kind: 'judge'; hypothesisId: string; state: Hypothesis['state']; evidence: string | null }
  | { kind: 'action'; text: string; owner: string | null; dueMs: number | null }
  | { kind: 'done'; actionId: string; done: boolean }
  | { kind: 'hide' | 'show'; entryId: string }
  | { kind: 'merge'; intoId: string };
export type SignedAct = IncidentAct & { by: string };

/** What is said once it is done. */
const DONE: Record<IncidentAct['kind'], string> = {
  status: 'Status changed',
  edit: 'Saved',
  note: 'Note added',
  hypothesis: 'Hypothesis added',
  judge: 'Saved',
  action: 'Action added',
  done: 'Saved',
  hide: 'Hidden',
  show: 'Shown again',
  merge: 'Merged',
};

/** Acts on one incident; `onDone` brings what is shown up to date before it is said that it was done. */
export function useIncidentActs(
  actions: IncidentWrites,
  id: string,
  onDone: () => Promise<unknown>,
  announce: (text: string) => void,
) {
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: async (act: SignedAct) => unwrap(await send(actions, id, act)),
    onSuccess: async (_answer, act) => {
      await onDone();
      announce(DONE[act.kind]);
    },
  });
  return {
    /** Rejects where it was not done; why is in `failure`. */
    run: mutateAsync,
    isBusy: isPending,
    failure: error === null ? null : explainFailure(error).text,
    /** Forgets why the last one was not done. */
    reset,
  };
}

function send(actions: IncidentWrites, id: string, act: SignedAct) {
  const own = { id, by: act.by };
  switch (act.kind) {
    case 'status':
      return actions.setIncidentStatus({ ...own, status: act.status });
    case 'edit': {
      const { title, cause, startMs, endMs } = act;
      return actions.editIncident({
        ...own,
        title,
        cause,
        startMs,
        ...(endMs === undefined ? {} : { endMs }),
      });
    }
    case 'note':
      return actions.addNote({ ...own, markdown: act.markdown });
    case 'hypothesis':
      return actions.addHypothesis({ ...own, text: act.text, evidence: act.evidence });
    case 'judge': {
      const { hypothesisId, state, evidence } = act;
      return actions.judgeHypothesis({ ...own, hypothesisId, state, evidence });
    }
    case 'action':
      return actions.addAction({ ...own, text: act.text, owner: act.owner, dueMs: act.dueMs });
    case 'done':
      return actions.doneAction({ ...own, actionId: act.actionId, done: act.done });
    case 'hide':
      return actions.hideEntry({ ...own, entryId: act.entryId });
    case 'show':
      return actions.showEntry({ ...own, entryId: act.entryId });
    case 'merge':
      return actions.mergeIncidents({ ...own, intoId: act.intoId });
    default:
      return act satisfies never;
  }
}
