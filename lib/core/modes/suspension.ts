import type { RedisMode } from '../model/redis-mode.ts';
import type { Quality } from '../model/sample.ts';
import type { StageView, SuspensionView } from '../model/suspension.ts';
import { DAY_MS, HOUR_MS } from '../time/range.ts';
import { type ConsequenceFacts, consequencesOf } from './consequences.ts';
import { judgeStages, type StageBlock } from './stages.ts';
import { type StagingFacts, withStaging } from './staging.ts';
import type { Stretch } from './stretch.ts';
import { nameList } from './words.ts';

/** All that the banner is made of. */
export interface SuspensionFacts {
  nowMs: number;
  mode: RedisMode;
  quality: Quality;
  evidence: string;
  stretch: Stretch | null;
  by: SuspensionView['by'];
  /** When the suspension was meant to end by the summary of its deploy; null where that names no time. */
  plannedEndMs: number | null;
  /** As long as the settings allow, ms. */
  suspendedForMs: number;
  machines: SuspensionView['machines'];
  /** Null where nothing is worked out because Redis is in use. */
  consequences: ConsequenceFacts | null;
  blocks: readonly StageBlock[];
  /** The way back of staging after this suspension; null where there is none. */
  staging: StagingFacts | null;
  /** `v1206`: what the first machines were brought back with; null where no deploy is known. */
  resumedBy: { release: string; isCode: boolean } | null;
  /** Name of the app at Fly, and ids of its machines by their names; null and empty where it is not there. */
  flyApp: string | null;
  flyMachines: Readonly<Record<string, string>>;
}

/** A return that is over stays on the page for an hour. */
const SHOWN_AFTER_MS = DAY_MS + HOUR_MS;

/** True for modes in which Redis is out of use, on purpose or not. */
export function isOutOfUse(mode: RedisMode): boolean {
  switch (mode) {
    case 'suspended_by_us':
    case 'suspended_by_provider':
    case 'quota_exhausted':
    case 'mixed':
      return true;
    case 'active':
    case 'throttled':
    case 'unreachable':
    case 'unknown':
      return false;
    default:
      return mode satisfies never;
  }
}

/** True while the return of Redis is still watched. */
export function isReturning(stretch: Stretch | null, nowMs: number): boolean {
  if (stretch === null || !stretch.byUs || stretch.firstMs === null) return false;
  return stretch.allMs === null || nowMs - stretch.allMs < SHOWN_AFTER_MS;
}

/** Redis out of use or on its way back, with what follows from it; null where it is simply in use, or nothing tells. */
export function suspensionOf(facts: SuspensionFacts): SuspensionView | null {
  const { mode, quality, evidence, stretch, nowMs, by, machines, consequences } = facts;
  const isOut = isOutOfUse(mode);
  if (!isOut && !(mode === 'active' && isReturning(stretch, nowMs))) return null;
  const own = stretch === null ? [] : judgeStages({ stretch, nowMs, blocks: facts.blocks });
  const stages = mode === 'suspended_by_us' || own.length > 0 ? withStaging(own, facts.staging) : own;
  return {
    ...{ mode, quality, evidence, by, machines, stages },
    sinceMs: stretch?.startMs ?? null,
    sinceIsFirstLook: stretch?.isFirstLook ?? false,
    until: isOut ? untilOf(facts) : null,
    consequences: isOut && consequences !== null ? consequencesOf(consequences) : [],
    next: nextOf(facts, stages),
  };
}

/** Only what the team did has an end that it can name. */
function untilOf({ mode, plannedEndMs, stretch, suspendedForMs }: SuspensionFacts): SuspensionView['until'] {
  if (mode !== 'suspended_by_us' && mode !== 'mixed') return null;
  if (plannedEndMs !== null) return { atMs: plannedEndMs, why: 'planned' };
  return stretch === null ? null : { atMs: stretch.startMs + suspendedForMs, why: 'expected' };
}

