'use client';

import { useMutation } from '@tanstack/react-query';
import type { AlertRuleId } from '@/lib/core/alerts/rules/rule.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { explainFailure, unwrap } from './failure.ts';

interface Asked {
  startMs: number;
  endMs: number;
  reason: string;
  rules: readonly AlertRuleId[];
}

/** Plans and ends windows in which nobody is told; passed in, so that a test can answer in the server's place. */
export interface AlertMaintenance {
  planMaintenance: (
    input: Scope & Omit<Asked, 'rules'> & { rules: AlertRuleId[] },
  ) => Promise<ActionResult<unknown>>;
  endMaintenance: (input: Scope & { id: string }) => Promise<ActionResult<unknown>>;
}

/** Maintenance windows of a scope; `onDone` brings what is shown up to date, and what was done is said. */
export function useAlertMaintenance(
  actions: AlertMaintenance,
  { app, environment }: Scope,
  onDone: () => Promise<unknown>,
  announce: (text: string) => void,
) {
  const plan = useMutation({
    mutationFn: async ({ rules, ...asked }: Asked) =>
      unwrap(await actions.planMaintenance({ app, environment, ...asked, rules: [...rules] })),
    onSuccess: async () => {
      await onDone();
      announce('Planned');
    },
  });
  const end = useMutation({
    mutationFn: async (id: string) => unwrap(await actions.endMaintenance({ app, environment, id })),
    onSuccess: async () => {
      await onDone();
      announce('Ended');
    },
  });
  return {
    isBusy: plan.isPending || end.isPending,
    planFailure: plan.error === null ? null : explainFailure(plan.error).text,
    endFailure: end.error === null ? null : explainFailure(end.error).text,
    plan: (asked: Asked): Promise<unknown> => plan.mutateAsync(asked),
    end: (id: string): void => end.mutate(id),
  };
}
