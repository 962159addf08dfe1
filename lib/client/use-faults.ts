'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DemoFaultId, RunningFault } from '@/lib/core/model/demo-fault.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { explainFailure, unwrap } from './failure.ts';

/** The server actions of the fault panel; passed in, so that a test can answer in the server's place. */
export interface FaultActions {
  readDemoFaults: (input: Record<string, never>) => Promise<ActionResult<readonly RunningFault[]>>;
  setDemoFault: (input: { id: DemoFaultId; on: boolean }) => Promise<ActionResult<readonly RunningFault[]>>;
}

const KEY = ['demo-faults'] as const;
/** A fault ends by itself, and another window may start one. */
const LOOK_EVERY_MS = 10_000;

/** Faults that run, with the browser's clock when that came in, and the way to change them. Asks only while it is on the page. */
export function useFaults(actions: FaultActions) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: async () => unwrap(await actions.readDemoFaults({})),
    refetchInterval: LOOK_EVERY_MS,
  });
  const change = useMutation({
    mutationFn: async (wanted: { id: DemoFaultId; on: boolean }) =>
      unwrap(await actions.setDemoFault(wanted)),
    onSuccess: (running) => client.setQueryData(KEY, running),
  });
  const error = change.error ?? query.error;
  return {
    running: query.data ?? [],
    receivedAtMs: query.dataUpdatedAt,
    busyId: change.isPending ? change.variables.id : null,
    failure: error === null ? null : explainFailure(error).text,
    set: (id: DemoFaultId, on: boolean) => change.mutate({ id, on }),
  };
}
