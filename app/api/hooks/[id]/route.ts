import { z } from 'zod';
import { revokeHook } from '@/lib/server/auth/tokens/hook-commands.ts';
import { tokenIdSchema } from '@/lib/server/auth/tokens/token-schema.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** Forgets a hook: `{revoked}`. What is signed with its secret is refused from then on. */
export const DELETE = guardedRoute(z.object({}), { access: 'owner' }, async ({ params }) => {
  const id = tokenIdSchema.safeParse(params.id);
  if (!id.success) throw new KnownError('not_found', 'There is no hook of that id.');
  return revokeHook(getRuntime(), id.data);
});
