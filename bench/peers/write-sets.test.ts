import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COUNTER, SyntheticFeed } from '../store/synthetic.ts';
import { peerLabels, writeOpenMetrics } from './write-sets.ts';

const SHAPE = { series: 130, ticks: 40, intervalMs: 10_000, startMs: Date.UTC(2026, 0, 5) };

it('the text for Prometheus holds every sample of the set, with its labels, value and time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'afterwatch-bench-'));
  try {
    const file = join(folder, 'set.txt');
    writeOpenMetrics(file, SHAPE);
    const lines = readFileSync(file, 'utf8').split('\n');
    const feed = new SyntheticFeed(SHAPE);
    const expected: string[] = [];
    for (let tick = 0; tick < SHAPE.ticks; tick++) {
      const atMs = feed.next();
      feed.series.forEach((one, i) => {
        const labels = Object.entries(peerLabels(one)).map(([name, value]) => `${name}="${value}"`);
        expected.push(`${one.metric}{${labels.join(',')}} ${feed.values[i]} ${atMs / 1000}`);
      });
    }
    expect(lines).toEqual([...expected, '# EOF', '']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('the same shape gives the same samples, and every target restarts once, its counters from the beginning', () => {
  const one = new SyntheticFeed(SHAPE);
  const other = new SyntheticFeed(SHAPE);
  const falls = new Map<string, number>();
  let before = Float64Array.from(one.values);
  for (let tick = 0; tick < SHAPE.ticks; tick++) {
    one.next();
    other.next();
    expect(one.values).toEqual(other.values);
    one.series.forEach(({ metric, targetId, labels }, i) => {
      const fell = (one.values[i] ?? 0) < (before[i] ?? 0);
      if (tick > 0 && metric === COUNTER && labels.cmd === 'c0' && fell)
        falls.set(targetId, (falls.get(targetId) ?? 0) + 1);
    });
    before = Float64Array.from(one.values);
  }
  expect([...falls.values()]).toEqual([1]);
});
