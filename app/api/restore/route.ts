import {
  MAX_PART_BYTES,
  restoreQuerySchema,
  restoreStateQuerySchema,
} from '@/lib/server/backup/restore-query.ts';
import { Restores } from '@/lib/server/backup/restores.ts';
import { readRequestBytes } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { getRuntime, restartRuntime } from '@/lib/server/runtime.ts';

const restores = new Restores(restartRuntime);

/** Takes a part of a backup (`offset`): `{received}`. With `replace=everything` puts it in the place of all there is: `{state}`. */
export const POST = guardedRoute(
  restoreQuerySchema,
  { access: 'owner' },
  async ({ request }, { upload, offset }) => {
    const runtime = getRuntime();
    if (offset === undefined) return restores.replace(runtime, upload);
    const bytes = await readRequestBytes(request, MAX_PART_BYTES);
    if (bytes === null) throw new KnownError('bad_input', `A part holds at most ${MAX_PART_BYTES} bytes.`);
    return { received: await restores.takePart(runtime, upload, offset, bytes) };
  },
);

/** How a restore stands: `{state: 'running' | 'done' | 'failed', …}`, at its end or after 20 s. */
export const GET = guardedRoute(restoreStateQuerySchema, { access: 'owner' }, (_call, { upload }) =>
  restores.stateOf(upload),
);
