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

const LIVE_KINDS: ReadonlySet<SourceKind> = new Set(['redis', 'postgres', 'app']);
const API_KINDS: ReadonlySet<SourceKind> = new Set(['upstash', 'neon', 'fly', 'prometheus']);

/**
 * Visits on until the clock is caught up with: on a slow machine the reading itself takes a while. Many steps share a
 * commit, since each waits for the disk.
 */
export async function preroll(
  poller: Pick<Poller, 'visitAllAt'>,
  store: Pick<Store, 'append'>,
  link: Pick<DemoLink, 'setClock'>,
  clock: Clock,
): Promise<void> {
  let scrapes: Scrape[] = [];
  let writing: Promise<void> = Promise.resolve();
  const startMs = clock.wallMs();
  let apiDueMs = startMs - RECENT_MS;
  for (let atMs = startMs - PREROLL_MS; atMs < clock.wallMs(); ) {
    const stepMs = stepAt(startMs - atMs);
    await link.setClock(atMs);
    scrapes.push(...(await poller.visitAllAt(atMs, stepMs, LIVE_KINDS)));
    if (atMs >= apiDueMs) {
      scrapes.push(...(await poller.visitAllAt(atMs, API_STEP_MS, API_KINDS)));
      apiDueMs = atMs + API_STEP_MS;
    }
    atMs += stepMs;
    if (scrapes.length < COMMIT_SCRAPES) continue;
    // The next steps are read while these are written.
    await writing;
    writing = store.append(scrapes);
    scrapes = [];
  }
  await writing;
  await store.append(scrapes);
  await link.setClock(null);
}

/** How far apart visits are, by how long ago they would have been. */
function stepAt(agoMs: number): number {
  if (agoMs > PLAIN_UNTIL_MS) return PLAIN_STEP_MS;
  return agoMs > RECENT_MS ? STEP_MS : RECENT_STEP_MS;
}
