/**
 * What Neon publishes about sizes and plans and does not say by its API. Computes and connections: page "Connection
 * pooling"; plans: page "Plans", March 2026. Anything newer than that is not known here.
 */

/** `max_connections` by compute units; 7 of them are kept for Neon itself. */
const MAX_CONNECTIONS: readonly (readonly [cu: number, connections: number])[] = [
  [0.25, 104],
  [0.5, 209],
  [1, 419],
  [2, 839],
  [3, 1258],
  [4, 1678],
  [5, 2098],
  [6, 2517],
  [7, 2937],
  [8, 3357],
];
const LARGEST_MAX_CONNECTIONS = 4000;

/** Clients that the pooler in front of a compute accepts. */
export const POOLER_MAX_CLIENTS = 10_000;
/** Memory of one compute unit. */
export const BYTES_PER_CU = 4 * 1024 ** 3;

/** `max_connections` of a compute of this size, reserved ones included; null for a size that Neon does not offer. */
export function maxConnections(cu: number): number | null {
  if (cu >= 9 && cu <= 56) return LARGEST_MAX_CONNECTIONS;
  return MAX_CONNECTIONS.find(([size]) => size === cu)?.[1] ?? null;
}

/** Server connections that the pooler opens for one user and database: 90 % of `max_connections`. */
export function poolSize(connections: number): number {
  return Math.floor(connections * 0.9);
}

/** A plan as published in March 2026; null where the plan has no such limit or price. */
export interface NeonPlan {
  name: 'Free' | 'Launch' | 'Scale';
  /** Compute that a project may use in a period, in CU seconds; then it stops. */
  computeUnitSecondsIncluded: number | null;
  storageBytesIncluded: number | null;
  transferBytesIncluded: number | null;
  usdPerComputeUnitHour: number | null;
  usdPerStorageGbMonth: number | null;
}

const GB = 1_000_000_000;
export const NEON_PLANS: Readonly<Record<'free' | 'launch' | 'scale', NeonPlan>> = {
  free: {
    name: 'Free',
    computeUnitSecondsIncluded: 100 * 3600,
    storageBytesIncluded: 0.5 * GB,
    transferBytesIncluded: 5 * GB,
    usdPerComputeUnitHour: null,
    usdPerStorageGbMonth: null,
  },
  launch: {
    name: 'Launch',
    computeUnitSecondsIncluded: null,
    storageBytesIncluded: null,
    transferBytesIncluded: 100 * GB,
    usdPerComputeUnitHour: 0.106,
    usdPerStorageGbMonth: 0.35,
  },
  scale: {
    name: 'Scale',
    computeUnitSecondsIncluded: null,
    storageBytesIncluded: null,
    transferBytesIncluded: 100 * GB,
    usdPerComputeUnitHour: 0.222,
    usdPerStorageGbMonth: 0.35,
  },
};

/** The published plan behind a `subscription_type`; null for older, direct and unknown ones, whose terms differ. */
export function planOf(subscriptionType: string): NeonPlan | null {
  switch (subscriptionType) {
    case 'free_v3':
      return NEON_PLANS.free;
    case 'launch_v3':
      return NEON_PLANS.launch;
    case 'scale_v3':
      return NEON_PLANS.scale;
    default:
      return null;
  }
}
