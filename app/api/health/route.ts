import { z } from 'zod';
import { guardedRoute } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** Liveness: the process answers. `degraded` when the store refuses data or is away. Says nothing else to anybody. */
export const GET = guardedRoute(z.object({}), { access: 'public' }, () => {
  const { lastError, outage } = getRuntime().store.stats();
  return {
    status: lastError === null && outage === null ? 'ok' : 'degraded',
    store: outage === null ? 'ok' : 'away',
  };
});
