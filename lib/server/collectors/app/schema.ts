import 'server-only';
import { z } from 'zod';

/**
 * What we rely on in a health body: an object. Every field is optional and of any type, since there is no standard
 * (the draft for `application/health+json` expired); each reader takes the shapes that it knows and leaves the rest.
 * Shapes known: draft-inadarei-api-health-check-06, Spring Boot Actuator, NestJS Terminus, `{"ok": true}`.
 */
export const healthBodySchema = z.looseObject({
  status: z.unknown().optional(),
  ok: z.unknown().optional(),
  healthy: z.unknown().optional(),
  checks: z.unknown().optional(),
  components: z.unknown().optional(),
  details: z.unknown().optional(),
});
export type HealthBody = z.infer<typeof healthBodySchema>;

/** Any JSON object: a part of a body whose inside is looked at field by field. */
export const objectSchema = z.record(z.string(), z.unknown());

/** A text or number that may be shown as a fact. */
export const factSchema = z.union([z.string(), z.number()]);
