import type { UpstashDatabaseWorld } from './world.ts';

/** How the API writes "no limit": beyond the whole numbers that JavaScript holds. */
const NO_LIMIT = 8_024_278_031_528_736_858n;
const SECOND_NS = 1_000_000_000;

/**
 * A database as the API describes it. Unless `hidden`, with made-up credentials, as the real one sends them: whoever
 * reads the answer has to leave them out.
 */
export function describeDatabase(
  database: UpstashDatabaseWorld,
  nowMs: number,
  hidden: boolean,
): Record<string, unknown> {
  const regions = [database.region, ...database.readRegions];
  return {
    database_id: database.id,
    database_name: database.name,
    region: 'global',
    port: 6379,
    creation_time: Math.floor(database.createdMs / 1_000),
    state: database.stateAt(nowMs),
    endpoint: database.endpoint ?? `${database.name}-${database.id.slice(0, 5)}`,
    tls: true,
    db_max_clients: database.maxClients,
    db_max_request_size: 10_485_760,
    db_disk_threshold: database.maxDiskBytes,
    db_max_entry_size: 104_857_600,
    db_memory_threshold: 3_221_225_472,
    db_max_commands_per_second: 10_000,
    db_request_limit: database.requestLimit ?? NO_LIMIT,
    type: database.plan,
    budget: database.budgetUsd,
    primary_region: database.region,
    primary_members: [database.region],
    all_members: regions,
    read_regions: database.readRegions,
    eviction: false,
    auto_upgrade: false,
    consistent: false,
    modifying_state: '',
    db_resource_size: 'L',
    db_type: 'pebble',
    db_conn_idle_timeout: 21_600 * SECOND_NS,
    db_lua_timeout: 0.25 * SECOND_NS,
    db_lua_credits_per_min: 10_000_000_000,
    db_store_max_idle: 900 * SECOND_NS,
    db_max_loads_per_sec: 1_000_000,
    db_acl_enabled: 'false',
    db_acl_default_user_status: 'true',
    db_eviction: false,
    last_plan_upgrade_time: 0,
    replicas: 5,
    customer_id: 'owner@harbor.example',
    daily_backup_enabled: false,
    securityAddons: {
      ipWhitelisting: false,
      vpcPeering: false,
      privateLink: false,
      tlsMutualAuth: false,
      encryptionAtRest: false,
    },
    prometheus_enabled: 'false',
    prod_pack_enabled: false,
    ...(hidden ? {} : credentialsOf(database)),
  };
}

function credentialsOf({ id }: UpstashDatabaseWorld): Record<string, string> {
  const tail = id.replaceAll('-', '');
  return {
    password: `demo-password-${tail}`,
    rest_token: `demo-rest-${tail}`,
    read_only_rest_token: `demo-read-${tail}`,
  };
}

/** JSON text in which a bigint stands as the plain number that it is. */
export function toJson(value: unknown): string {
  const marked = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' ? `\u0001${one}\u0001` : one,
  );
  return marked.replace(/"\\u0001(\d+)\\u0001"/g, '$1');
}
