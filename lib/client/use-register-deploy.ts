'use client';

import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import type { DeployActions, DeployInput } from './deploy-actions.ts';
import { explainFailure, unwrap } from './failure.ts';

/** Hands a deploy over. A try of the same content again is the same hand-over, so it makes no second deploy. */
export function useRegisterDeploy(
  actions: Pick<DeployActions, 'registerDeploy'>,
  onDone: (id: string) => void,
) {
  const tried = useRef<{ content: string; key: string } | null>(null);
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: async (input: Omit<DeployInput, 'key'>) => {
      const content = JSON.stringify(input);
      if (tried.current?.content !== content) tried.current = { content, key: makeKey() };
      return unwrap(await actions.registerDeploy({ ...input, key: tried.current.key }));
    },
    onSuccess: ({ id }) => onDone(id),
  });
  return {
    run: (input: Omit<DeployInput, 'key'>) => mutate(input),
    /** True until the page of the deploy is there. */
    isBusy: isPending || isSuccess,
    failure: error === null ? null : explainFailure(error).text,
  };
}

/** `randomUUID` is only there on https and on this machine. */
function makeKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
