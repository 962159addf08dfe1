import 'server-only';
import { headers } from 'next/headers';
import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { readAsker } from '@/lib/server/auth/request-facts.ts';
import { type ActionCall, type ActionOptions, guardAction } from '@/lib/server/http/guard-action.ts';
import { PATH_HEADER } from '@/lib/server/http/headers.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/**
 * Makes a server action: `export const pollNow = action(schema, handler)` in a file that begins with `'use server'`.
 * The handler runs only for a caller who may read, from a page of ours, with an input that fits; for a failure that
 * the caller may be told it throws `KnownError`.
 */
export function action<S extends z.ZodType, T>(
  schema: S,
  handler: (call: ActionCall, input: z.output<S>) => Promise<T> | T,
  options?: ActionOptions,
): (input: z.input<S>) => Promise<ActionResult<T>> {
  return guardAction(
    {
      readDeps: getRuntime,
      readAsker: async () => {
        const list = await headers();
        return readAsker(list, { method: 'POST', path: list.get(PATH_HEADER) ?? '/' });
      },
      rethrow: unstable_rethrow,
    },
    schema,
    handler,
    options,
  );
}
