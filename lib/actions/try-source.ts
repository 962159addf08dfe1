'use server';
import { z } from 'zod';
import type { SourceTestView } from '@/lib/core/sources/settings-view.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { testSource as visit } from '@/lib/server/sources/visit-source.ts';
import { action } from './action.ts';

/** A visit contacts a source and may cost commands: of 600 points a minute it takes 30. */
const COST = 30;

/** Visits one source now and tells what was read; resolves when the visit is stored. */
export const testSource = action(
  z.strictObject({ id: z.string().min(1).max(500) }),
  async (_call, { id }): Promise<SourceTestView> => visit(getRuntime(), id),
  { name: 'testSource', cost: COST },
);
