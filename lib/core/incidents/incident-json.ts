import { z } from 'zod';
import { UNITS } from '../metrics/catalogue/entry.ts';
import { CLAIM_STATES, PROMISE_DIRECTIONS } from '../model/claim.ts';
import {
  hypothesisSchema,
  IMPACT_IDS,
  type IncidentView,
  incidentActionSchema,
  incidentEntrySchema,
  incidentSchema,
} from '../model/incident.ts';
import { QUALITIES } from '../model/sample.ts';
import { MARK_KINDS } from '../model/view.ts';
import { RATE_WINDOWS } from '../units/format-rate.ts';

const maybe = z.number().nullable();

/**
 * An incident as JSON for other programs. Fields are added, never renamed or removed, while `version` is 1. Instants are
 * Unix ms, values are in base units (a rate is per second), null is not known.
 */
export const incidentJsonSchema = z.object({
  version: z.literal(1),
  asOfMs: z.number(),
  /** Address of its page. */
  url: z.string(),
  incident: incidentSchema
    .pick({
      ...{ id: true, app: true, environment: true, title: true, cause: true, status: true },
      ...{ startMs: true, endMs: true, openedMs: true, openedBy: true, mergedInto: true, merged: true },
    })
    .extend({ release: z.string().nullable() }),
  impact: z.array(
    z.object({
      id: z.enum(IMPACT_IDS),
      label: z.string(),
      value: maybe,
      unit: z.enum([...UNITS, 'ms']),
      note: z.string().nullable(),
      /** Why the value is not known. */
      why: z.string().nullable(),
      quality: z.enum(QUALITIES),
    }),
  ),
  claims: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      state: z.enum(CLAIM_STATES),
      provisional: z.boolean(),
      reason: z.string().nullable(),
      why: z.string().nullable(),
      unit: z.string(),
      /** The time that its values are told for; they are per second all the same. */
      window: z.enum(RATE_WINDOWS).nullable(),
      before: maybe,
      promised: z
        .object({ direction: z.enum(PROMISE_DIRECTIONS), value: z.number(), limit: z.number() })
        .nullable(),
      measured: maybe,
      effectPct: maybe,
      interval: z.array(z.number()).nullable(),
    }),
  ),
  timeline: z.array(incidentEntrySchema.omit({ hidden: true })),
  /** Lines of the timeline that people have hidden; they are not above. */
  hiddenEntries: z.number(),
  hypotheses: z.array(hypothesisSchema),
  actions: z.array(incidentActionSchema),
  deploys: z.array(
    z.object({
      release: z.string(),
      kind: z.enum(MARK_KINDS),
      startMs: z.number(),
      endMs: maybe,
    }),
  ),
  charts: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      unit: z.enum(UNITS),
      as: z.enum(['rate', 'increase', 'value']),
      range: z.object({ startMs: z.number(), endMs: z.number() }),
      stepMs: z.number(),
      /** Why there is no data; null where there is. */
      missing: z.string().nullable(),
      gaps: z.array(z.object({ startMs: z.number(), endMs: z.number(), reason: z.string() })),
      lines: z.array(
        z.object({
          label: z.string(),
          quality: z.enum(QUALITIES),
          /** `[start of the bucket, value]`. */
          points: z.array(z.tuple([z.number(), maybe])),
        }),
      ),
    }),
  ),
});
export type IncidentJson = z.infer<typeof incidentJsonSchema>;

/** What of an incident is exported as JSON: `incidentJsonSchema`. `url`: its page. */
export function incidentJson(view: IncidentView, { url }: Readonly<{ url: string }>): IncidentJson {
  const { asOfMs, incident, release, impact, claims, charts, marks } = view;
  const shown = incident.entries.filter(({ hidden }) => hidden === null);
  // The schema keeps what it names and drops the rest.
  return incidentJsonSchema.parse({
    ...{ version: 1, asOfMs, url, impact, claims, deploys: marks, timeline: shown },
    incident: { ...incident, release },
    hiddenEntries: incident.entries.length - shown.length,
    hypotheses: incident.hypotheses,
    actions: incident.actions,
    charts: charts.map(({ id, title, view: { missing, ...chart } }) => ({
      ...{ id, title },
      ...chart,
      missing: missing?.reason ?? null,
    })),
  });
}
