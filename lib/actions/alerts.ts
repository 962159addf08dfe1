'use server';
import { z } from 'zod';
import type { AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import { ALERT_RULES } from '@/lib/core/alerts/rules/rule.ts';
import { SILENCE_SPANS, silenceEndMs } from '@/lib/core/model/alert.ts';
import { grantName } from '@/lib/server/auth/grant-name.ts';
import type { ActionCall } from '@/lib/server/http/guard-action.ts';
import { KnownError } from '@/lib/server/http/guards.ts';
import { endPlanned, plan } from '@/lib/server/maintenance/commands.ts';
import { reasonSchema } from '@/lib/server/maintenance/schema.ts';
import { readAlerts as read } from '@/lib/server/queries/alerts.ts';
import { readWatchEndMs } from '@/lib/server/queries/watch-end.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

const scope = { app: z.string().max(100), environment: z.string().max(100) };
const id = z.string().min(1).max(500);
const oneSchema = z.strictObject({ ...scope, id });

/** The one batched read of the Alerts page: the list and the detail of the chosen alert in one answer a tick. */
export const readAlerts = action(
  z.strictObject({ ...scope, selected: id.nullable() }),
  async (_call, input): Promise<AlertsView> => read(getRuntime(), input),
  { name: 'readAlerts' },
);

/** Says that somebody has taken it up; durable when resolved. */
export const acknowledgeAlert = action(
  oneSchema,
  async (call, input): Promise<{ id: string }> => act(call, input, { kind: 'acknowledge' }),
  { name: 'acknowledgeAlert', cost: 2 },
);

/** Keeps it quiet for a while; it is evaluated all the same. Durable when resolved. */
export const silenceAlert = action(
  oneSchema.extend({ span: z.enum(SILENCE_SPANS) }),
  async (call, { span, ...input }): Promise<{ id: string }> => {
    const { app, environment } = input;
    const nowMs = getRuntime().clock.wallMs();
    const untilMs = silenceEndMs(span, nowMs, readWatchEndMs(getRuntime(), { app, environment }, nowMs));
    if (untilMs === null)
      throw new KnownError('bad_input', 'No watch is running: silence it for 1 h or 4 h.');
    return act(call, input, { kind: 'silence', untilMs });
  },
  { name: 'silenceAlert', cost: 2 },
);

/** Ends a silence; durable when resolved. */
export const wakeAlert = action(
  oneSchema,
  async (call, input): Promise<{ id: string }> => act(call, input, { kind: 'wake' }),
  { name: 'wakeAlert', cost: 2 },
);

const instant = z.int().min(0).max(8_640_000_000_000_000);

/** Plans a time in which alerts are not told, of some rules or of all; durable when resolved. */
export const planMaintenance = action(
  z.strictObject({
    ...scope,
    ...{ startMs: instant, endMs: instant, reason: reasonSchema },
    rules: z.array(z.enum(ALERT_RULES)).max(ALERT_RULES.length),
  }),
  async (call, { app, environment, ...asked }): Promise<{ id: string }> => {
    const { id } = await plan(getRuntime(), { app, environment }, { ...asked, by: grantName(call.grant) });
    return { id };
  },
  { name: 'planMaintenance', cost: 2 },
);

/** Ends a window, or calls it off; durable when resolved. */
export const endMaintenance = action(
  oneSchema,
  async (_call, { app, environment, id: asked }): Promise<{ id: string }> => {
    await endPlanned(getRuntime(), [{ app, environment }], asked);
    return { id: asked };
  },
  { name: 'endMaintenance', cost: 2 },
);

async function act(
  call: ActionCall,
  { app, environment, id: asked }: z.output<typeof oneSchema>,
  what: { kind: 'acknowledge' } | { kind: 'wake' } | { kind: 'silence'; untilMs: number },
): Promise<{ id: string }> {
  const { alerts, clock } = getRuntime();
  const isDone = await alerts?.act({ app, environment }, asked, what, grantName(call.grant), clock.wallMs());
  if (isDone !== true) throw new KnownError('not_found', 'That alert is not open any more.');
  return { id: asked };
}
