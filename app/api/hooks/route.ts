import { z } from 'zod';
import { createHook } from '@/lib/server/auth/tokens/hook-commands.ts';
import { newHookSchema } from '@/lib/server/auth/tokens/token-schema.ts';
import { describeIssues } from '@/lib/server/http/guards.ts';
import { readRequestJson } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

const MAX_BYTES = 16 * 1024;
/** Making one writes to the store: twenty a minute are more than anybody needs. */
const COST = 30;

/** Hooks without their secrets: `{hooks: [{id, name, createdAtMs}]}`. */
export const GET = guardedRoute(z.object({}), { access: 'owner' }, () => ({
  hooks: getRuntime().auth.hooks.list(),
}));

/** Makes the secret of a hook from `{name}`; it is in the answer and never told again. */
export const POST = guardedRoute(z.object({}), { access: 'owner', cost: COST }, async ({ request }) => {
  const asked = newHookSchema.safeParse(await readRequestJson(request, MAX_BYTES));
  if (!asked.success) throw new KnownError('bad_input', describeIssues(asked.error));
  return createHook(getRuntime(), asked.data.name);
});
