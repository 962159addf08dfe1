import 'server-only';
import { z } from 'zod';
import { type SourceHistory, sourceState } from '@/lib/core/model/source-state.ts';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import type { AppTarget, Target } from '../config/types.ts';
import type { Store } from '../store/store.ts';
import type { BackfillStatus } from './backfill.ts';
import type { Poller } from './poller.ts';
import type { TargetStatus } from './target-poller.ts';
import { UP_METRIC } from './write-down.ts';

/** What pages, routes and commands ask of whoever visits the sources. */
export type Visits = Pick<
  Poller,
  'status' | 'statuses' | 'backfill' | 'visitNow' | 'visitToTell' | 'noteDeploy' | 'noteImport'
>;

const KEY = 'instances/sources';

/** A machine that was found by itself: without address to read and token, which only the one who visits it needs. */
type FoundMachine = Pick<
  AppTarget,
  'kind' | 'name' | 'app' | 'environment' | 'group' | 'address' | 'machine'
>;

interface Published {
  atMs: number;
  sources: { id: TargetId; status: Omit<TargetStatus, 'id' | 'target'>; backfill: BackfillStatus | null }[];
  found: FoundMachine[];
}

/** Only its own kind of process writes it, under a lease: the frame is looked at, the rest is taken as it is. */
const publishedSchema = z.looseObject({
  atMs: z.number(),
  sources: z.array(z.looseObject({ id: z.string() })),
  found: z.array(z.looseObject({ kind: z.literal('app') })),
});

/** Writes what only the one who visits knows of the sources, for the instances that follow. */
export async function publishSources(
  store: Pick<Store, 'putState'>,
  poller: Pick<Poller, 'statuses' | 'backfill'>,
  targets: readonly Target[],
  nowMs: number,
): Promise<void> {
  const published: Published = {
    atMs: nowMs,
    sources: poller.statuses(nowMs).map(({ id, target: _, ...status }) => ({
      id,
      status,
      backfill: poller.backfill(id),
    })),
    found: targets.flatMap((target) => {
      if (target.kind !== 'app' || target.machine === undefined) return [];
      const { kind, name, app, environment, group, address, machine } = target;
      return [{ kind, name, app, environment, group, address, machine }];
    }),
  };
  await store.putState({ [KEY]: published });
}

/** Sources as the instance that leads last told of them. It visits; this one only shows. */
export class FollowedPoller implements Visits {
  #published: Published = { atMs: 0, sources: [], found: [] };

  constructor(
    private readonly store: Pick<Store, 'getState' | 'latest'>,
    /** All that are watched; machines that were found are added and taken away in place. */
    private readonly targets: Target[],
  ) {}

  /** Reads what was told since. */
  async load(): Promise<void> {
    const row = await this.store.getState(KEY);
    if (!publishedSchema.safeParse(row).success) return;
    this.#published = row as Published;
    const kept = this.targets.filter((target) => target.kind !== 'app' || target.machine === undefined);
    const found = this.#published.found.map(
      (machine): AppTarget => ({
        ...machine,
        ...{ metricsUrl: null, healthUrl: null, bearer: null, mapping: [] },
        ...{ intervalSeconds: null, timeoutSeconds: null },
      }),
    );
    this.targets.splice(0, this.targets.length, ...kept, ...found);
  }

  statuses(nowMs: number): readonly TargetStatus[] {
    return this.targets.flatMap((target) => this.status(targetId(target), nowMs) ?? []);
  }

  status(id: TargetId, nowMs: number): TargetStatus | null {
    const target = this.targets.find((one) => targetId(one) === id);
    const told = this.#published.sources.find((one) => one.id === id);
    if (target === undefined || told === undefined) return null;
    const nextVisitInMs = Math.max(0, told.status.nextVisitInMs - (nowMs - this.#published.atMs));
    const history = this.#historyOf(target, told.status.history);
    return { ...told.status, history, state: sourceState(history, nowMs), id, target, nextVisitInMs };
  }

  /** What was told is a tick old: the visits themselves tell of what came since. */
  #historyOf(target: Target, told: SourceHistory): SourceHistory {
    const [last] = this.store.latest({ metric: UP_METRIC[target.kind], targetIds: [targetId(target)] });
    if (last === undefined || last.atMs <= (told.lastScrapeAtMs ?? 0)) return told;
    return last.value === 1
      ? { ...told, lastScrapeAtMs: last.atMs, lastOkAtMs: last.atMs, failures: 0, lastErrorKind: null }
      : { ...told, lastScrapeAtMs: last.atMs, failures: told.failures + 1 };
  }

  backfill(id: TargetId): BackfillStatus | null {
    return this.#published.sources.find((one) => one.id === id)?.backfill ?? null;
  }

  visitNow(): Promise<never> {
    return refuse();
  }

  visitToTell(): Promise<never> {
    return refuse();
  }

  noteDeploy(): void {}

  noteImport(): Promise<never> {
    return refuse();
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('this instance follows; the one that leads visits the sources'));
}
