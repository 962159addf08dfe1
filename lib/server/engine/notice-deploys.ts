import 'server-only';
import { z } from 'zod';
import { type Scope, type TargetId, targetId } from '@/lib/core/model/target.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { FlySnapshot } from '../collectors/fly/index.ts';
import type { Config } from '../config/types.ts';
import type { DeployBook, Noticed } from '../deploys/deploy-book.ts';
import type { ShelfRow } from '../deploys/deploy-shelf.ts';
import { landed, type Runs } from '../deploys/landed.ts';
import { type FlyMemory, flyMemorySchema, lookAtFly, runsOf } from '../deploys/notice-fly.ts';
import { suspensionsIn } from '../deploys/notice-mode.ts';
import {
  lookAtVersions,
  type VersionMemory,
  type VersionSight,
  versionMemorySchema,
} from '../deploys/notice-versions.ts';
import { namesRelease, sameRelease } from '../deploys/release-name.ts';
import type { Poller } from '../poller/poller.ts';
import type { Store } from '../store/store.ts';
import type { EngineStep } from './engine.ts';
import type { ModeStep } from './modes.ts';

export interface NoticeDeps {
  config: Pick<Config, 'targets'>;
  store: Pick<Store, 'latest' | 'getState' | 'putState'>;
  poller: Pick<Poller, 'status'>;
  modes: Pick<ModeStep, 'history'>;
  deploys: Pick<DeployBook, 'notice' | 'roll' | 'list'>;
  /** What each app on Fly was like at its last good visit. */
  flyApps: ReadonlyMap<TargetId, FlySnapshot>;
}

/** What is kept between looks. It is written when `lasting` parts differ: the time of a look alone is not worth a write. */
interface Kept<T> {
  schema: z.ZodType<T>;
  lasting: (memory: T) => unknown;
}
const FLY_KEPT: Kept<FlyMemory> = { schema: flyMemorySchema, lasting: ({ atMs: _, ...rest }) => rest };
const VERSIONS_KEPT: Kept<VersionMemory> = {
  schema: versionMemorySchema,
  lasting: ({ machines }) => Object.entries(machines).map(([id, { version }]) => [id, version]),
};
/** The last change of mode that was looked at. */
const MODE_KEPT: Kept<{ atMs: number }> = {
  schema: z.object({ atMs: z.number() }),
  lasting: (memory) => memory,
};

/** A roll that has not moved for so long will not: it ends where it stands. */
const STANDS_MS = 2 * HOUR_MS;
/** A process start is read a little after it; clocks differ. */
const SLACK_MS = MINUTE_MS;

/**
 * Finds deploys that nobody told of: a release on Fly, another version on a machine, a changed secret, a switch of Redis.
 * What was known is kept in the store, so that a restart finds what happened meanwhile and nothing twice; at first sight
 * of a source nothing has happened.
 */
export class NoticeDeploys implements EngineStep {
  readonly name = 'deploys that show by themselves';
  /** What was known at the last look, by its key in the store, and what of it is on disk. */
  readonly #memories = new Map<string, { value: unknown; saved: string }>();
  /** When a rolling deploy last moved, by its id. */
  readonly #moved = new Map<string, { done: number; atMs: number }>();

  constructor(private readonly deps: NoticeDeps) {}

  async run(nowMs: number): Promise<void> {
    for (const scope of this.#scopes()) {
      const fly = await this.#lookAtFly(scope);
      // Where Fly lists releases it says what kind they are: the machines' own word would only guess.
      const runs = fly.length > 0 ? fly : await this.#lookAtVersions(scope, nowMs);
      await this.#lookAtMode(scope, nowMs);
      await this.#rollOn(scope, runs, nowMs);
    }
  }

