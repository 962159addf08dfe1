'use server';
import { z } from 'zod';
import { KnownError, NOT_READY } from '@/lib/server/http/guards.ts';
import type { ReceiverTest } from '@/lib/server/notify/send-test.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

/** A message leaves the house: of 600 points a minute each takes 60. Each receiver has a limit of its own beside it. */
const COST = 60;

/** Sends a real test message to one receiver and tells in words what came of it. */
export const testReceiver = action(
  z.strictObject({ name: z.string().min(1).max(64) }),
  async (_call, { name }): Promise<ReceiverTest> => {
    const { notify } = getRuntime();
    if (notify === undefined) throw new KnownError('not_ready', NOT_READY);
    return notify.test(name);
  },
  { name: 'testReceiver', cost: COST },
);
