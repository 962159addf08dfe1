import { z } from 'zod';
import { deployIdSchema } from '@/lib/server/deploys/new-deploy.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { readToldDeploy } from '@/lib/server/queries/deploys.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** One deploy as it was told: `{deploy, previous, next, together, asOfMs}`. Where it stands is told by `…/verdict`. */
export const GET = guardedRoute(z.object({}), { access: 'reader', cost: 3 }, async ({ params }) => {
  const id = deployIdSchema.safeParse(params.id);
  const view = id.success ? await readToldDeploy(getRuntime(), id.data) : null;
  if (view === null) throw new KnownError('not_found', 'There is no deploy of that id.');
  return view;
});
