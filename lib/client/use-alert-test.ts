'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { explainFailure, unwrap } from './failure.ts';

/** Sends a test message; passed in, so that a test can answer in the server's place. */
export interface AlertTests {
  testReceiver: (input: { name: string }) => Promise<ActionResult<{ ok: boolean; text: string }>>;
}

/** Tests of receivers: the latest answer of each, by name. */
export function useAlertTest(actions: AlertTests) {
  const [tests, setTests] = useState<Readonly<Record<string, { ok: boolean; text: string }>>>({});
  const keep = (name: string, test: { ok: boolean; text: string }) =>
    setTests((now) => ({ ...now, [name]: test }));
  const { mutate, isPending, variables } = useMutation({
    mutationFn: async (name: string) => unwrap(await actions.testReceiver({ name })),
    onSuccess: (answer, name) => keep(name, answer),
    onError: (error, name) => keep(name, { ok: false, text: explainFailure(error).text }),
  });
  return { tests, testing: isPending ? variables : null, test: (name: string) => mutate(name) };
}
