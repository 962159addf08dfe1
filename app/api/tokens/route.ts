import { z } from 'zod';
import { createToken } from '@/lib/server/auth/tokens/commands.ts';
import { newTokenSchema } from '@/lib/server/auth/tokens/token-schema.ts';
import { describeIssues } from '@/lib/server/http/guards.ts';
import { readRequestJson } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

const MAX_BYTES = 16 * 1024;
/** Making one writes to the store: twenty a minute are more than anybody needs. */
const COST = 30;

/** Tokens without their text: `{tokens: [{id, name, scopes, createdAtMs, lastUsedAtMs}]}`, newest first. */
export const GET = guardedRoute(z.object({}), { access: 'owner' }, () => ({
  tokens: getRuntime().auth.tokens.list(),
}));

/** Makes a token from `{name, scopes}`; its text is in the answer and never told again. */
export const POST = guardedRoute(z.object({}), { access: 'owner', cost: COST }, async ({ request }) => {
  const asked = newTokenSchema.safeParse(await readRequestJson(request, MAX_BYTES));
  if (!asked.success) throw new KnownError('bad_input', describeIssues(asked.error));
  return createToken(getRuntime(), asked.data);
});
