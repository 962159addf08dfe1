import { z } from 'zod';
import { deployIdSchema } from '@/lib/server/deploys/new-deploy.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { readDeploy } from '@/lib/server/queries/deploys.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** One deploy with its watch: `{deploy, previous, next, together, watch, forecasts, asOfMs}`. */
export const GET = guardedRoute(z.object({}), { access: 'reader', cost: 3 }, async ({ params }) => {
  const id = deployIdSchema.safeParse(params.id);
  const view = id.success ? await readDeploy(getRuntime(), id.data) : null;
  if (view === null) throw new KnownError('not_found', 'There is no deploy of that id.');
  return view;
});
