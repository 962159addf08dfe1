import { HOUR_MS } from '@/lib/core/time/range.ts';
import type { Row } from '../lib/row.ts';
import { startEngine } from './engines.ts';
import { openPlace } from './places.ts';
import { randomFrom, type SetShape, SyntheticFeed } from './synthetic.ts';

const INTERVAL_MS = 15_000;
const TICKS_AN_HOUR = HOUR_MS / INTERVAL_MS;

/** A day and a bit of few series, each visit some ms off its time: what a sample costs on disk where clocks are real. */
export async function measureJitter(hours = 26): Promise<Row[]> {
  const engine = await startEngine('sqlite');
  try {
    const shape: SetShape = {
      ...{ series: 150, ticks: Math.max(TICKS_AN_HOUR / 10, hours * TICKS_AN_HOUR) },
      ...{ intervalMs: INTERVAL_MS, startMs: Date.UTC(2026, 0, 5) },
    };
    const clock = { nowMs: shape.startMs };
    const store = await openPlace(engine.place, () => clock.nowMs);
    const feed = new SyntheticFeed(shape);
    const jitter = randomFrom(9);
    for (let tick = 0; tick < shape.ticks; tick++) {
      clock.nowMs = feed.next() + Math.floor(jitter() * 4);
      await store.append(feed.scrapes(clock.nowMs));
      if (tick % TICKS_AN_HOUR === 0) await store.maintain(clock.nowMs);
    }
    // Everything is packed and folded before it is weighed.
    clock.nowMs += 10 * HOUR_MS;
    await store.maintain(clock.nowMs);
    await store.close();
    const samples = shape.series * shape.ticks;
    const { compact, samples: alone, blocks, visits } = engine.weigh();
    const note = `${shape.series} series, ${TICKS_AN_HOUR} points an hour, ${hours} h, 0 to 3 ms of jitter`;
    return [
      { name: 'bytes per sample, all in, without freed pages', value: compact / samples, unit: 'B', note },
      { name: '… samples alone', value: alone / samples, unit: 'B' },
      { name: '… 5-minute blocks alone', value: blocks / samples, unit: 'B' },
      { name: '… times and visits alone', value: visits / samples, unit: 'B' },
    ];
  } finally {
    await engine.stop();
  }
}
