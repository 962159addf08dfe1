import { z } from 'zod';
import { chooseToldScope } from '@/lib/server/deploys/choose-told-scope.ts';
import { describeIssues } from '@/lib/server/http/guards.ts';
import { readRequestJson } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { badgesOf } from '@/lib/server/notify/badge-commands.ts';
import { newBadgeSchema } from '@/lib/server/notify/badge-schema.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

const MAX_BYTES = 16 * 1024;
/** Making one writes to the store: twenty a minute are more than anybody needs. */
const COST = 30;

/** Badges without their tokens: `{badges: [{id, name, app, environment, createdAtMs}]}`, newest first. */
export const GET = guardedRoute(z.object({}), { access: 'owner' }, () => ({
  badges: badgesOf(getRuntime()).list(),
}));

/** Makes a badge from `{name, app, environment}`; its token is in the answer and never told again. */
export const POST = guardedRoute(z.object({}), { access: 'owner', cost: COST }, async ({ request }) => {
  const runtime = getRuntime();
  const asked = newBadgeSchema.safeParse(await readRequestJson(request, MAX_BYTES));
  if (!asked.success) throw new KnownError('bad_input', describeIssues(asked.error));
  const { name, ...scope } = asked.data;
  return badgesOf(runtime).create({ name, ...chooseToldScope(runtime, scope) });
});
