/** The account's Neon project at one moment. Amounts count from the start of the billing period. */
export interface ProjectState {
  id: string;
  name: string;
  regionId: string;
  pgVersion: number;
  orgId: string | null;
  /** `free_v3`, `launch_v3`, `scale_v3` … */
  subscriptionType: string;
  periodStartMs: number;
  periodEndMs: number;
  createdMs: number;
  computeUnitSeconds: number;
  activeSeconds: number;
  writtenBytes: number;
  transferBytes: number;
  storageByteHours: number;
  storageBytes: number;
  /** Limits that were set by hand; a missing one is no limit. */
  quota: {
    activeSeconds?: number;
    computeUnitSeconds?: number;
    writtenBytes?: number;
    transferBytes?: number;
    logicalSizeBytes?: number;
  };
  /** Null when none is planned. */
  maintenanceMs: number | null;
  /** In cents a month; null for none. */
  spendingLimitCents: number | null;
}

export interface BranchState {
  id: string;
  name: string;
  isDefault: boolean;
  parentId: string | null;
  state: 'init' | 'resetting' | 'ready' | 'archived';
  logicalBytes: number;
  computeUnitSeconds: number;
  activeSeconds: number;
  writtenBytes: number;
  transferBytes: number;
  createdMs: number;
}

/** A compute at one moment, in the words of the API. */
export interface EndpointState {
  id: string;
  branchId: string;
  type: 'read_write' | 'read_only';
  current: 'init' | 'active' | 'idle';
  pending: 'init' | 'active' | 'idle' | null;
  disabled: boolean;
  minCu: number;
  maxCu: number;
  /** 0 for the default, -1 for never. */
  suspendTimeoutSeconds: number;
  /** What the API says of it, which may be behind; null is left out. */
  lastActiveMs: number | null;
  startedMs: number | null;
  suspendedMs: number | null;
  createdMs: number;
}

export interface OperationState {
  /** A UUID. */
  id: string;
  action: string;
  status: 'scheduling' | 'running' | 'finished' | 'failed' | 'error' | 'cancelling' | 'cancelled' | 'skipped';
  branchId: string;
  endpointId: string | null;
  createdMs: number;
  updatedMs: number;
}

/** What a project used in a stretch of time. */
export interface Usage {
  computeUnitSeconds: number;
  publicBytes: number;
  privateBytes: number;
}

/**
 * What the fake Neon tells, as functions of the world's time. Reading it changes nothing: whoever wants to wake a
 * compute has to connect to it.
 */
export interface NeonWorld {
  project(atMs: number): ProjectState;
  branches(atMs: number): readonly BranchState[];
  endpoints(atMs: number): readonly EndpointState[];
  /** Everything that had begun by then, in any order. */
  operations(atMs: number): readonly OperationState[];
  /** Null for a plan without consumption history. */
  usage(fromMs: number, toMs: number): Usage | null;
}
