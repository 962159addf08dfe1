import { z } from 'zod';
import { guardedRoute } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/**
 * Readiness: the store is open and the poller runs. The guard answers 503 until then. A store that is away for a while
 * is told and no reason to be taken out: what is in memory is served, and no other instance could do better.
 */
export const GET = guardedRoute(z.object({}), { access: 'public' }, () => {
  const { outage } = getRuntime().store.stats();
  return { ready: true, store: outage === null ? 'ok' : 'away' };
});
