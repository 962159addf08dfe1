import { z } from 'zod';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { previewResponse } from '@/lib/server/shares/preview-response.ts';

/** The picture of a shared copy, for whoever knows its link and for as long as that lives; no view is counted. */
export const GET = guardedRoute(z.object({}), { access: 'public', cost: 3 }, async ({ params }) => {
  const token = typeof params.token === 'string' ? params.token : '';
  const answer = await previewResponse(getRuntime(), token);
  if (answer === null) throw new KnownError('not_found', 'There is no such link.');
  return answer;
});
