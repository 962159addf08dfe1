import 'server-only';
import { z } from 'zod';

/** Most that one part of an upload holds. */
export const MAX_PART_BYTES = 512 * 1024;

/** Names an upload: chosen by who sends it. */
const upload = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits');

/** A part that begins at `offset`, or the word that everything is to be replaced by what was sent. */
export const restoreQuerySchema = z
  .strictObject({
    upload,
    offset: z
      .string()
      .regex(/^\d{1,15}$/, 'must be a number of bytes')
      .transform(Number)
      .optional(),
    replace: z.literal('everything').optional(),
  })
  .refine(({ offset, replace }) => (offset === undefined) !== (replace === undefined), {
    message: 'either offset or replace is needed',
  });

export const restoreStateQuerySchema = z.strictObject({ upload });

/** How a restore stands. `done`: the server has begun anew over it. */
export const restoreStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running') }),
  z.object({
    state: z.literal('done'),
    backup: z.object({
      schema: z.number(),
      madeAtMs: z.number(),
      engine: z.string(),
      version: z.string(),
      storeBytes: z.number(),
    }),
  }),
  z.object({ state: z.literal('failed'), message: z.string() }),
]);
export type RestoreState = z.output<typeof restoreStateSchema>;
