'use client';

import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { SilenceSpan } from '@/lib/core/model/alert.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { explainFailure, unwrap } from './failure.ts';

type One = Scope & { id: string };
type Answer = Promise<ActionResult<{ id: string }>>;

/** What a person may do to alerts; passed in, so that a test can answer in the server's place. */
export interface AlertWrites {
  acknowledgeAlert: (input: One) => Answer;
  silenceAlert: (input: One & { span: SilenceSpan }) => Answer;
  wakeAlert: (input: One) => Answer;
}

type Act = { id: string } & ({ kind: 'acknowledge' | 'wake' } | { kind: 'silence'; span: SilenceSpan });

/** Acts on alerts of a scope; `onDone` brings what is shown up to date, and what was done is said. */
export function useAlertActs(
  actions: AlertWrites,
  scope: Scope,
  onDone: () => Promise<unknown>,
  announce: (text: string) => void,
) {
  const { app, environment } = scope;
  const { mutate, isPending, variables, error } = useMutation({
    mutationFn: async (act: Act) => {
      const one = { app, environment, id: act.id };
      switch (act.kind) {
        case 'acknowledge':
          return unwrap(await actions.acknowledgeAlert(one));
        case 'silence':
          return unwrap(await actions.silenceAlert({ ...one, span: act.span }));
        case 'wake':
          return unwrap(await actions.wakeAlert(one));
        default:
          return act satisfies never;
      }
    },
    onSuccess: async (_answer, act) => {
      await onDone();
      announce(DONE[act.kind]);
    },
  });
  const acts = useMemo(
    () => ({
      acknowledge: (id: string) => mutate({ id, kind: 'acknowledge' }),
      silence: (id: string, span: SilenceSpan) => mutate({ id, kind: 'silence', span }),
      wake: (id: string) => mutate({ id, kind: 'wake' }),
    }),
    [mutate],
  );
  return {
    acts,
    busyId: isPending ? variables.id : null,
    failure: error === null ? null : explainFailure(error).text,
  };
}

const DONE: Record<Act['kind'], string> = {
  acknowledge: 'Acknowledged',
  silence: 'Silenced',
  wake: 'Woken',
};
