import 'server-only';
import type { Target } from '../config/types.ts';
import { app } from './app/index.ts';
import type { CollectorSession, CountAct } from './collector.ts';
import { fly } from './fly/index.ts';
import { logs } from './logs/index.ts';
import { gateFor, OwnVisits } from './neon/gate.ts';
import { neon } from './neon/index.ts';
import { postgres } from './postgres/index.ts';
import { prometheus } from './prometheus/index.ts';
import { redis } from './redis/index.ts';
import { upstash } from './upstash/index.ts';

export type OpenSession = (target: Target, deps: { count: CountAct }) => CollectorSession;

/**
 * The registry: a new source is a new folder and a line here. `targets` are all that are configured: a Postgres at Neon
 * is only visited as the Neon source of its app allows, and visits to one compute know of each other.
 */
export function sessionOpener(targets: readonly Target[]): OpenSession {
  const neonSources = targets.filter((target) => target.kind === 'neon');
  const visits = new OwnVisits();
  return (target, deps) => {
    switch (target.kind) {
      case 'redis':
        return redis.open(target, deps);
      case 'upstash':
        return upstash.open(target, deps);
      case 'postgres':
        return postgres.open(target, { ...deps, gate: gateFor(target, neonSources, { ...deps, visits }) });
      case 'neon':
        return neon.open(target, deps);
      case 'app':
        return app.open(target, deps);
      case 'fly':
        return fly.open(target, deps);
      case 'prometheus':
        return prometheus.open(target, deps);
      case 'logs':
        return logs.open(target);
      default:
        return target satisfies never;
    }
  };
}
