import { z } from 'zod';
import { askServer } from './ask-server.ts';
import type { CommandIo } from './command.ts';

const text = z.string();
const sourceSchema = z.looseObject({
  id: text,
  kind: text,
  name: text,
  state: text,
  ageSeconds: z.number().nullable(),
  lastError: text.nullable(),
  fix: text.nullish().transform((fix) => fix ?? null),
});
const bodySchema = z.looseObject({
  mode: z
    .looseObject({ mode: text, quality: text, evidence: text, sinceMs: z.number().nullable() })
    .nullable(),
  sources: z.array(sourceSchema),
  /** Firing ones; an older server may name them otherwise. */
  alerts: z.array(z.looseObject({ title: text.optional(), detail: text.nullish() })),
  /** Of the newest deploy that is watched; an older server has none. */
  watch: z
    .looseObject({
      release: text,
      state: text,
      provisional: z.boolean(),
      reason: text.nullable(),
      met: z.number(),
      of: z.number(),
      origin: text,
      ends: text,
      override: text.nullable(),
    })
    .nullish()
    .transform((watch) => watch ?? null),
  observer: z.looseObject({
    commands: z.number(),
    connects: z.number(),
    queries: z.number(),
    requests: z.number(),
    usdToday: z
      .number()
      .nullish()
      .transform((usd) => usd ?? null),
  }),
});

export type StatusBody = z.output<typeof bodySchema>;
export type StatusSource = StatusBody['sources'][number];

/** The parsed body and the body as it came, or one line that says why there is none. */
export type StatusAnswer = { body: StatusBody; raw: unknown } | { fault: string };

/** Asks a running Afterwatch for `/api/status`. Never throws; no fault holds the token. */
export async function fetchStatus(io: Pick<CommandIo, 'env'>): Promise<StatusAnswer> {
  const answer = await askServer(io, { method: 'GET', path: '/api/status' });
  if ('fault' in answer) return { fault: answer.fault };
  const parsed = bodySchema.safeParse(answer.raw);
  if (parsed.success) return { body: parsed.data, raw: answer.raw };
  return {
    fault: `${answer.origin} gave no status that we can read: check that AFTERWATCH_URL is an Afterwatch of this version`,
  };
}
