import { z } from 'zod';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { endPlanned } from '@/lib/server/maintenance/commands.ts';
import { maintenanceIdSchema } from '@/lib/server/maintenance/schema.ts';
import { readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** Ends a window, or calls it off: `{ended}`. Alerts that fire by then are told with the next look. */
export const DELETE = guardedRoute(z.object({}), { access: 'deploy' }, async ({ params }) => {
  const id = maintenanceIdSchema.safeParse(params.id);
  if (!id.success) throw new KnownError('not_found', 'No window of that id runs or is to come.');
  await endPlanned(getRuntime(), readScopes(getRuntime()), id.data);
  return { ended: id.data };
});
