'use server';
import { z } from 'zod';
import type { NowTick } from '@/lib/core/model/view.ts';
import { comparisonSchema, pageWindowSchema, windowFault } from '@/lib/core/time/page-window-schema.ts';
import { KnownError } from '@/lib/server/http/guards.ts';
import { readNowTick as readTick } from '@/lib/server/queries/now.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

const revisionSchema = z.string().max(40);

const inputSchema = z.strictObject({
  app: z.string().max(100),
  environment: z.string().max(100),
  window: pageWindowSchema,
  comparison: comparisonSchema,
  /** Points before it are known to the caller. */
  sinceMs: z.number().int().nonnegative(),
  /** True while the banner of a suspension is open. */
  details: z.boolean().optional(),
  /** The steady parts that the caller has, as the tick before called them. */
  known: z.strictObject({ watch: revisionSchema, alerts: revisionSchema, money: revisionSchema }).optional(),
});

/** The one batched read of the Now page: all of its panels in one answer a tick. */
export const readNowTick = action(
  inputSchema,
  async (_call, input): Promise<NowTick> => {
    const runtime = getRuntime();
    const fault = windowFault(input.window, runtime.clock.wallMs());
    if (fault !== null) throw new KnownError('bad_input', fault);
    return readTick(runtime, input);
  },
  { name: 'readNowTick' },
);
