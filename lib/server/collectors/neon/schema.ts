import 'server-only';
import { z } from 'zod';

/** Usage and sizes; what is larger than a number can hold exactly is still a size. */
const amount = z.number().finite().nonnegative();
/** RFC 3339 as Unix ms. A time that cannot be read is as good as none where it is optional. */
const instant = z.string().transform((text, context) => {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) context.addIssue({ code: 'custom', message: 'is not a time' });
  return ms;
});
const maybeInstant = instant.nullish().catch(null);
const maybeAmount = amount.nullish().catch(null);
const name = z.string().max(256);

/** Strict on what we use, loose on the rest: unknown fields are left where they are. */
export const endpointSchema = z.object({
  id: name,
  branch_id: name,
  type: z.string(),
  current_state: z.string(),
  pending_state: z.string().nullish(),
  disabled: z.boolean(),
  suspend_timeout_seconds: z.number().int().min(-1),
  autoscaling_limit_min_cu: z.number().positive().nullish().catch(null),
  autoscaling_limit_max_cu: z.number().positive().nullish().catch(null),
  created_at: maybeInstant,
  last_active: maybeInstant,
  started_at: maybeInstant,
  suspended_at: maybeInstant,
  compute_release_version: name.nullish().catch(null),
});
export type EndpointRow = z.infer<typeof endpointSchema>;
export const endpointsSchema = z.object({ endpoints: z.array(endpointSchema) });
export const endpointAnswerSchema = z.object({ endpoint: endpointSchema });

export const operationSchema = z.object({
  id: z.string().max(100),
  action: z.string().max(100),
  status: z.string().max(100),
  endpoint_id: name.nullish(),
  created_at: instant,
  updated_at: instant,
});
const cursorSchema = z.object({ cursor: z.string().max(1000).nullish() }).nullish();
export const operationsSchema = z.object({
  operations: z.array(operationSchema),
  pagination: cursorSchema,
});
export type OperationsPage = z.infer<typeof operationsSchema>;

const quotaSchema = z.object({
  active_time_seconds: maybeAmount,
  compute_time_seconds: maybeAmount,
  written_data_bytes: maybeAmount,
  data_transfer_bytes: maybeAmount,
  logical_size_bytes: maybeAmount,
});
export type QuotaRow = z.infer<typeof quotaSchema>;

export const projectSchema = z.object({
  id: name,
  name,
  region_id: name.nullish(),
  pg_version: z.number().nullish().catch(null),
  org_id: name.nullish(),
  compute_time_seconds: maybeAmount,
  active_time_seconds: maybeAmount,
  written_data_bytes: maybeAmount,
  data_transfer_bytes: maybeAmount,
  data_storage_bytes_hour: maybeAmount,
  synthetic_storage_size: maybeAmount,
  branch_logical_size_limit_bytes: maybeAmount,
  consumption_period_start: maybeInstant,
  consumption_period_end: maybeInstant,
  maintenance_scheduled_for: maybeInstant,
  maintenance_starts_at: maybeInstant,
  owner: z
    .object({ subscription_type: z.string().max(100) })
    .nullish()
    .catch(null),
  settings: z
    .object({ quota: quotaSchema.nullish().catch(null) })
    .nullish()
    .catch(null),
});
export type ProjectRow = z.infer<typeof projectSchema>;
export const projectAnswerSchema = z.object({ project: projectSchema });
/** Of a listed project only the id is used: the list has other fields than the project itself. */
export const projectsSchema = z.object({ projects: z.array(z.object({ id: name })) });

export const branchSchema = z.object({
  id: name,
  name,
  default: z.boolean().nullish(),
  current_state: z.string(),
  logical_size: maybeAmount,
  compute_time_seconds: maybeAmount,
  written_data_bytes: maybeAmount,
});
export type BranchRow = z.infer<typeof branchSchema>;
export const branchesSchema = z.object({
  branches: z.array(branchSchema),
  pagination: z.object({ next: z.string().max(1000).nullish() }).nullish(),
});

export const spendingLimitSchema = z.object({ spending_limit_cents: amount.nullable() });

/** Consumption history v2: usage by period and by hour, oldest first. */
export const consumptionSchema = z.object({
  projects: z.array(
    z.object({
      project_id: name,
      periods: z.array(
        z.object({
          consumption: z.array(
            z.object({
              timeframe_start: instant,
              timeframe_end: instant,
              metrics: z.array(z.object({ metric_name: z.string(), value: z.number().finite() })),
            }),
          ),
        }),
      ),
    }),
  ),
  pagination: cursorSchema,
});
export type ConsumptionAnswer = z.infer<typeof consumptionSchema>;

/** What Neon says when it refuses. */
export const errorBodySchema = z.object({ code: z.string().catch(''), message: z.string() });
