import { z } from 'zod';
import { guardedRoute } from '@/lib/server/http/route-guard.ts';

/** Readiness: the store is open and the poller runs. The guard answers 503 until then. */
export const GET = guardedRoute(z.object({}), { access: 'public' }, () => ({ ready: true }));
