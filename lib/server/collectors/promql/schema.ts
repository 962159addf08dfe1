import 'server-only';
import { z } from 'zod';

/** `[seconds, "value"]`: the time may have decimals, the value is always text. */
const pointSchema = z.tuple([z.number(), z.string()]);
const labelsSchema = z.record(z.string(), z.string());

/** A native histogram has `histogram(s)` in place of `value(s)`: such a series is passed over. */
const vectorSchema = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.looseObject({ metric: labelsSchema, value: pointSchema.optional() })),
});
const matrixSchema = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.looseObject({ metric: labelsSchema, values: z.array(pointSchema).optional() })),
});
const scalarSchema = z.object({ resultType: z.literal('scalar'), result: pointSchema });
const stringSchema = z.object({ resultType: z.literal('string'), result: pointSchema });

export const queryDataSchema = z.discriminatedUnion('resultType', [
  vectorSchema,
  matrixSchema,
  scalarSchema,
  stringSchema,
]);
export type QueryData = z.infer<typeof queryDataSchema>;

/** What every answer of the API is wrapped in. VictoriaMetrics adds `isPartial`, Thanos and Mimir `warnings`. */
export const envelopeSchema = z.looseObject({
  status: z.enum(['success', 'error']),
  data: z.unknown().optional(),
  errorType: z.string().optional(),
  error: z.string().optional(),
  warnings: z.array(z.string()).nullish(),
  isPartial: z.boolean().optional(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

export const namesSchema = z.array(z.string());
