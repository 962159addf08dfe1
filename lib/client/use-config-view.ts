'use client';

import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import type { ConfigView } from '@/lib/core/settings/config-view.ts';
import { useScopeView } from './use-scope-view.ts';

/** The read behind the Config page; passed in, so that a test can answer in the server's place. */
export interface ConfigReads {
  readConfig: (input: Scope) => Promise<ActionResult<ConfigView>>;
}

/** What the Config page shows; `initial` is what the server drew, for `drawnFor`. */
export function useConfigView(actions: ConfigReads, scope: Scope, initial: ConfigView, drawnFor: Scope) {
  return useScopeView(
    { key: 'config', read: actions.readConfig, firstRefreshMs: 15_000 },
    scope,
    initial,
    drawnFor,
  );
}
