import 'server-only';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLOCK_MS, DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import type { Store } from '../store/store.ts';
import { eventfulDay, type HistoryServer, RETENTION, START_MS, serveHistory, TARGET } from './test-world.ts';

/** Runs one command line of the CLI in `cwd` against `url`. */
export type RunCommand = (
  args: readonly string[],
  where: { cwd: string; url: string },
) => Promise<{ code: number; out: string; err: string }>;

export interface HistoryPlace {
  open(options: { now: () => number; retention: typeof RETENTION }): Promise<Store>;
  remove(): Promise<void>;
}

const METRICS = ['redis_commands_total', 'redis_memory_used_bytes'];

/** What holds of exports and imports over every store. */
export function historyRoundTrip(name: string, create: () => Promise<HistoryPlace>, run: RunCommand): void {
  describe(`export and import: ${name}`, () => {
    let place: HistoryPlace;
    let store: Store;
    let server: HistoryServer;
    let folder: string;
    let nowMs = START_MS;

    const open = async () => {
      store = await place.open({ now: () => nowMs, retention: RETENTION });
      server = await serveHistory(store, () => nowMs);
    };
    const close = async () => {
      await server.close();
      await store.close();
    };
    /** An empty store in the place of the one before. */
    const startAnew = async () => {
      await close();
      await place.remove();
      place = await create();
      await open();
    };
    const cli = (...args: string[]) => run(args, { cwd: folder, url: server.url });
    const feed = async () => {
      const day = eventfulDay();
      for (let i = 0; i < day.length; i += 100) {
        const some = day.slice(i, i + 100);
        nowMs = some.at(-1)?.atMs ?? nowMs;
        await store.append(some);
      }
      nowMs += 1_000;
      // The first hours are packed, the others not.
      await store.maintain(nowMs);
    };
    const blocksOf = async (read: 'readBuckets' | 'readHistory') => {
      const range = { startMs: START_MS - DAY_MS, endMs: START_MS + DAY_MS };
      const answers = await Promise.all(METRICS.map((metric) => store[read]({ metric }, range, BLOCK_MS)));
      return answers.flat().map(({ series: { metric, labels, targetId }, buckets }) => ({
        ...{ metric, labels, targetId },
        buckets: buckets.filter((bucket) => bucket !== null).map(rounded),
      }));
    };

    beforeEach(async () => {
      nowMs = START_MS;
      folder = await mkdtemp(join(tmpdir(), 'afterwatch-history-'));
      place = await create();
      await open();
    });
    afterEach(async () => {
      await close();
      await place.remove();
      await rm(folder, { recursive: true, force: true });
    });

    it('a CSV gives an empty store the same 5-minute blocks: restarts, glitches, gaps and all', async () => {
      await feed();
      const measured = await blocksOf('readBuckets');
      expect(measured).toHaveLength(3);
      expect(await cli('export', '--out', 'all.csv')).toMatchObject({ code: 0, out: '' });
      await startAnew();
      const done = await cli('import', 'all.csv', '--json');
      expect(done).toMatchObject({ code: 0 });
      expect(JSON.parse(done.out)).toMatchObject({ series: 3, tooOld: 0 });
      expect(await blocksOf('readHistory')).toEqual(measured);
      // Once more, and nothing has changed.
      expect((await cli('import', 'all.csv')).code).toBe(0);
      expect(await blocksOf('readHistory')).toEqual(measured);
      expect(server.memory.join(TARGET, null)).toMatchObject({ kind: 'done', series: 3, fromMs: START_MS });
    });

    it('changes nothing of what was measured', async () => {
      await feed();
      const measured = await blocksOf('readBuckets');
      await cli('export', '--out', 'all.csv');
      expect((await cli('import', 'all.csv')).code).toBe(0);
      expect(await blocksOf('readBuckets')).toEqual(measured);
      const latest = store.latest({ metric: 'redis_memory_used_bytes' });
      expect(latest.map(({ series }) => series.quality)).toEqual(['measured']);
    });

    it('OpenMetrics carries the values: levels exactly, counters by the rules of counters', async () => {
      await feed();
      const measured = await blocksOf('readBuckets');
      await cli('export', '--out', 'all.om');
      await startAnew();
      expect(await cli('import', 'all.om', '--interval', '15s')).toMatchObject({ code: 0, out: '' });
      const imported = await blocksOf('readHistory');
      const level = (all: typeof measured) => all.find(({ metric }) => metric === METRICS[1]);
      expect(level(imported)).toEqual(level(measured));
      const total = (all: typeof measured) =>
        all.map(({ buckets }) => buckets.reduce((sum, one) => sum + one.increase + one.gapIncrease, 0));
      for (const [i, sum] of total(imported).entries()) {
        // What only the start marker told is lost: a few events around each restart.
        expect(Math.abs(sum - (total(measured)[i] ?? 0))).toBeLessThan(150);
      }
    });

    it('goes on where it was cut off, and ends as if it had not been', async () => {
      await writeFile(join(folder, 'long.csv'), longCsv());
      nowMs = START_MS + 20 * DAY_MS;
      let allowed = 2;
      server.beforePart = () => {
        if (allowed-- > 0) return;
        throw Object.assign(new Error('the store is not there'), { code: 'bad_input' });
      };
      const cut = await cli('import', 'long.csv', '--target', TARGET);
      expect(cut).toMatchObject({ code: 1, out: '' });
      expect(cut.err).toContain('2 parts of the file are in; the same command goes on from there');
      server.beforePart = () => {};
      const rest = await cli('import', 'long.csv', '--target', TARGET, '--json');
      expect(rest.code).toBe(0);
      const { parts, resumedAt, blocks } = JSON.parse(rest.out);
      expect(resumedAt).toBe(2);
      expect(server.taken).toBe(parts);
      const [series] = await store.readHistory(
        { metric: 'redis_memory_used_bytes' },
        { startMs: START_MS, endMs: nowMs },
        BLOCK_MS,
      );
      const filled = (series?.buckets ?? []).filter((bucket) => bucket !== null);
      expect(filled.length).toBe(blocks);
      expect(filled.at(-1)?.last).toBe(LONG_ROWS - 1);
      await expect(readFile(join(folder, 'long.csv.afterwatch-import'))).rejects.toThrow(/ENOENT/);
    });

    it('says what is older than blocks are kept, and leaves it out', async () => {
      nowMs = START_MS + 93 * DAY_MS;
      await writeFile(join(folder, 'old.csv'), longCsv());
      const done = await cli('import', 'old.csv', '--target', TARGET, '--json');
      expect(done.code).toBe(0);
      const { blocks, tooOld } = JSON.parse(done.out);
      expect(tooOld).toBeGreaterThan(900);
      expect(blocks).toBeGreaterThan(900);
      expect(done.err).toContain('blocks of 5 minutes left out: they are older than the server keeps blocks');
    });

    it('a cut-off export is no file, and goes on where it was', async () => {
      await feed();
      const whole = await cli('export', '--out', 'whole.csv');
      expect(whole.code).toBe(0);
      const wanted = await readFile(join(folder, 'whole.csv'), 'utf8');
      const real = store.readSamples.bind(store);
      store.readSamples = (selector, range) =>
        selector.metric === METRICS[1] ? broken() : real(selector, range);
      expect(await cli('export', '--out', 'cut.csv')).toMatchObject({ code: 3 });
      await expect(readFile(join(folder, 'cut.csv'))).rejects.toThrow(/ENOENT/);
      const asked: string[] = [];
      store.readSamples = (selector, range) => {
        asked.push(selector.metric);
        return real(selector, range);
      };
      expect((await cli('export', '--out', 'cut.csv')).code).toBe(0);
      expect(asked).toEqual([METRICS[1]]);
      expect(await readFile(join(folder, 'cut.csv'), 'utf8')).toBe(wanted);
    });
  });
}

const LONG_ROWS = 14 * 480 + 1;

/** A row every 3 minutes for two weeks: more blocks than one part holds. */
function longCsv(): string {
  const rows = Array.from(
    { length: LONG_ROWS },
    (_, i) => `${new Date(START_MS + i * (HOUR_MS / 20)).toISOString()},redis_memory_used_bytes,${i}`,
  );
  return ['time,metric,value', ...rows, ''].join('\n');
}

/** Fractions may differ in their last bits, since parts are added in another order. */
function rounded<T extends object>(bucket: T): T {
  const entries = Object.entries(bucket).map(([key, value]) => [
    key,
    typeof value === 'number' ? Number(value.toPrecision(10)) : value,
  ]);
  return Object.fromEntries(entries) as T;
}

// biome-ignore lint/correctness/useYield: it breaks before it gives anything
async function* broken(): AsyncGenerator<never> {
  throw new Error('the disk is gone');
}
