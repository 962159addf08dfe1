import 'server-only';
import type { Target } from '../config/types.ts';
import { app } from './app/index.ts';
import type { CollectorSession, CountAct } from './collector.ts';
import { postgres } from './postgres/index.ts';
import { redis } from './redis/index.ts';

/** The registry: a new source is a new folder and a line here. */
export function openSession(target: Target, deps: { count: CountAct }): CollectorSession {
  switch (target.kind) {
    case 'redis':
      return redis.open(target, deps);
    case 'postgres':
      return postgres.open(target, deps);
    case 'app':
      return app.open(target, deps);
    default:
      return target satisfies never;
  }
}
