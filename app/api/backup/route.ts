import { z } from 'zod';
import { backupResponse } from '@/lib/server/backup/backup-response.ts';
import { guardedRoute } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** Each reads the whole store: more than ten a minute are none of anybody's business. */
const COST = 60;

/** The whole store as a file that `POST /api/restore` takes, on this server or another. Holds no credential. */
export const GET = guardedRoute(z.object({}), { access: 'owner', cost: COST }, () =>
  backupResponse(getRuntime()),
);
