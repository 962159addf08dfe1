import type { RedisMode } from './redis-mode.ts';
import type { Quality } from './sample.ts';

/** What follows from Redis not being used. Closed set, in the order in which it is shown. */
export const CONSEQUENCES = [
  'rate_limits',
  'limiter',
  'shared_cache',
  'local_cache',
  'memory',
  'jobs',
  'database',
  'billed',
] as const;
export type ConsequenceId = (typeof CONSEQUENCES)[number];

export interface ConsequenceView {
  id: ConsequenceId;
  /** `Rate limits`. */
  what: string;
  /** With numbers where they are known: `up to 2× what you set`; else that nothing tells. */
  text: string;
  quality: Extract<Quality, 'measured' | 'inferred' | 'unavailable'>;
  /** What it was read from, or what would tell. */
  why: string;
}

/** Steps by which Redis is used again. Closed set, in their order. */
export const STAGES = ['first', 'all', 'day'] as const;
export type StageId = (typeof STAGES)[number];

/** `blocked`: it cannot be told, and what cannot be told never passes. A failed one stays failed until a new start. */
export const STAGE_STATES = ['waiting', 'running', 'passed', 'failed', 'blocked'] as const;
export type StageState = (typeof STAGE_STATES)[number];

export interface StageView {
  id: StageId;
  /** `One machine: 3d8dd7a1`. */
  title: string;
  state: StageState;
  /** Null while it waits. */
  startedMs: number | null;
  /** When it is told at the earliest; null while it waits. */
  dueMs: number | null;
  /** When it passed or failed; null for any other state. */
  decidedMs: number | null;
  /** What was seen, or why it cannot be told: one plain clause. */
  evidence: string;
}

/** Redis out of use, or on its way back. */
export interface SuspensionView {
  /** `active` while its return is still watched. */
  mode: RedisMode;
  quality: Quality;
  evidence: string;
  /** When it began; null where nobody saw it begin. */
  sinceMs: number | null;
  /** True where it was like that at our first look: then it has lasted at least since `sinceMs`. */
  sinceIsFirstLook: boolean;
  /** The deploy that brought it; null: nobody told of one. */
  by: { release: string; href: string } | null;
  /** `planned`: as the summary of that deploy says; `expected`: as long as the settings allow. Null where no end is known. */
  until: { atMs: number; why: 'planned' | 'expected' } | null;
  /** Each as it tells itself; `unknown` while it is silent. */
  machines: readonly { name: string; mode: RedisMode; sinceMs: number | null }[];
  /** Empty once Redis is in use everywhere. */
  consequences: readonly ConsequenceView[];
  /** The way back; empty while nobody of ours suspended it whole, or it is used nowhere since. */
  stages: readonly StageView[];
  /** What to do next, and the command where the app is on Fly; null where nothing is to be done. */
  next: { text: string; command: string | null } | null;
  /** When consequences, stages and the next step were read; left out where that was with all the rest. */
  detailsAtMs?: number;
}

/** What the closed banner shows. Stages are there only where its line tells of them. */
export type SuspensionHead = Omit<SuspensionView, 'consequences' | 'stages' | 'next' | 'detailsAtMs'> &
  Partial<Pick<SuspensionView, 'stages'>>;
