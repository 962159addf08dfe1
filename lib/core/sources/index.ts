import type { SourceKind } from '../model/target.ts';
import { appSpec } from './kinds/app.ts';
import { flySpec } from './kinds/fly.ts';
import { logsSpec } from './kinds/logs.ts';
import { neonSpec } from './kinds/neon.ts';
import { postgresSpec } from './kinds/postgres.ts';
import { prometheusSpec } from './kinds/prometheus.ts';
import { redisSpec } from './kinds/redis.ts';
import { upstashSpec } from './kinds/upstash.ts';
import type { SourceKindSpec } from './source-kind.ts';

/** Every kind of source, told once: what it lights up, its exact calls, their cost, and the least that it needs. */
export const SOURCE_SPECS: Readonly<Record<SourceKind, SourceKindSpec>> = {
  redis: redisSpec,
  upstash: upstashSpec,
  postgres: postgresSpec,
  neon: neonSpec,
  app: appSpec,
  fly: flySpec,
  prometheus: prometheusSpec,
  logs: logsSpec,
};
