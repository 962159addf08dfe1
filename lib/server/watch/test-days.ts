import 'server-only';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { World } from '../queries/test-world.ts';

/** Visits that share a commit: the disk is waited for seldom. */
const COMMIT = 1_000;

/** Visits every target for so many minutes, as `watch` of the world does, but with few commits and nothing packed. */
export async function visitFor(world: World, minutes: number, stepMs: number): Promise<void> {
  let scrapes: Scrape[] = [];
  for (let passed = 0; passed < minutes; passed += stepMs / MINUTE_MS) {
    scrapes.push(...(await world.runtime.poller.visitAllAt(world.nowMs(), stepMs)));
    world.wait(stepMs / MINUTE_MS);
    if (scrapes.length < COMMIT) continue;
    await world.store.append(scrapes);
    scrapes = [];
  }
  await world.store.append(scrapes);
}
