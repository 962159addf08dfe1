import type { PromWorld } from '../prometheus/world.ts';

/** A machine as Fly's API would list it, without the parts that are the same for all. */
export interface FlyWorldMachine {
  id: string;
  name: string;
  /** A word of Fly's own, such as `started`. */
  state: string;
  region: string;
  group: string;
  releaseVersion: number;
  imageDigest: string;
  imageTag: string;
  createdMs: number;
  updatedMs: number;
  hostStatus: 'ok' | 'unknown' | 'unreachable';
  cordoned: boolean;
  env: Readonly<Record<string, string>>;
  checks: readonly { name: string; status: string; updatedMs: number }[];
  /** Newest first. */
  events: readonly FlyWorldEvent[];
}

export interface FlyWorldEvent {
  type: string;
  status: string;
  source: string;
  atMs: number;
  exit?: { code: number; oomKilled: boolean; requestedStop: boolean };
}

export interface FlyWorldState {
  machines: readonly FlyWorldMachine[];
  /** Newest first. */
  releases: readonly {
    version: number;
    status: string;
    description: string;
    reason: string;
    imageRef: string;
    createdMs: number;
  }[];
  secrets: readonly { name: string; digest: string; createdMs: number; updatedMs: number }[];
}

/** One app on Fly: a pure function of time, and its metrics. */
export interface FlyWorld {
  app: string;
  /** Slug of its organisation. */
  organization: string;
  at(atMs: number): FlyWorldState;
  metrics: PromWorld;
}
