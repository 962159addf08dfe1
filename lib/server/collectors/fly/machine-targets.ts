import 'server-only';
import { targetId } from '@/lib/core/model/target.ts';
import type { AppTarget, FlyTarget } from '@/lib/server/config/types.ts';
import { forcedAddress, type MachineAddress, privateAddress } from './discover.ts';
import type { FlyMachine } from './machines.ts';

const METRICS_PATH = '/metrics';

/**
 * A target for each machine of the list that serves metrics, in the order of the list; empty where the config does not
 * ask for it. A machine that is parked is among them: it is one that is left alone.
 */
export function machineTargets(source: FlyTarget, machines: readonly FlyMachine[]): AppTarget[] {
  const { scrape = null } = source;
  if (scrape === null) return [];
  return machines.flatMap((machine): AppTarget[] => {
    const metrics = addressOf(source, machine, scrape.path ?? machine.metrics?.path ?? METRICS_PATH);
    if (metrics === null) return [];
    const health = scrape.health === null ? null : addressOf(source, machine, scrape.health);
    return [
      {
        app: source.app,
        environment: source.environment,
        kind: 'app',
        name: machine.id,
        group: source.flyApp,
        metricsUrl: metrics.url,
        healthUrl: health?.url ?? null,
        address: new URL(metrics.url).host,
        bearer: scrape.token,
        mapping: [],
        headers: metrics.headers,
        machine: { source: targetId(source), id: machine.id },
        intervalSeconds: scrape.intervalSeconds,
        timeoutSeconds: scrape.timeoutSeconds,
      },
    ];
  });
}

/** Null when nobody says at which port it serves: another group of the app may serve nothing. */
function addressOf({ flyApp, scrape }: FlyTarget, machine: FlyMachine, path: string): MachineAddress | null {
  const found = { id: machine.id, region: machine.region, address: machine.privateIp };
  if (scrape?.url != null) return forcedAddress(scrape.url, found, path);
  const port = scrape?.port ?? machine.metrics?.port ?? null;
  return port === null ? null : privateAddress(flyApp, found, { port, path });
}
