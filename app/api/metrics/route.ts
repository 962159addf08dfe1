import { z } from 'zod';
import { guardedRoute } from '@/lib/server/http/route-guard.ts';
import { readOwnMetrics } from '@/lib/server/queries/own-metrics.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** Own and derived metrics as Prometheus text. */
export const GET = guardedRoute(z.object({}), { access: 'reader' }, async () => {
  const { contentType, text } = await readOwnMetrics(getRuntime());
  return new Response(text, { headers: { 'Content-Type': contentType } });
});
