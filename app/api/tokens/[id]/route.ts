import { z } from 'zod';
import { revokeToken } from '@/lib/server/auth/tokens/commands.ts';
import { tokenIdSchema } from '@/lib/server/auth/tokens/token-schema.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** Revokes a token: `{revoked}`. */
export const DELETE = guardedRoute(z.object({}), { access: 'owner' }, async ({ params }) => {
  const id = tokenIdSchema.safeParse(params.id);
  if (!id.success) throw new KnownError('not_found', 'There is no token of that id.');
  return revokeToken(getRuntime(), id.data);
});
