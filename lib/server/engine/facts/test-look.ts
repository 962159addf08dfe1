import 'server-only';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { ScrapeError } from '../../collectors/collector.ts';
import type { Target } from '../../config/types.ts';
import { type Answer, good, openWorld, type World } from '../../queries/test-world.ts';
import type { FactDeps, FactQuestion, FactReader } from './fact-reader.ts';

// Worlds for the tests of readers, and looks at them.

export const SCOPE = { app: 'harbor', environment: 'production' };

const worlds: World[] = [];

export async function openTestWorld(targets: readonly Target[], answer: Answer): Promise<World> {
  const world = await openWorld(targets, answer);
  worlds.push(world);
  return world;
}

export async function closeTestWorlds(): Promise<void> {
  for (const world of worlds.splice(0)) await world.close();
}

export interface Asked {
  /** Now unless said. */
  atMs?: number;
  /** As a backtest asks, which reads all these times at once. */
  isPast?: boolean;
  /** Of a backtest: the times that are read together; those of `atMs` alone unless said. */
  times?: FactQuestion['times'];
  rolls?: readonly { startMs: number; endMs: number | null; kind?: string }[];
}

/** What a reader tells of a world at one time. */
export async function lookAt<T>(
  reader: FactReader<T>,
  { runtime, nowMs }: World,
  { atMs = nowMs(), isPast = false, times = { startMs: atMs, endMs: atMs }, rolls = [] }: Asked = {},
): Promise<T> {
  const deploys = { listNow: () => rolls } as unknown as NonNullable<FactDeps['deploys']>;
  const statuses = runtime.config.targets.flatMap(
    ({ kind, name }) => runtime.poller.status(`harbor/production/${kind}/${name}`, nowMs()) ?? [],
  );
  const told = await reader({ deps: { ...runtime, deploys }, scope: SCOPE, statuses, times, isPast });
  return told(atMs);
}

/** A process that began at `startMs`, and what it counted since. */
export function begun(startMs: number, samples: Sample[]): CollectResult {
  return { ...good(samples), start: { marker: `p${startMs}`, atMs: startMs } };
}

export function down(): never {
  throw new ScrapeError('network', 'no answer');
}
