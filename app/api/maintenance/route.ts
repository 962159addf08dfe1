import { z } from 'zod';
import { grantName } from '@/lib/server/auth/grant-name.ts';
import { chooseToldScope } from '@/lib/server/deploys/choose-told-scope.ts';
import { describeIssues } from '@/lib/server/http/guards.ts';
import { readRequestJson } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { plan, planned } from '@/lib/server/maintenance/commands.ts';
import { maintenanceQuerySchema, newMaintenanceSchema, windowOf } from '@/lib/server/maintenance/schema.ts';
import { readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

const MAX_BYTES = 16 * 1024;
/** Planning one writes to the store: sixty a minute are more than any pipeline needs. */
const COST = 10;

/** Windows that run or are to come, the first to begin at the top: `{maintenance: [{id, app, environment, startMs, …}]}`. */
export const GET = guardedRoute(maintenanceQuerySchema, { access: 'reader' }, (_call, asked) => {
  const runtime = getRuntime();
  const scopes = readScopes(runtime).filter(
    ({ app, environment }) =>
      app === (asked.app ?? app) && environment === (asked.environment ?? environment),
  );
  return { maintenance: planned(runtime, scopes) };
});

/** Plans a window from `{reason, for | end, start, rules, app, environment}`; 201 with the window once it is durable. */
export const POST = guardedRoute(
  z.object({}),
  { access: 'deploy', cost: COST },
  async ({ request, grant }) => {
    const runtime = getRuntime();
    const read = newMaintenanceSchema.safeParse(await readRequestJson(request, MAX_BYTES));
    if (!read.success) throw new KnownError('bad_input', describeIssues(read.error));
    const { app, environment, reason, rules } = read.data;
    const window = windowOf(read.data, runtime.clock.wallMs());
    const scope = chooseToldScope(runtime, { app, environment });
    const made = await plan(runtime, scope, { ...window, reason, rules, by: grantName(grant) });
    return Response.json(made, { status: 201 });
  },
);
