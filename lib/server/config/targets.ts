import 'server-only';
import { z } from 'zod';
import { type Scope, SOURCE_KINDS } from '@/lib/core/model/target.ts';
import { type Address, type AddressResult, readPostgresAddress, readRedisAddress } from './address.ts';
import { readFly, readNeon, readPrometheus, readUpstash } from './api-targets.ts';
import { readApp } from './app-targets.ts';
import { parseAt, type Reporter } from './issues.ts';
import { readLogs } from './logs-targets.ts';
import { postgresSchema, redisSchema } from './schema.ts';
import { Secret } from './secret.ts';
import { settingsOf } from './settings.ts';
import type { Target } from './types.ts';
import type { Path } from './yaml-file.ts';

/** A target with what tells it from others, and the place that names it. */
export interface NamedTarget {
  target: Target;
  /** Equal for two targets that reach the same thing. */
  key: string;
  path: Path;
}

const ANY_SOURCE = z.looseObject({ kind: z.enum(SOURCE_KINDS) });

/** Targets of one entry of `sources`; empty when it has faults, which are reported. */
export function readSource(reporter: Reporter, data: unknown, path: Path, scope: Scope): NamedTarget[] {
  const kind = parseAt(reporter, ANY_SOURCE, data, path)?.kind;
  switch (kind) {
    case 'redis':
      return readRedis(reporter, data, path, scope);
    case 'postgres':
      return readPostgres(reporter, data, path, scope);
    case 'app':
      return readApp(reporter, data, path, scope);
    case 'upstash':
      return readUpstash(reporter, data, path, scope);
    case 'neon':
      return readNeon(reporter, data, path, scope);
    case 'fly':
      return readFly(reporter, data, path, scope);
    case 'prometheus':
      return readPrometheus(reporter, data, path, scope);
    case 'logs':
      return readLogs(reporter, data, path, scope);
    case undefined:
      return [];
    default:
      return kind satisfies never;
  }
}

function readRedis(reporter: Reporter, data: unknown, path: Path, scope: Scope): NamedTarget[] {
  const source = parseAt(reporter, redisSchema, data, path);
  const settings = source && settingsOf(reporter, source, path, scope);
  const at = source && addressOf(readRedisAddress(source.url));
  if (!settings || !at) return [];
  const { name = 'redis', url, metered = 'auto', plan = null } = source;
  const target = {
    ...settings,
    kind: 'redis',
    name,
    url: new Secret(url),
    address: at.address,
    metered,
    plan,
  } as const;
  return [{ target, key: at.key, path }];
}

function readPostgres(reporter: Reporter, data: unknown, path: Path, scope: Scope): NamedTarget[] {
  const source = parseAt(reporter, postgresSchema, data, path);
  const settings = source && settingsOf(reporter, source, path, scope);
  const at = source && addressOf(readPostgresAddress(source.url));
  if (!settings || !at) return [];
  const { name = 'postgres', url } = source;
  const target = { ...settings, kind: 'postgres', name, url: new Secret(url), address: at.address } as const;
  return [{ target, key: at.key, path }];
}

function addressOf(result: AddressResult): Address | null {
  return result.ok ? result.address : null;
}