function nextOf(facts: SuspensionFacts, stages: readonly StageView[]): SuspensionView['next'] {
  switch (facts.mode) {
    case 'suspended_by_provider':
    case 'quota_exhausted':
      return { text: 'Look at the provider’s console: what it asks for ends this.', command: null };
    case 'suspended_by_us':
      return stages.length === 0 ? firstStep(facts) : afterStaging(facts, stages);
    case 'mixed':
      return stages.length === 0 ? evenOut(facts) : rollOn(facts, stages);
    case 'active':
      return afterReturn(facts, stages);
    default:
      return null;
  }
}

/** A secret of Fly belongs to the whole app: staged, it is read by the machine that is updated next and by no other. */
function firstStep({ machines, flyApp, flyMachines }: SuspensionFacts): SuspensionView['next'] {
  const [first] = machines;
  const id = first === undefined ? undefined : flyMachines[first.name];
  const such = first === undefined ? '' : `, such as ${first.name}`;
  return {
    text: `When it may be used again: on staging or on one machine first${such}, for 30 min.`,
    command:
      flyApp === null || id === undefined
        ? null
        : `fly secrets set SUSPEND_REDIS=false --stage -a ${flyApp} && fly machine update ${id} -a ${flyApp}`,
  };
}

function afterStaging({ flyApp }: SuspensionFacts, stages: readonly StageView[]): SuspensionView['next'] {
  const [first] = stages;
  switch (first?.state) {
    case 'passed':
      return {
        text: 'Staging held: use Redis on all machines here, and watch them.',
        command: flyApp === null ? null : `fly secrets set SUSPEND_REDIS=false -a ${flyApp}`,
      };
    case 'failed':
      return { text: 'Staging failed: leave Redis suspended here, and find the cause there.', command: null };
    case 'blocked':
      return { text: `Nothing is proven yet: ${first.evidence}.`, command: null };
    default:
      return { text: 'Wait for staging.', command: null };
  }
}

function evenOut({ machines }: SuspensionFacts): SuspensionView['next'] {
  const off = offNames(machines);
  return off.length === 0
    ? null
    : { text: `Decide for all: Redis is suspended on ${nameList(off)} only.`, command: null };
}

function rollOn(facts: SuspensionFacts, stages: readonly StageView[]): SuspensionView['next'] {
  const { machines, flyApp } = facts;
  const off = offNames(machines);
  const first = stages.find(({ id }) => id === 'first');
  switch (first?.state) {
    case 'failed':
      return suspendAgain('The first stage failed: suspend Redis again, or find the cause.', flyApp);
    case 'passed':
      return goOn(facts, off);
    case 'blocked':
      return { text: `Nothing is proven yet: ${first.evidence}.`, command: null };
    default:
      return {
        text: `Wait for the first stage, then go on to ${nameList(off)}.`,
        command: null,
      };
  }
}

/** What brought the first machine back brings the others: a release by its image, a setting by its secret. */
function goOn({ resumedBy, flyApp }: SuspensionFacts, off: readonly string[]): SuspensionView['next'] {
  const names = nameList(off);
  if (resumedBy === null || !resumedBy.isCode) {
    return {
      text: `Use Redis on ${names} too.`,
      command: flyApp === null ? null : `fly secrets deploy -a ${flyApp}`,
    };
  }
  return {
    text: `Deploy ${resumedBy.release} to ${names}${flyApp === null ? '' : ': this lists its image'}.`,
    command: flyApp === null ? null : `fly releases --image -a ${flyApp}`,
  };
}

function afterReturn({ flyApp }: SuspensionFacts, stages: readonly StageView[]): SuspensionView['next'] {
  const isFailed = stages.some(({ id, state }) => id !== 'first' && state === 'failed');
  return isFailed ? suspendAgain('A stage failed: suspend Redis again, or find the cause.', flyApp) : null;
}

function suspendAgain(text: string, flyApp: string | null): SuspensionView['next'] {
  return { text, command: flyApp === null ? null : `fly secrets set SUSPEND_REDIS=true -a ${flyApp}` };
}

function offNames(machines: SuspensionView['machines']): string[] {
  return machines.flatMap(({ name, mode }) => (mode === 'suspended_by_us' ? [name] : []));
}
