'use server';
import { z } from 'zod';
import type { NowTick } from '@/lib/core/model/view.ts';
import { NAMED_RANGES } from '@/lib/core/time/named-range.ts';
import { readNowTick as readTick } from '@/lib/server/queries/now.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

const inputSchema = z.strictObject({
  app: z.string().max(100),
  environment: z.string().max(100),
  range: z.enum(NAMED_RANGES),
  /** Points before it are known to the caller. */
  sinceMs: z.number().int().nonnegative(),
});

/** The one batched read of the Now page: all of its panels in one answer a tick. */
export const readNowTick = action(
  inputSchema,
  async (_call, input): Promise<NowTick> => readTick(getRuntime(), input),
  { name: 'readNowTick' },
);
