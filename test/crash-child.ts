import type { Scrape } from '@/lib/core/model/scrape.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';

// A small poller that is killed by `crash.test.ts`: it visits a fake target over HTTP, stores the visit, tells the
// target that it is stored, and keeps house now and then. It ends only by being killed.

const [dir = '', workerPath = '', address = ''] = process.argv.slice(2);
let nowMs = 0;
const store = await openSqliteStore({
  dir,
  workerPath,
  retention: { samplesDays: 30, blocksDays: 90, hourlyDays: 730 },
  now: () => nowMs,
});

for (let visit = 1; ; visit++) {
  const answer = await fetch(`${address}/scrape`);
  const scrapes = (await answer.json()) as Scrape[];
  nowMs = scrapes[0]?.atMs ?? nowMs;
  await store.append(scrapes);
  await fetch(`${address}/stored?atMs=${nowMs}`, { method: 'POST' });
  // Not waited for: visits go on while an hour is packed, and the kill may hit the middle of it.
  if (visit % 7 === 0) void store.maintain(nowMs);
}
