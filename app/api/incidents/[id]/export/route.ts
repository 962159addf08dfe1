import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { exportQuerySchema } from '@/lib/server/incidents/export-query.ts';
import { exportResponse } from '@/lib/server/incidents/export-response.ts';
import { readIncident } from '@/lib/server/queries/incident.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** An incident as a file: the whole story in Markdown, everything for programs in JSON, or its charts as CSV. */
export const GET = guardedRoute(
  exportQuerySchema,
  { access: 'reader', cost: 5 },
  async ({ params, asker }, { format }) => {
    const runtime = getRuntime();
    const id = typeof params.id === 'string' ? params.id : '';
    const view = await readIncident(runtime, { id });
    if (view === null) throw new KnownError('not_found', 'There is no incident of that id.');
    const base = runtime.config.publicUrl?.origin ?? `http://${asker.host ?? 'localhost'}`;
    return exportResponse(view, format, `${base}/incidents/${encodeURIComponent(view.incident.id)}`);
  },
);
