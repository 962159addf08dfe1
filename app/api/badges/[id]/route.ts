import { z } from 'zod';
import { tokenIdSchema } from '@/lib/server/auth/tokens/token-schema.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { badgesOf } from '@/lib/server/notify/badge-commands.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** Withdraws a badge: `{revoked}`. Its address shows nothing from then on. */
export const DELETE = guardedRoute(z.object({}), { access: 'owner' }, async ({ params }) => {
  const id = tokenIdSchema.safeParse(params.id);
  if (!id.success) throw new KnownError('not_found', 'There is no badge of that id.');
  return badgesOf(getRuntime()).revoke(id.data);
});
