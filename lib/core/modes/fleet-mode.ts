import type { RedisMode } from '../model/redis-mode.ts';
import type { Quality } from '../model/sample.ts';
import type { ScrapeErrorKind } from '../model/scrape.ts';
import type { SourceState } from '../model/source-state.ts';

/** What our own visits to a Redis tell about it. */
export interface RedisEvidence {
  name: string;
  state: SourceState;
  errorKind: ScrapeErrorKind | null;
  /** Commands other than ours in the latest interval, per second; null when unknown. */
  commandsPerSecond: number | null;
}

/** What a machine says of its own Redis switch; null when it exports nothing of the kind. */
export interface MachineEvidence {
  name: string;
  suspended: boolean | null;
}

export interface FleetMode {
  mode: RedisMode;
  quality: Quality;
  /** One plain sentence: what it was read from. */
  evidence: string;
}

/**
 * Redis mode of a fleet. What the machines say of their own switch is measured; what we infer from INFO is not: a
 * Redis that answers us may be one that the app does not use, and PONG proves nothing.
 */
export function fleetMode(redis: readonly RedisEvidence[], machines: readonly MachineEvidence[]): FleetMode {
  const told = machines.filter((machine) => machine.suspended !== null);
  const suspended = told.filter((machine) => machine.suspended === true);
  if (suspended.length > 0 && suspended.length < told.length) {
    return measured('mixed', `${suspended.length} of ${told.length} machines say that Redis is suspended`);
  }
  if (suspended.length > 0) {
    return measured('suspended_by_us', `all ${told.length} machines say that Redis is suspended`);
  }
  return fromVisits(redis, told.length);
}

function fromVisits(redis: readonly RedisEvidence[], machinesThatSayActive: number): FleetMode {
  if (redis.length === 0) return unavailable('no Redis source is configured');
  const quota = redis.find((r) => r.errorKind === 'quota');
  if (quota !== undefined)
    return measured('quota_exhausted', `${quota.name} refuses commands: its quota is used up`);
  const limited = redis.find((r) => r.errorKind === 'limit');
  if (limited !== undefined)
    return measured('throttled', `${limited.name} refuses some commands: over a limit`);
  const down = redis.find((r) => r.state === 'down');
  if (down !== undefined) return measured('unreachable', `${down.name} gives no answer to us`);
  const settled = redis.every((r) => r.state === 'ok');
  if (!settled) return unavailable('the latest visits to Redis gave no clear answer');
  if (machinesThatSayActive > 0) {
    return measured('active', `${machinesThatSayActive} machines say that Redis is in use, and it answers`);
  }
  const busy = redis.some((r) => (r.commandsPerSecond ?? 0) > 0);
  return busy
    ? {
        mode: 'active',
        quality: 'inferred',
        evidence: 'inferred from INFO: it answers and its command counters rise',
      }
    : {
        mode: 'unknown',
        quality: 'inferred',
        evidence: 'it answers INFO, but no command other than ours was counted',
      };
}

function measured(mode: RedisMode, evidence: string): FleetMode {
  return { mode, quality: 'measured', evidence };
}

function unavailable(evidence: string): FleetMode {
  return { mode: 'unknown', quality: 'unavailable', evidence };
}
