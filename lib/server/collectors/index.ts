import 'server-only';
import type { Target } from '../config/types.ts';
import { app } from './app/index.ts';
import type { CollectorSession, CountAct } from './collector.ts';
import { fly, type SeeApp, type SeeMachines } from './fly/index.ts';
import { MachineStates } from './fly/machine-states.ts';
import { logs } from './logs/index.ts';
import { gateFor, OwnVisits } from './neon/gate.ts';
import { neon } from './neon/index.ts';
import { postgres } from './postgres/index.ts';
import { prometheus } from './prometheus/index.ts';
import { redis } from './redis/index.ts';
import { upstash } from './upstash/index.ts';
import { UsageBook } from './usage-book.ts';

export type OpenSession = (target: Target, deps: { count: CountAct }) => CollectorSession;

/**
 * The registry: a new source is a new folder and a line here. `targets` are all that are configured: a Postgres at Neon
 * is only visited as the Neon source of its app allows, visits to one compute know of each other, and a metered Redis is
 * visited less often where the Upstash source tells its commands.
 */
export function sessionOpener(
  targets: readonly Target[],
  see: SeeMachines = () => undefined,
  seeApp: SeeApp = () => undefined,
): OpenSession {
  const neonSources = targets.filter((target) => target.kind === 'neon');
  const visits = new OwnVisits();
  const states = new MachineStates();
  const usage = new UsageBook();
  return (target, deps) => {
    switch (target.kind) {
      case 'redis':
        return redis.open(target, { ...deps, usage });
      case 'upstash':
        return upstash.open(target, { ...deps, usage });
      case 'postgres':
        return postgres.open(target, { ...deps, gate: gateFor(target, neonSources, { ...deps, visits }) });
      case 'neon':
        return neon.open(target, deps);
      case 'app':
        return app.open(target, { ...deps, keepAway: (one, nowMs) => states.keepAway(one, nowMs) });
      case 'fly':
        return fly.open(target, {
          ...deps,
          see: (source, machines, atMs) => {
            states.note(source, machines, atMs);
            see(source, machines, atMs);
          },
          seeApp,
        });
      case 'prometheus':
        return prometheus.open(target, deps);
      case 'logs':
        return logs.open(target);
      default:
        return target satisfies never;
    }
  };
}
