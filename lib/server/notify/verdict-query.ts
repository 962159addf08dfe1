import 'server-only';
import { z } from 'zod';
import { MAX_WAIT_SECONDS } from './wait-verdict.ts';

const part = z.string().min(1).max(64).optional();

/** What the verdict of a deploy may be asked for with. */
export const verdictQuerySchema = z.object({
  wait: z.coerce
    .number('a number of seconds was expected')
    .min(0, 'seconds from 0 on were expected')
    .max(MAX_WAIT_SECONDS, `at most ${MAX_WAIT_SECONDS} s were expected: ask again after them`)
    .default(0)
    .meta({ description: 'Seconds to wait for a verdict, at most 60' }),
  app: part,
  environment: part,
});