  /** Notices what is new on Fly; gives which release runs on which of its machines, where releases are listed. */
  async #lookAtFly(scope: Scope): Promise<Runs> {
    const runs: { name: string; release: string }[] = [];
    for (const target of this.#targetsOf(scope)) {
      const snapshot = target.kind === 'fly' ? this.deps.flyApps.get(targetId(target)) : undefined;
      if (target.kind !== 'fly' || snapshot === undefined) continue;
      if (snapshot.releases !== null) runs.push(...runsOf(snapshot));
      const key = `noticed/fly/${targetId(target)}`;
      const memory = await this.#recall(key, FLY_KEPT);
      if (memory?.atMs === snapshot.atMs) continue;
      const look = lookAtFly(memory, snapshot);
      for (const seen of look.seen) {
        const precise = this.#precise(scope, seen, memory?.atMs ?? snapshot.atMs, snapshot.atMs);
        await this.deps.deploys.notice({ scope, ...precise });
      }
      await this.#remember(key, look.memory, FLY_KEPT);
    }
    return runs;
  }

  /** A release begins with the first process of it, where machines tell their version and start. */
  #precise(
    scope: Scope,
    seen: Omit<Noticed, 'scope'>,
    lastMs: number,
    nowMs: number,
  ): Omit<Noticed, 'scope'> {
    if (seen.sign !== 'fly_release') return seen;
    const starts = this.#sights(scope, nowMs).flatMap(({ version, startedMs }) =>
      sameRelease(version, seen.release) && startedMs !== null ? [startedMs] : [],
    );
    const fits = starts.filter(
      (atMs) => atMs >= Math.min(seen.startMs, lastMs) - SLACK_MS && atMs <= nowMs + SLACK_MS,
    );
    if (fits.length === 0) return seen;
    const startMs = Math.min(...fits, nowMs);
    return { ...seen, startMs, endMs: seen.endMs === null ? null : Math.max(startMs, seen.endMs) };
  }

  async #lookAtVersions(scope: Scope, nowMs: number): Promise<Runs> {
    const { sights, present } = this.#versions(scope, nowMs);
    if (present.size === 0) return [];
    const key = `noticed/versions/${scope.app}/${scope.environment}`;
    const memory = await this.#recall(key, VERSIONS_KEPT);
    const look = lookAtVersions(memory, sights, present, nowMs);
    for (const seen of look.seen) {
      const release = nameAgain(seen.release, await this.deps.deploys.list(scope));
      await this.deps.deploys.notice({ scope, ...seen, release });
    }
    if (look.runs.length > 0) await this.#remember(key, look.memory, VERSIONS_KEPT);
    return look.runs;
  }

  async #lookAtMode(scope: Scope, nowMs: number): Promise<void> {
    const key = `noticed/mode/${scope.app}/${scope.environment}`;
    const memory = await this.#recall(key, MODE_KEPT);
    const fromMs = memory?.atMs ?? nowMs;
    const changes = this.deps.modes.history(scope, { startMs: fromMs, endMs: nowMs + 1 });
    const [before] = changes.filter(({ atMs }) => atMs <= fromMs);
    const since = changes.filter(({ atMs }) => atMs > fromMs);
    if (memory !== null) {
      const rows = await this.deps.deploys.list(scope);
      for (const seen of suspensionsIn(before ?? null, since)) await this.#noticeSwitch(scope, seen, rows);
    }
    const last = since.at(-1)?.atMs ?? fromMs;
    await this.#remember(key, { atMs: last }, MODE_KEPT);
  }

  /** The second half of a switch that rolls ends the first one, also over a restart. */
  async #noticeSwitch(scope: Scope, seen: Omit<Noticed, 'scope'>, rows: readonly ShelfRow[]): Promise<void> {
    const rolling = rows.findLast(({ sign, kind }) => sign === 'redis_mode' && kind === seen.kind);
    if (rolling?.endMs === null) {
      const of = rolling.rolled?.of ?? 0;
      await this.deps.deploys.roll(rolling.id, {
        endMs: seen.endMs ?? null,
        rolled: seen.endMs === null ? seen.rolled : of === 0 ? null : { done: of, of },
      });
      return;
    }
    await this.deps.deploys.notice({ scope, ...seen });
  }

  async #rollOn(scope: Scope, runs: Runs, nowMs: number): Promise<void> {
    const rows = await this.deps.deploys.list(scope);
    for (const row of rows.filter(({ endMs, sign }) => endMs === null && sign !== null)) {
      const rolled = namesRelease(row.release) ? landed(runs, row.release) : row.rolled;
      const done = rolled?.done ?? 0;
      const moved = this.#moved.get(row.id) ?? { done: row.rolled?.done ?? 0, atMs: row.startMs };
      const last = done > moved.done ? { done, atMs: nowMs } : moved;
      this.#moved.set(row.id, last);
      const next = rows.find(
        (one) => one.startMs > row.startMs && namesRelease(one.release) && namesRelease(row.release),
      );
      const isDone = rolled !== null && rolled.done >= rolled.of && namesRelease(row.release);
      // Machines that run a later release do not run this one: it went as far as it had gone.
      const isOver = next !== undefined && next.startMs <= nowMs;
      const stands = nowMs - last.atMs >= STANDS_MS;
      const endMs = isOver ? next.startMs : isDone ? nowMs : stands ? last.atMs : null;
      const at = isOver && !isDone ? row.rolled : (rolled ?? row.rolled);
      if (endMs !== null) this.#moved.delete(row.id);
      await this.deps.deploys.roll(row.id, { endMs, rolled: at });
    }
  }

  /** Machines that tell their version themselves; where there are none, as Fly tells it without its releases. */
  #versions(scope: Scope, nowMs: number): { sights: VersionSight[]; present: ReadonlySet<string> } {
    const targets = this.#targetsOf(scope);
    const apps = targets.filter(({ kind }) => kind === 'app').map(targetId);
    if (apps.length > 0) return { sights: this.#sights(scope, nowMs), present: new Set(apps) };
    const runs = targets.flatMap((target) => {
      const snapshot = target.kind === 'fly' ? this.deps.flyApps.get(targetId(target)) : undefined;
      return snapshot === undefined ? [] : runsOf(snapshot);
    });
    const sights = runs.map(({ name, release }) => ({
      id: name,
      version: release,
      startedMs: null,
      isFound: true,
    }));
    return { sights, present: new Set(sights.map(({ id }) => id)) };
  }

  /** Machines of a scope that tell their version and answer. */
  #sights(scope: Scope, nowMs: number): VersionSight[] {
    return this.#targetsOf(scope).flatMap((target): VersionSight[] => {
      if (target.kind !== 'app') return [];
      const id = targetId(target);
      const status = this.deps.poller.status(id, nowMs);
      const version = status?.facts.version;
      if (status === null || status.state !== 'ok' || version === undefined || version === '') return [];
      const [started] = this.deps.store.latest({ metric: 'app_process_start_time_seconds', targetIds: [id] });
      const startedMs = started === undefined ? null : Math.round(started.value * 1000);
      return [{ id, version, startedMs, isFound: target.machine !== undefined }];
    });
  }

  async #recall<T>(key: string, { schema, lasting }: Kept<T>): Promise<T | null> {
    const known = this.#memories.get(key);
    const value = known === undefined ? await this.deps.store.getState(key) : known.value;
    const memory = schema.safeParse(value).data ?? null;
    if (known === undefined && memory !== null)
      this.#memories.set(key, { value: memory, saved: JSON.stringify(lasting(memory)) });
    return memory;
  }

  async #remember<T>(key: string, value: T, { lasting }: Kept<T>): Promise<void> {
    const saved = JSON.stringify(lasting(value));
    if (this.#memories.get(key)?.saved !== saved) await this.deps.store.putState({ [key]: value });
    this.#memories.set(key, { value, saved });
  }

  #targetsOf({ app, environment }: Scope): Config['targets'] {
    return this.deps.config.targets.filter(
      (target) => target.app === app && target.environment === environment,
    );
  }

  #scopes(): Scope[] {
    const scopes = new Map(
      this.deps.config.targets.map(({ app, environment }) => [`${app}/${environment}`, { app, environment }]),
    );
    return [...scopes.values()];
  }
}

/** A version that ran before and was followed by another one is a way back, and a deploy of its own. */
function nameAgain(release: string, rows: readonly ShelfRow[]): string {
  const last = rows.findLast((row) => sameRelease(row.release, release));
  const newest = rows.findLast((row) => namesRelease(row.release) && row.kind === 'code');
  const isBack = last !== undefined && newest !== undefined && newest.startMs > last.startMs;
  return isBack && last.endMs !== null ? `back to ${release}` : release;
}
