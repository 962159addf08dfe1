import 'server-only';
import { z } from 'zod';
import { FROZEN_CHARTS, SHARE_DAYS, SHARE_SWITCHES } from '@/lib/core/model/share.ts';
import { deployIdSchema } from '../deploys/new-deploy.ts';
import { incidentIdSchema } from '../incidents/schema.ts';

const instant = z.int().min(0).max(8_640_000_000_000_000);
const part = z.string().min(1).max(100);

/** What a copy is asked for of. */
export const shareSubjectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('incident'), incidentId: incidentIdSchema }),
  z.strictObject({ kind: z.literal('deploy'), deployId: deployIdSchema }),
  z.strictObject({
    kind: z.literal('chart'),
    app: part,
    environment: part,
    chart: z.enum(FROZEN_CHARTS),
    range: z
      .strictObject({ startMs: instant, endMs: instant })
      .refine(({ startMs, endMs }) => startMs < endMs, 'a start before its end was expected'),
  }),
]);

/** Every switch, each said: none is on by being left out. */
export const shareSwitchesSchema = z.strictObject(
  Object.fromEntries(SHARE_SWITCHES.map((name) => [name, z.boolean()])) as Record<
    (typeof SHARE_SWITCHES)[number],
    z.ZodBoolean
  >,
);

export const shareDaysSchema = z.int().min(1).max(SHARE_DAYS.most);

/** The id of a share or of a preview: letters and digits that name it and open nothing. */
export const shareIdSchema = z.string().regex(/^[\w-]{8,32}$/, 'the id of a share was expected');
