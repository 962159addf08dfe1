'use server';
import { z } from 'zod';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

const inputSchema = z.strictObject({ app: z.string().max(100), environment: z.string().max(100) });

/** A visit contacts every target and may cost commands, so a person may ask for few: of 600 points a minute it takes 30. */
const COST = 30;

/** Visits every source of the scope now; resolves when all visits are stored. */
export const pollNow = action(
  inputSchema,
  async (_call, scope): Promise<{ visited: number }> => ({
    visited: await getRuntime().poller.visitNow(scope),
  }),
  { name: 'pollNow', cost: COST },
);
