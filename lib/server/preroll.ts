import 'server-only';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Clock } from './clock.ts';
import type { DemoLink } from './demo-link.ts';
import type { Poller } from './poller/poller.ts';
import type { Store } from './store/store.ts';

/** The evening that the demo shows at first paint: read by the real collectors with the fleet's clock turned back. */
const PREROLL_MS = 9 * HOUR_MS;
/** The newest part is read more often: it is what a person looks at first. */
const RECENT_MS = 15 * MINUTE_MS;
const STEP_MS = MINUTE_MS;
const RECENT_STEP_MS = 30_000;
/** Before the first deploy nothing happens, and half as many visits tell it as well. */
const PLAIN_UNTIL_MS = 7 * HOUR_MS;
const PLAIN_STEP_MS = 2 * MINUTE_MS;
/** Providers remember by themselves, and answer at length: they are visited near the end only. */
const API_STEP_MS = 5 * MINUTE_MS;
const COMMIT_SCRAPES = 400;

/** What a bill counts has no history of its own there: without some, nothing could be told of when it ends. */
const METER_STEP_MS = 30 * MINUTE_MS;

const LIVE_KINDS: ReadonlySet<SourceKind> = new Set(['redis', 'postgres', 'app']);
const METER_KINDS: ReadonlySet<SourceKind> = new Set(['upstash', 'neon']);
const API_KINDS: ReadonlySet<SourceKind> = new Set([...METER_KINDS, 'fly', 'prometheus']);

/** What a machine says of itself when Redis is switched off or on. */
const SWITCH = 'app_redis_suspended';
/** Looks after one that found something new: some of it counts when it is seen again. */
const LOOKS_AFTER = 2;

/**
 * Visits on until the clock is caught up with: on a slow machine the reading itself takes a while. Many steps share a
 * commit, since each waits for the disk. `look` is called at the first step and where a machine switched Redis, with
 * everything up to then stored: what an engine would have found live.
 */
export async function preroll(
  poller: Pick<Poller, 'visitAllAt'>,
  store: Pick<Store, 'append'>,
  link: Pick<DemoLink, 'setClock'>,
  clock: Clock,
  look: (atMs: number) => Promise<void> = async () => undefined,
): Promise<void> {
  let scrapes: Scrape[] = [];
  let writing: Promise<void> = Promise.resolve();
  const startMs = clock.wallMs();
  const apiFromMs = startMs - RECENT_MS;
  let apiDueMs = startMs - PREROLL_MS;
  const known = new Map<string, number>();
  let looksLeft = 0;
  for (let atMs = startMs - PREROLL_MS; atMs < clock.wallMs(); ) {
    const stepMs = stepAt(startMs - atMs);
    await link.setClock(atMs);
    const visits = await poller.visitAllAt(atMs, stepMs, LIVE_KINDS);
    scrapes.push(...visits);
    if (atMs >= apiDueMs) {
      const isEarly = atMs < apiFromMs;
      const apiStepMs = isEarly ? METER_STEP_MS : API_STEP_MS;
      scrapes.push(...(await poller.visitAllAt(atMs, apiStepMs, isEarly ? METER_KINDS : API_KINDS)));
      apiDueMs = isEarly ? Math.min(atMs + apiStepMs, apiFromMs) : atMs + apiStepMs;
    }
    looksLeft = hasSwitched(visits, known) ? 1 + LOOKS_AFTER : Math.max(0, looksLeft - 1);
    if (looksLeft > 0 || scrapes.length >= COMMIT_SCRAPES) {
      // The next steps are read while these are written.
      await writing;
      writing = store.append(scrapes);
      scrapes = [];
    }
    if (looksLeft > 0) {
      await writing;
      await look(atMs);
    }
    atMs += stepMs;
  }
  await writing;
  await store.append(scrapes);
  await link.setClock(null);
}

/** True when a machine says another thing of its switch than before, or says it for the first time. */
function hasSwitched(visits: readonly Scrape[], known: Map<string, number>): boolean {
  let isNew = false;
  for (const { targetId, samples } of visits) {
    const told = samples.find(({ metric }) => metric === SWITCH)?.value;
    if (told === undefined || known.get(targetId) === told) continue;
    known.set(targetId, told);
    isNew = true;
  }
  return isNew;
}

/** How far apart visits are, by how long ago they would have been. */
function stepAt(agoMs: number): number {
  if (agoMs > PLAIN_UNTIL_MS) return PLAIN_STEP_MS;
  return agoMs > RECENT_MS ? STEP_MS : RECENT_STEP_MS;
}
