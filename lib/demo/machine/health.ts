import { APP } from '../story.ts';
import type { MachineState } from '../world-state.ts';

/** The health answer in the draft "health+json" form. Cached results: asking costs the machine nothing. */
export function healthOf(machine: MachineState, atMs: number): Record<string, unknown> {
  const time = new Date(atMs).toISOString();
  return {
    status: 'pass',
    version: machine.release,
    releaseId: machine.release,
    serviceId: APP,
    description: `${APP} web machine`,
    machine: machine.name,
    region: machine.region,
    startedAt: new Date(machine.startedMs).toISOString(),
    checks: {
      uptime: [
        {
          componentType: 'system',
          observedValue: Math.floor((atMs - machine.startedMs) / 1000),
          observedUnit: 's',
          status: 'pass',
          time,
        },
      ],
      'redis:connections': [{ componentType: 'datastore', observedValue: 1, status: 'pass', time }],
      'postgres:connections': [
        { componentType: 'datastore', observedValue: machine.dbPoolUsed, status: 'pass', time },
      ],
    },
  };
}
