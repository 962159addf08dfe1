import { z } from 'zod';
import { historyNamesSchema } from '@/lib/core/history/part.ts';
import { judgeNames } from '@/lib/server/history/take-part.ts';
import { describeIssues } from '@/lib/server/http/guards.ts';
import { readRequestJson } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

const MAX_BYTES = 900_000;

/** Says before an import which of its targets and metrics are unknown here: `{faults, fromMs, untilMs}`. Writes nothing. */
export const POST = guardedRoute(z.object({}), { access: 'owner' }, async ({ request }) => {
  const read = historyNamesSchema.safeParse(await readRequestJson(request, MAX_BYTES));
  if (!read.success) throw new KnownError('bad_input', describeIssues(read.error));
  return judgeNames(getRuntime(), read.data);
});
