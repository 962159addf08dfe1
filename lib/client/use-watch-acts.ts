'use client';

import { useMutation } from '@tanstack/react-query';
import type { ClaimState } from '@/lib/core/model/claim.ts';
import { explainFailure, unwrap } from './failure.ts';
import type { WatchWrites } from './watch-actions.ts';

/** One thing that a person does to a watch; `by` is the name that they give. */
export type WatchAct = { by: string } & (
  | { kind: 'sign'; checkId: string; note: string | null }
  | { kind: 'unsign'; checkId: string }
  | { kind: 'override'; state: ClaimState; reason: string }
  | { kind: 'withdraw' }
  | { kind: 'follow_up'; followUpId: string; done: boolean; owner: string | null }
);

const DONE: Record<WatchAct['kind'], string> = {
  sign: 'Signed',
  unsign: 'Taken back',
  override: 'Overridden',
  withdraw: 'Withdrawn',
  follow_up: 'Saved',
};

/** Acts on the watch of a deploy; `onDone` brings what is shown up to date before it is said that it was done. */
export function useWatchActs(
  actions: WatchWrites,
  deployId: string,
  onDone: () => Promise<unknown>,
  announce: (text: string) => void,
) {
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: async (act: WatchAct) => unwrap(await send(actions, deployId, act)),
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

function send(actions: WatchWrites, deployId: string, act: WatchAct) {
  const { by } = act;
  switch (act.kind) {
    case 'sign':
      return actions.signCheck({ deployId, by, checkId: act.checkId, note: act.note });
    case 'unsign':
      return actions.unsignCheck({ deployId, by, checkId: act.checkId });
    case 'override':
      return actions.overrideVerdict({ deployId, by, verdict: { state: act.state, reason: act.reason } });
    case 'withdraw':
      return actions.overrideVerdict({ deployId, by, verdict: null });
    case 'follow_up':
      return actions.doFollowUp({
        deployId,
        by,
        followUpId: act.followUpId,
        done: act.done,
        owner: act.owner,
      });
    default:
      return act satisfies never;
  }
}
