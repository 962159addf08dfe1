import 'server-only';
import { type MaintenanceView, toMaintenanceViews } from '@/lib/core/alerts/maintenance.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { NewMaintenance } from '../engine/alerts.ts';
import { KnownError, NOT_READY } from '../http/guards.ts';
import type { Runtime } from '../runtime.ts';

type Deps = Pick<Runtime, 'alerts' | 'clock'>;

export type ScopedMaintenance = Scope & MaintenanceView;

/** Windows of these scopes that run or are to come, the one that begins first at the top. */
export function planned({ alerts, clock }: Deps, scopes: readonly Scope[]): ScopedMaintenance[] {
  const nowMs = clock.wallMs();
  return scopes
    .flatMap(({ app, environment }) =>
      toMaintenanceViews(alerts?.current({ app, environment })?.maintenance ?? [], nowMs).map((view) => ({
        ...{ app, environment, ...view },
      })),
    )
    .sort((a, b) => a.startMs - b.startMs);
}

/** Plans a window; durable when resolved. Throws `KnownError` for one that cannot be. */
export async function plan(
  { alerts, clock }: Deps,
  scope: Scope,
  asked: NewMaintenance,
): Promise<ScopedMaintenance> {
  if (alerts === undefined) throw new KnownError('not_ready', NOT_READY);
  const nowMs = clock.wallMs();
  const window = await alerts.planMaintenance(scope, asked, nowMs);
  if (window === null) throw new KnownError('not_found', 'No app of that name and environment is watched.');
  if (typeof window === 'string') throw new KnownError('bad_input', window);
  return { ...scope, ...window, isRunning: window.startMs <= nowMs };
}

/** Ends the window of that id in whichever of these scopes it is. Throws `KnownError` where it is in none. */
export async function endPlanned(
  { alerts, clock }: Deps,
  scopes: readonly Scope[],
  id: string,
): Promise<void> {
  for (const scope of scopes) if (await alerts?.endMaintenance(scope, id, clock.wallMs())) return;
  throw new KnownError('not_found', 'No window of that id runs or is to come.');
}
