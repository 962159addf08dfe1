'use server';
import { z } from 'zod';
import type { ConfigView } from '@/lib/core/settings/config-view.ts';
import { readConfigPage } from '@/lib/server/queries/config-page.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

/** The one batched read of the Config page: settings and machines in one answer a tick. */
export const readConfig = action(
  z.strictObject({ app: z.string().max(100), environment: z.string().max(100) }),
  async (_call, input): Promise<ConfigView> => readConfigPage(getRuntime(), input),
  { name: 'readConfig' },
);
