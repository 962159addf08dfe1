import { z } from 'zod';
import { guardedRoute } from '@/lib/server/http/route-guard.ts';
import { readStatus } from '@/lib/server/queries/status.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** State of every source, mode, alerts and the observer's own cost: what `afterwatch status --json` prints. */
export const GET = guardedRoute(z.object({}), { access: 'reader' }, () => readStatus(getRuntime()));
