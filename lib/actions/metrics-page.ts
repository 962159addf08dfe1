'use server';
import { z } from 'zod';
import type { MetricsPageView } from '@/lib/core/reconcile/metrics-page-view.ts';
import { comparisonSchema, pageWindowSchema, windowFault } from '@/lib/core/time/page-window-schema.ts';
import { KnownError } from '@/lib/server/http/guards.ts';
import { readMetricsPage as readPage } from '@/lib/server/queries/metrics-page.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

const inputSchema = z.strictObject({
  app: z.string().max(100),
  environment: z.string().max(100),
  window: pageWindowSchema,
  comparison: comparisonSchema,
});

/** The one batched read of the metrics page: all of its tables in one answer a tick. */
export const readMetricsPage = action(
  inputSchema,
  async (_call, input): Promise<MetricsPageView> => {
    const runtime = getRuntime();
    const fault = windowFault(input.window, runtime.clock.wallMs());
    if (fault !== null) throw new KnownError('bad_input', fault);
    return readPage(runtime, input);
  },
  { name: 'readMetricsPage' },
);
