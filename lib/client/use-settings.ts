'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { SourceKind } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import type { CheckedSource, SettingsView, SourceTestView } from '@/lib/core/sources/settings-view.ts';
import { checkForm, type FormValues } from '@/lib/core/sources/yaml-form.ts';
import { explainFailure, unwrap } from './failure.ts';
import type { AlertTests } from './use-alert-test.ts';

/** The server actions of the settings page; passed in, so that a test can answer in the server's place. */
export interface SettingsActions extends AlertTests {
  readSettings: (input: Record<string, never>) => Promise<ActionResult<SettingsView>>;
  testSource: (input: { id: string }) => Promise<ActionResult<SourceTestView>>;
  checkSource: (input: {
    kind: SourceKind;
    values: Record<string, string>;
  }) => Promise<ActionResult<CheckedSource>>;
}

const KEY = ['settings'] as const;
/** Somebody who types is not asked after at each letter. */
const TYPING_MS = 400;

/** The sources, and how each is doing; a failed tick keeps the last good view. */
export function useSettings(actions: SettingsActions, initial: SettingsView) {
  const [drawnAtMs] = useState(() => Date.now());
  const query = useQuery({
    queryKey: KEY,
    queryFn: async () => unwrap(await actions.readSettings({})),
    initialData: initial,
    initialDataUpdatedAt: drawnAtMs,
    staleTime: ({ state: { data } }) => (data?.refreshMs ?? 0) / 2,
    refetchInterval: ({ state: { data } }) => data?.refreshMs ?? false,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: 'always',
  });
  return {
    view: query.data,
    receivedAtMs: query.dataUpdatedAt,
    failure: query.error === null ? null : explainFailure(query.error),
    retry: () => void query.refetch(),
  };
}

/** How the test of one source stands, for a person who asked for it. */
export type TestState =
  | { kind: 'running' }
  | { kind: 'done'; result: SourceTestView }
  | { kind: 'failed'; text: string };

/** Tests of sources by id, one at a time: actions of one page run one after another anyway. */
export function useSourceTests(actions: SettingsActions) {
  const client = useQueryClient();
  const [states, setStates] = useState<ReadonlyMap<string, TestState>>(new Map());
  const put = (id: string, state: TestState | null) =>
    setStates((known) => {
      const next = new Map(known);
      if (state === null) next.delete(id);
      else next.set(id, state);
      return next;
    });
  const run = useMutation({
    mutationFn: async (id: string) => unwrap(await actions.testSource({ id })),
    onMutate: (id) => put(id, { kind: 'running' }),
    onSuccess: (result, id) => put(id, { kind: 'done', result }),
    onError: (error, id) => put(id, { kind: 'failed', text: explainFailure(error).text }),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  return {
    states,
    isBusy: run.isPending,
    test: (id: string) => run.mutate(id),
    putAway: (id: string) => put(id, null),
  };
}

/** What the config of the server says to a filled form; null while it is not sound enough to be sent, or is checked. */
export function useCheckedSource(actions: SettingsActions, kind: SourceKind, values: FormValues) {
  const asked = JSON.stringify([kind, values]);
  const [settled, setSettled] = useState(asked);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), TYPING_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  // A value that could be a credential never leaves the browser.
  const isSound = checkForm(kind, values).length === 0;
  const query = useQuery({
    queryKey: ['checked-source', asked] as const,
    queryFn: async () => unwrap(await actions.checkSource({ kind, values: { ...values } })),
    enabled: isSound && settled === asked,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isOwn = isSound && query.data !== undefined && !query.isPlaceholderData;
  return {
    checked: isOwn ? query.data : null,
    failure: isSound && query.error !== null ? explainFailure(query.error).text : null,
  };
}
