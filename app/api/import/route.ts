import { z } from 'zod';
import { historyPartSchema } from '@/lib/core/history/part.ts';
import { takePart } from '@/lib/server/history/take-part.ts';
import { describeIssues } from '@/lib/server/http/guards.ts';
import { readRequestJson } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** A thousand blocks take a fifth of it: whoever sends more at once holds up everybody. */
const MAX_BYTES = 900_000;

/** Takes a part of an import, 5-minute blocks of some series: `{blocks, tooOld}`. Sent again it changes nothing. */
export const POST = guardedRoute(z.object({}), { access: 'owner', cost: 2 }, async ({ request }) => {
  const read = historyPartSchema.safeParse(await readRequestJson(request, MAX_BYTES));
  if (!read.success) throw new KnownError('bad_input', describeIssues(read.error));
  return takePart(getRuntime(), read.data);
});
