import type { AlertView } from '../model/alert.ts';

/** For tests: an alert that fires since `sinceMs` and that nobody touched. Its title is its id unless said. */
export function alertViewOf(over: Partial<AlertView> & Pick<AlertView, 'id' | 'sinceMs'>): AlertView {
  return {
    title: over.id,
    detail: null,
    state: 'firing',
    kind: 'rule',
    severity: 'warning',
    source: null,
    release: null,
    means: [],
    acknowledged: null,
    silencedUntilMs: null,
    silencedBy: null,
    inhibitedBy: null,
    actions: [],
    ...over,
  };
}
