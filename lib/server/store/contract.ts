import 'server-only';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bucket, bucketStarts } from '@/lib/core/metrics/blocks.ts';
import { type CounterState, type Increment, stepCounter } from '@/lib/core/metrics/increments.ts';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { Sample, StartMarker } from '@/lib/core/model/sample.ts';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Retention } from '@/lib/server/config/types.ts';
import { backupContract } from './backup-contract.ts';
import type { BucketSeries, SeriesSelector, Store } from './store.ts';

/** One empty place for data; each `open` is a new process on it, as far as the data can tell. */
export interface StorePlace {
  open(options: { now: () => number; retention: Retention }): Promise<Store>;
  remove(): Promise<void>;
}

const START_MS = Date.UTC(2026, 2, 2, 6);
const TARGET = 'shop/production/redis/main';
const RETENTION: Retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
/** Each run opens stores on a real disk, which other tests share. */
const PROPERTY_TIMEOUT_MS = 60_000;
const GETS: SeriesSelector = { metric: 'redis_commands_total', labels: { cmd: 'get' } };
const LEVEL: SeriesSelector = { metric: 'level_bytes' };

/** What every implementation of `Store` must hold. `share` of the made-up runs, for a way that another has gone whole. */
export function storeContract(name: string, create: () => Promise<StorePlace>, share = 1): void {
  backupContract(name, create);
  describe(`store contract: ${name}`, () => {
    let place: StorePlace;
    let store: Store;
    let nowMs = START_MS;

    const open = (retention = RETENTION) => place.open({ now: () => nowMs, retention });
    const reopen = async (retention = RETENTION) => {
      await store.close();
      store = await open(retention);
    };
    /** Appends one visit after another, with the clock on each. */
    const feed = async (scrapes: readonly Scrape[]) => {
      for (const scrape of scrapes) {
        nowMs = Math.max(nowMs, scrape.atMs);
        await store.append([scrape]);
      }
    };
    /** The same in few commits. */
    const feedFast = async (scrapes: readonly Scrape[]) => {
      for (let i = 0; i < scrapes.length; i += 25) {
        const some = scrapes.slice(i, i + 25);
        nowMs = Math.max(nowMs, some.at(-1)?.atMs ?? nowMs);
        await store.append(some);
      }
    };
    const maintainAt = (atMs: number) => {
      nowMs = atMs;
      return store.maintain(atMs);
    };

    beforeEach(async () => {
      nowMs = START_MS;
      place = await create();
      store = await open();
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });

    it('shows a sample as soon as its append has resolved', async () => {
      await feed([visit(0, [gets(7), level(3)])]);
      expect(store.latest(GETS)).toMatchObject([{ atMs: START_MS, value: 7 }]);
      expect(store.findSeries(LEVEL)).toMatchObject([{ metric: 'level_bytes', targetId: TARGET }]);
    });

    it('takes the same labels in any order for one series, and other labels for another', async () => {
      const one = { metric: 'http_responses_total', value: 1 };
      await feed([
        visit(0, [{ ...one, labels: { status: '200', route: '/' } }]),
        visit(15, [{ ...one, labels: { route: '/', status: '200' } }]),
        visit(30, [{ ...one, labels: { route: '/', status: '404' } }]),
      ]);
      expect(store.findSeries({ metric: 'http_responses_total' })).toHaveLength(2);
      expect(store.findSeries({ metric: 'http_responses_total', labels: { status: '404' } })).toHaveLength(1);
    });

    it('selects by target', async () => {
      await feed([visit(0, [level(1)]), visit(0, [level(2)], { targetId: 'shop/production/app/a' })]);
      const found = store.latest({ ...LEVEL, targetIds: ['shop/production/app/a'] });
      expect(found.map(({ value }) => value)).toEqual([2]);
    });

    it('keeps equal names of another quality apart', async () => {
      await feed([visit(0, [level(1), { ...level(2), quality: 'inferred' }])]);
      expect(store.latest(LEVEL).map(({ series, value }) => [series.quality, value])).toEqual([
        ['measured', 1],
        ['inferred', 2],
      ]);
    });

    it('gives null for a bucket without data and 0 for one in which nothing happened', async () => {
      await feed([0, 15, 30, 45, 60].map((at) => visit(at, [gets(50)])));
      const buckets = await read(store, GETS, span(0, 180), MINUTE_MS);
      expect(buckets[0]).toMatchObject({ increase: 0, coveredMs: MINUTE_MS });
      expect(buckets.slice(1)).toEqual([
        expect.objectContaining({ increase: 0, coveredMs: 0, last: 50 }),
        null,
      ]);
    });

    it('shares an increment that crosses an edge by time', async () => {
      await feed([visit(50, [gets(100)]), visit(70, [gets(130)])]);
      const buckets = await read(store, GETS, span(0, 120), MINUTE_MS);
      expect(buckets.map((bucket) => bucket?.increase)).toEqual([15, 15]);
      expect(buckets.map((bucket) => bucket?.coveredMs)).toEqual([10_000, 10_000]);
    });

    it('makes a restart a small step, never a spike, and marks it', async () => {
      const before = { marker: 'a', atMs: START_MS - HOUR_MS };
      const after = { marker: 'b', atMs: START_MS + 20_000 };
      await feed([
        visit(0, [gets(90_000)], { start: before }),
        visit(15, [gets(90_010)], { start: before }),
        visit(30, [gets(4)], { start: after }),
        visit(45, [gets(9)], { start: after }),
      ]);
      const buckets = await read(store, GETS, span(0, 60), MINUTE_MS);
      expect(buckets[0]).toMatchObject({ increase: 19, gapIncrease: 0, coveredMs: 40_000 });
      expect(await store.readResets(GETS, span(0, 60))).toMatchObject([{ atMs: START_MS + 30_000 }]);
      expect(await store.readResets(GETS, span(31, 60))).toEqual([]);
      expect(store.lastFalls([TARGET])).toEqual([]);
    });

    it('tells of a counter that fell without a restart, and what it was counted as', async () => {
      await feed([visit(0, [gets(1000)]), visit(15, [gets(990)])]);
      expect(store.lastFalls([TARGET])).toMatchObject([
        { series: { metric: 'redis_commands_total' }, atMs: START_MS + 15_000, countedAs: 'glitch' },
      ]);
      await feed([visit(30, [gets(1010)]), visit(45, [gets(3)])]);
      expect(store.lastFalls([TARGET])).toMatchObject([{ atMs: START_MS + 45_000, countedAs: 'restart' }]);
      expect(store.lastFalls(['shop/production/redis/other'])).toEqual([]);
    });

    it('counts what fell into a gap for totals of the later sample, not for rates', async () => {
      await feed([
        visit(0, [gets(10)]),
        visit(15, [gets(12)]),
        visit(400, [gets(512)]),
        visit(415, [gets(515)]),
      ]);
      const buckets = await read(store, GETS, span(0, 600), BLOCK_MS);
      expect(buckets[0]).toMatchObject({ increase: 2, gapIncrease: 0, coveredMs: 15_000 });
      expect(buckets[1]).toMatchObject({ increase: 3, gapIncrease: 500, coveredMs: 15_000 });
    });

    it('takes a labelled counter that was not there before for 0, where the catalogue says so', async () => {
      await feed([
        visit(0, [command('get', 5), other('a', 5)]),
        visit(15, [command('get', 6), command('set', 3), other('a', 6), other('b', 3)]),
      ]);
      const set = await read(
        store,
        { metric: 'redis_commands_total', labels: { cmd: 'set' } },
        span(0, 60),
        MINUTE_MS,
      );
      expect(set[0]).toMatchObject({ increase: 3, coveredMs: 15_000 });
      const b = await read(store, { metric: 'other_total', labels: { kind: 'b' } }, span(0, 60), MINUTE_MS);
      expect(b[0]).toMatchObject({ increase: 0, coveredMs: 0 });
    });

    it('does not take it for 0 when another process had answered before, or the family was missing', async () => {
      await feed([
        visit(0, [command('get', 5)], { start: { marker: 'a', atMs: null } }),
        visit(15, [command('get', 6), command('set', 3)], { start: { marker: 'b', atMs: null } }),
        visit(30, [level(1)]),
        visit(45, [command('del', 8)]),
      ]);
      for (const cmd of ['set', 'del']) {
        const buckets = await read(store, { ...GETS, labels: { cmd } }, span(0, 60), MINUTE_MS);
        expect(buckets[0]).toMatchObject({ increase: 0, coveredMs: 0 });
      }
    });

    it('takes a labelled counter for 0 only on the process that answered before, of the many that one source tells of', async () => {
      const a = { marker: 'start:1', atMs: null };
      const b = { marker: 'start:2', atMs: null };
      const responses = (machine: string, status: string, value: number) => ({
        metric: 'http_responses_total',
        labels: { machine, status },
        value,
        start: machine === 'a' ? a : b,
      });
      await feed([
        visit(0, [responses('a', '200', 50), responses('b', '200', 50)]),
        visit(15, [responses('b', '200', 60)]),
        visit(30, [
          responses('a', '200', 70),
          responses('a', '429', 7),
          responses('b', '200', 70),
          responses('b', '429', 4),
        ]),
      ]);
      await reopen();
      await feed([
        visit(45, [
          responses('a', '200', 80),
          responses('a', '503', 2),
          responses('b', '200', 80),
          responses('b', '503', 3),
        ]),
      ]);
      const increase = async (machine: string, status: string) => {
        const asked = { metric: 'http_responses_total', labels: { machine, status } };
        const [bucket] = await read(store, asked, span(0, 60), MINUTE_MS);
        return bucket?.increase;
      };
      // The scrape of a before its first 429 had failed: how many of them are new is not known.
      expect(await increase('a', '429')).toBe(0);
      expect(await increase('b', '429')).toBe(4);
      expect(await increase('a', '503')).toBe(2);
      expect(await increase('b', '503')).toBe(3);
    });

    it('drops and counts duplicates, late and future samples', async () => {
      await feed([visit(30, [gets(10), level(1)])]);
      await store.append([
        visit(30, [gets(11)]),
        visit(15, [gets(9), level(2)]),
        visit(11 * 60 + 31, [gets(99)]),
      ]);
      await store.append([visit(45, [gets(12), gets(13)])]);
      expect(store.stats().samplesDropped).toEqual({ duplicate: 2, late: 2, future: 1 });
      expect(store.stats().samplesAppended).toBe(3);
      expect(store.latest(GETS)).toMatchObject([{ value: 12 }]);
      await reopen();
      expect(store.latest(GETS)).toMatchObject([{ value: 12 }]);
    });

    it('gives mean, lowest, highest and last of a gauge, and invents nothing between rare samples', async () => {
      await feed([
        visit(0, [level(4)]),
        visit(15, [level(-2)]),
        visit(30, [level(1)]),
        visit(90, [level(8)]),
      ]);
      const minutes = await read(store, LEVEL, span(0, 120), MINUTE_MS);
      expect(minutes[0]).toMatchObject({ mean: 1, min: -2, max: 4, last: 1, increase: 0 });
      const fine = await read(store, LEVEL, span(0, 60), 5000);
      expect(fine.map((bucket) => bucket?.mean ?? null)).toEqual(
        [4, null, null, -2, null, null, 1].concat(Array(5).fill(null)),
      );
    });

    it('keeps every double exactly', async () => {
      const odd = [0, -0, 1e-300, -1.5e300, 2 ** 53 - 1, -(2 ** 60), 0.1 + 0.2, 1 / 3, Number.MIN_VALUE];
      await feed(odd.map((value, i) => visit(i * 15, [level(value)])));
      const values = async () =>
        (await read(store, LEVEL, span(0, odd.length * 15), 15_000)).map((b) => b?.last);
      expect(await values()).toEqual(odd);
      await reopen();
      expect(await values()).toEqual(odd);
      await maintainAt(START_MS + 3 * HOUR_MS);
      expect(await values()).toEqual(odd);
    });

    it('remembers every visit with its error, oldest first, packed or not', async () => {
      const refused = { kind: 'auth' as const, message: 'redis: main refused the password; check it' };
      await feed([
        visit(0, [gets(1)]),
        visit(15, [], { ok: false, error: refused, durationMs: 9, intervalMs: 30_000 }),
        visit(45, [gets(2)]),
      ]);
      const wanted = [
        { targetId: TARGET, atMs: START_MS, intervalMs: 15_000, durationMs: 3, ok: true, error: null },
        {
          targetId: TARGET,
          atMs: START_MS + 15_000,
          intervalMs: 30_000,
          durationMs: 9,
          ok: false,
          error: refused,
        },
        {
          targetId: TARGET,
          atMs: START_MS + 45_000,
          intervalMs: 15_000,
          durationMs: 3,
          ok: true,
          error: null,
        },
      ];
      const marks = () => store.readScrapes([TARGET], span(0, 46));
      expect(await marks()).toEqual(wanted);
      await maintainAt(START_MS + 2 * HOUR_MS);
      await feed([visit(2 * 3600, [gets(3)])]);
      expect(await marks()).toEqual(wanted);
      expect(await store.readScrapes([TARGET, 'unknown'], span(10, 3 * 3600))).toHaveLength(3);
      await reopen();
      expect(await marks()).toEqual(wanted);
    });

    it('keeps state by key, and gives null for what was never put', async () => {
      await store.putState({ ledger: { day: '2026-03-02', commands: 12 }, empty: null });
      await store.putState({ ledger: { day: '2026-03-02', commands: 13 } });
      await reopen();
      expect(await store.getState('ledger')).toEqual({ day: '2026-03-02', commands: 13 });
      expect(await store.getState('empty')).toBeNull();
      expect(await store.getState('unknown')).toBeNull();
    });

    it('lists state by the beginning of its keys, without what was taken away', async () => {
      await store.putState({ 'list/b': { n: 2 }, 'list/a': [1], 'list/c': 3, list: 0, 'other/a': 4 });
      await store.putState({ 'list/c': null, 'list/é_%': 'x' });
      await reopen();
      expect(await store.listState('list/')).toEqual([
        ['list/a', [1]],
        ['list/b', { n: 2 }],
        ['list/é_%', 'x'],
      ]);
      expect(await store.listState('list/é')).toHaveLength(1);
      expect(await store.listState('nothing')).toEqual([]);
      await store.putState({ 'list/c': 5 });
      expect(await store.getState('list/c')).toBe(5);
    });

    it('keeps what was handed in before a close', async () => {
      const handed = [0, 15, 30].map((at) => store.append([visit(at, [gets(at)])]));
      nowMs = START_MS + MINUTE_MS;
      await reopen();
      await Promise.all(handed);
      expect(store.latest(GETS)).toMatchObject([{ value: 30 }]);
    });

    it('has a new id at every opening, and the same between calls', async () => {
      const { id } = store;
      expect(store.id).toBe(id);
      await reopen();
      expect(store.id).not.toBe(id);
    });

    it('refuses a step that gives no grid', async () => {
      await expect(store.readBuckets(GETS, span(0, 60), 0)).rejects.toThrow(/step/);
      await expect(store.readBuckets(GETS, { startMs: 0, endMs: 1e13 }, 1000)).rejects.toThrow(/step/);
    });

    it('gives columns that say what buckets say: from memory, packed, and both', async () => {
      const run = Array.from({ length: 3 * 240 }, (_, i) => {
        const level = { metric: LEVEL.metric, labels: {}, value: 10 + (i % 7) / 3 };
        return visit(i * 15, i % 50 === 49 ? [level] : [gets(i * 3), command('set', i), level]);
      });
      await feedFast(run);
      const ranges = [span(0, 3 * 3600), span(600, 900), span(7_000, 10_900), span(-900, -300)];
      for (const nowAt of [0, 2, 3, 5]) {
        await maintainAt(START_MS + nowAt * HOUR_MS + MINUTE_MS);
        for (const range of ranges)
          for (const stepMs of [15_000, MINUTE_MS, BLOCK_MS, HOUR_MS])
            for (const { metric } of [GETS, LEVEL]) {
              const wanted = await store.readBuckets({ metric }, range, stepMs);
              expect(difference(await scanned(store, metric, range, stepMs), wanted)).toBeNull();
            }
      }
    });

    it('gives nothing for a series or range that it does not know', async () => {
      expect(await store.readBuckets({ metric: 'unknown' }, span(0, 60), MINUTE_MS)).toEqual([]);
      await feed([visit(0, [gets(1)])]);
      expect(await read(store, GETS, span(-600, -300), MINUTE_MS)).toEqual(Array(5).fill(null));
    });

    it('drops a visit to an hour that is packed, and says so', async () => {
      await feed([visit(0, [gets(1)]), visit(15, [gets(2)])]);
      await maintainAt(START_MS + 2 * HOUR_MS);
      await store.append([visit(30, [gets(3)])]);
      expect(store.stats().samplesDropped.late).toBe(1);
    });

    it('neither loses nor doubles what comes while hours are packed', async () => {
      await feedFast(Array.from({ length: 500 }, (_, i) => visit(i * 15, [gets(i)])));
      const targetId = 'shop/production/redis/late';
      const packing = maintainAt(START_MS + 2 * HOUR_MS + 5 * MINUTE_MS);
      await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          store.append([visit(i * 60, [gets(i * 2)], { targetId, intervalMs: MINUTE_MS })]),
        ),
      );
      await packing;
      const totals = async () => {
        const series = await store.readBuckets(GETS, span(0, 3 * 3600), BLOCK_MS);
        return series.map(({ buckets }) => sum(buckets));
      };
      expect(await totals()).toEqual([499, 118]);
      await maintainAt(nowMs);
      expect(await totals()).toEqual([499, 118]);
      await reopen();
      expect(await totals()).toEqual([499, 118]);
    });

    it('keeps samples, then blocks, then hourly sums as long as asked, and the total through all of it', async () => {
      const retention = { samplesDays: 1, blocksDays: 2, hourlyDays: 40 };
      await reopen(retention);
      await feed(
        Array.from({ length: 9 }, (_, i) => visit(i * 900, [gets(i * 10)], { intervalMs: 900_000 })),
      );
      const range = span(0, 3 * 3600);
      const total = async (stepMs: number) =>
        Math.round(sum(await read(store, GETS, range, stepMs)) * 1e6) / 1e6;
      const age = async (days: number) => {
        await feed([visit(days * 86_400, [level(days)])]);
        // One run removes a day at most, so that old data go in steps.
        for (let hour = 0; hour < days + 2; hour++)
          await maintainAt(START_MS + days * DAY_MS + hour * HOUR_MS);
        await reopen(retention);
        return {
          minutes: await total(MINUTE_MS),
          blocks: await total(BLOCK_MS),
          hours: await total(HOUR_MS),
        };
      };
      expect(await age(0.9)).toEqual({ minutes: 80, blocks: 80, hours: 80 });
      expect(await age(1.5)).toEqual({ minutes: 0, blocks: 80, hours: 80 });
      expect(await store.readScrapes([TARGET], range)).toEqual([]);
      expect(await age(4.5)).toEqual({ minutes: 0, blocks: 0, hours: 80 });
      expect(await age(100)).toEqual({ minutes: 0, blocks: 0, hours: 0 });
    });

    it('does not lose its data to a clock that jumps ten years ahead for a moment', async () => {
      await feed([visit(0, [gets(1)]), visit(15, [gets(9)])]);
      const kept = await read(store, GETS, span(0, 60), 15_000);
      await maintainAt(START_MS + 10 * 365 * DAY_MS);
      nowMs = START_MS + HOUR_MS;
      await feed([visit(3600, [gets(20)], { intervalMs: HOUR_MS })]);
      expect(store.latest(GETS)).toMatchObject([{ value: 20 }]);
      const after = await read(store, GETS, span(0, 60), 15_000);
      expect(after[0]).toEqual(kept[0]);
      expect(store.stats().samplesDropped).toEqual({ late: 0, duplicate: 0, future: 0 });
    });

    it(
      'answers the same before packing, after it, after folding days and after a restart',
      async () => {
        await fc.assert(
          fc.asyncProperty(arbitraryRun(200, [15_000, 60_000, 900_000]), async (run) => {
            await fresh();
            await feedFast(run);
            const all = await readAll(store, run);
            const lastMs = run.at(-1)?.atMs ?? START_MS;
            await maintainAt(lastMs);
            expect(difference(await readAll(store, run), all)).toBeNull();
            await maintainAt(lastMs + 2 * HOUR_MS);
            expect(difference(await readAll(store, run), all)).toBeNull();
            await maintainAt(lastMs + 9 * HOUR_MS);
            expect(difference(await readAll(store, run), all)).toBeNull();
            await reopen();
            expect(difference(await readAll(store, run), all)).toBeNull();
          }),
          { numRuns: Math.ceil(8 * share), endOnFailure: true },
        );
      },
      PROPERTY_TIMEOUT_MS,
    );

    it(
      'is after restarts in mid-stream what it is without them',
      async () => {
        await fc.assert(
          fc.asyncProperty(arbitraryRun(150, [15_000, 120_000]), fc.nat(150), async (run, cut) => {
            await fresh();
            await feedFast(run);
            const straight = await readAll(store, run);
            await fresh();
            await feedFast(run.slice(0, cut));
            await maintainAt(nowMs);
            await reopen();
            await feedFast(run.slice(cut));
            expect(difference(await readAll(store, run), straight)).toBeNull();
          }),
          { numRuns: Math.ceil(8 * share), endOnFailure: true },
        );
      },
      PROPERTY_TIMEOUT_MS,
    );

    it(
      'adds up to the sample increments for any step and split',
      async () => {
        const steps = fc.constantFrom(
          7000,
          15_000,
          MINUTE_MS,
          BLOCK_MS,
          420_000,
          6 * BLOCK_MS,
          HOUR_MS,
          DAY_MS,
        );
        await fc.assert(
          fc.asyncProperty(
            arbitraryRun(200, [15_000, 60_000, 300_000]),
            steps,
            fc.nat(100),
            async (run, stepMs, share) => {
              await fresh();
              await feedFast(run);
              await maintainAt(run.at(-1)?.atMs ?? START_MS);
              const wanted = totalOf(run);
              const range = wholeRange(run, stepMs);
              const count = Math.floor(((range.endMs - range.startMs) / stepMs) * (share / 100));
              const splitMs = range.startMs + count * stepMs;
              const whole = sum(await read(store, GETS, range, stepMs));
              const left = sum(await read(store, GETS, { ...range, endMs: splitMs }, stepMs));
              const right = sum(await read(store, GETS, { ...range, startMs: splitMs }, stepMs));
              expect(Math.abs(whole - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, wanted));
              expect(Math.abs(left + right - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, wanted));
            },
          ),
          { numRuns: Math.ceil(12 * share), endOnFailure: true },
        );
      },
      PROPERTY_TIMEOUT_MS,
    );

    it(
      'reads back every sample and what it added: from memory, packed, both, and after a restart',
      async () => {
        await fc.assert(
          fc.asyncProperty(arbitraryRun(200, [15_000, 60_000, 900_000]), async (run) => {
            await fresh();
            await feedFast(run);
            const wanted = addedOf(run);
            const lastMs = run.at(-1)?.atMs ?? START_MS;
            expect(difference(await readBack(store, GETS), wanted)).toBeNull();
            await maintainAt(lastMs);
            expect(difference(await readBack(store, GETS), wanted)).toBeNull();
            await reopen();
            expect(difference(await readBack(store, GETS), wanted)).toBeNull();
            await maintainAt(lastMs + 2 * HOUR_MS);
            expect(difference(await readBack(store, GETS), wanted)).toBeNull();
            const levels = run.flatMap(({ atMs, ok, samples }) =>
              ok ? [{ atMs, value: samples.at(-1)?.value, added: null }] : [],
            );
            expect(difference(await readBack(store, LEVEL), levels)).toBeNull();
          }),
          { numRuns: Math.ceil(8 * share), endOnFailure: true },
        );
      },
      PROPERTY_TIMEOUT_MS,
    );

    it('reads samples of the asked series and range only, and keeps going while hours are packed', async () => {
      await feedFast(Array.from({ length: 480 }, (_, i) => visit(i * 15, [gets(i), level(i)])));
      const part = { startMs: START_MS + HOUR_MS, endMs: START_MS + HOUR_MS + MINUTE_MS };
      const [first, ...more] = await readBack(store, GETS, part);
      expect([first, ...more].map((one) => one?.value)).toEqual([240, 241, 242, 243]);
      expect(await readBack(store, { metric: 'unknown' })).toEqual([]);
      expect(await readBack(store, { ...GETS, labels: { cmd: 'set' } })).toEqual([]);
      await maintainAt(START_MS + 2 * HOUR_MS);
      const seen: number[] = [];
      for await (const { values } of store.readSamples(LEVEL, { startMs: 0, endMs: nowMs })) {
        seen.push(...values);
        await maintainAt(START_MS + 5 * HOUR_MS);
      }
      expect(seen).toEqual(Array.from({ length: 480 }, (_, i) => i));
    });

    describe('history from a provider', () => {
      const GETS_BEFORE: HistorySeries = {
        metric: 'redis_commands_total',
        labels: { cmd: 'get' },
        quality: 'inferred',
        stretches: Array.from({ length: 36 }, (_, i) => ({
          startMs: START_MS - 3 * HOUR_MS + i * BLOCK_MS,
          endMs: START_MS - 3 * HOUR_MS + (i + 1) * BLOCK_MS,
          value: 100 + i,
        })),
      };
      const before: TimeRange = { startMs: START_MS - 3 * HOUR_MS, endMs: START_MS };
      const history = async (range: TimeRange, stepMs: number, selector = GETS) =>
        (await store.readHistory(selector, range, stepMs))[0]?.buckets ?? [];

      it('stands beside what was measured, and changes nothing of it', async () => {
        await feed([visit(0, [gets(7)]), visit(15, [gets(9)])]);
        const measured = await readAll(store, [visit(0, []), visit(15, [])]);
        await store.putHistory(TARGET, [GETS_BEFORE]);
        expect(await readAll(store, [visit(0, []), visit(15, [])])).toEqual(measured);
        expect(sum(await history(before, BLOCK_MS))).toBe(36 * 100 + (35 * 36) / 2);
        expect((await store.readHistory(GETS, before, BLOCK_MS))[0]?.series.quality).toBe('backfilled');
        expect(await store.readBuckets(GETS, before, BLOCK_MS)).toHaveLength(1);
      });

      it('is the same when it is put twice, in parts or after a restart', async () => {
        await store.putHistory(TARGET, [GETS_BEFORE]);
        const once = await history(before, BLOCK_MS);
        await store.putHistory(TARGET, [GETS_BEFORE]);
        const { stretches } = GETS_BEFORE;
        await store.putHistory(TARGET, [{ ...GETS_BEFORE, stretches: stretches.slice(10, 20) }]);
        await reopen();
        await store.putHistory(TARGET, [{ ...GETS_BEFORE, stretches: stretches.slice(20) }]);
        expect(await history(before, BLOCK_MS)).toEqual(once);
      });

      it('keeps the fuller of two readings of one block', async () => {
        const [first] = GETS_BEFORE.stretches;
        if (first === undefined) throw new Error('no stretch');
        const cut = { ...first, startMs: first.startMs + MINUTE_MS, value: 80 };
        await store.putHistory(TARGET, [{ ...GETS_BEFORE, stretches: [cut] }]);
        expect(sum(await history(before, BLOCK_MS))).toBe(80);
        await store.putHistory(TARGET, [{ ...GETS_BEFORE, stretches: [first] }]);
        await store.putHistory(TARGET, [{ ...GETS_BEFORE, stretches: [cut] }]);
        expect(sum(await history(before, BLOCK_MS))).toBe(100);
      });

      it('shares a long stretch out by time and adds up at every step', async () => {
        const day = { startMs: START_MS - DAY_MS, endMs: START_MS, value: 86_400 };
        await store.putHistory(TARGET, [{ ...GETS_BEFORE, stretches: [day] }]);
        for (const stepMs of [MINUTE_MS, BLOCK_MS, HOUR_MS]) {
          const buckets = await history({ startMs: day.startMs, endMs: day.endMs }, stepMs);
          expect(sum(buckets)).toBeCloseTo(86_400, 6);
          expect(buckets.every((bucket) => bucket?.coveredMs === stepMs)).toBe(true);
        }
      });

      it('keeps the level of a gauge, and nothing where nothing was known', async () => {
        const at = (fromMin: number, toMin: number, value: number) => ({
          startMs: before.startMs + fromMin * MINUTE_MS,
          endMs: before.startMs + toMin * MINUTE_MS,
          value,
        });
        const stretches = [at(0, 10, 5), at(20, 30, 7)];
        await store.putHistory(TARGET, [
          { metric: 'level_bytes', labels: {}, quality: 'measured', stretches },
        ]);
        const means = (await history(before, BLOCK_MS, LEVEL))
          .slice(0, 6)
          .map((bucket) => bucket?.mean ?? null);
        expect(means).toEqual([5, 5, null, null, 7, 7]);
        const fine = (await history(before, MINUTE_MS, LEVEL))
          .slice(8, 12)
          .map((bucket) => bucket?.mean ?? null);
        expect(fine).toEqual([5, 5, null, null]);
      });

      it('takes whole blocks as they are, again without a change', async () => {
        const block = (at: number) => ({
          ...{ startMs: before.startMs + at * BLOCK_MS, n: 20, sum: 0, min: 0.25, max: 2.5, last: 900 },
          ...{ increase: 300.5, gapIncrease: at === 2 ? 7 : 0, coveredMs: 285_000 },
        });
        const series = { ...GETS_BEFORE, stretches: [], blocks: [block(0), block(2)] };
        for (let times = 0; times < 2; times++) {
          await store.putHistory(TARGET, [series]);
          const { sum: _, n: __, ...told } = block(2);
          expect((await history(before, BLOCK_MS)).slice(0, 4)).toEqual([
            { ...told, startMs: before.startMs, gapIncrease: 0, mean: null },
            null,
            { ...told, mean: null },
            null,
          ]);
          await reopen();
        }
      });

      it('leaves out what is older than blocks are kept, so that nothing is added twice', async () => {
        const old = { startMs: START_MS - 91 * DAY_MS, endMs: START_MS - 91 * DAY_MS + BLOCK_MS, value: 5 };
        await store.putHistory(TARGET, [{ ...GETS_BEFORE, stretches: [old, ...GETS_BEFORE.stretches] }]);
        expect(
          sum(await history({ startMs: START_MS - 92 * DAY_MS, endMs: START_MS - 80 * DAY_MS }, DAY_MS)),
        ).toBe(0);
        expect(sum(await history(before, BLOCK_MS))).toBeGreaterThan(0);
      });
    });

    /** An empty place for one more run of a property. */
    async function fresh(): Promise<void> {
      await store.close();
      await place.remove();
      nowMs = START_MS;
      place = await create();
      store = await open();
    }
  });
}

function span(fromSeconds: number, toSeconds: number): TimeRange {
  return { startMs: START_MS + fromSeconds * 1000, endMs: START_MS + toSeconds * 1000 };
}

function visit(atSeconds: number, samples: Sample[], more: Partial<Scrape> = {}): Scrape {
  const atMs = START_MS + atSeconds * 1000;
  const plain = { targetId: TARGET, intervalMs: 15_000, durationMs: 3, ok: true, error: null, start: null };
  return { ...plain, atMs, samples, ...more };
}

function command(cmd: string, value: number): Sample {
  return { metric: 'redis_commands_total', labels: { cmd }, value };
}

function gets(value: number): Sample {
  return command('get', value);
}

function other(kind: string, value: number): Sample {
  return { metric: 'other_total', labels: { kind }, value };
}

function level(value: number): Sample {
  return { metric: 'level_bytes', labels: {}, value };
}

async function read(
  store: Store,
  selector: SeriesSelector,
  range: TimeRange,
  stepMs: number,
): Promise<readonly (Bucket | null)[]> {
  const [first] = await store.readBuckets(selector, range, stepMs);
  return first?.buckets ?? [];
}

/** What `scanBuckets` gives, as `readBuckets` does. */
async function scanned(
  store: Store,
  metric: string,
  range: TimeRange,
  stepMs: number,
): Promise<BucketSeries[]> {
  const starts = bucketStarts(range, stepMs);
  const found: BucketSeries[] = [];
  await store.scanBuckets({ metric }, range, stepMs, (series, columns) => {
    const orNull = (value: number | undefined): number | null =>
      value === undefined || Number.isNaN(value) ? null : value;
    const isGauge = metric === LEVEL.metric;
    const buckets = starts.map((startMs, at): Bucket | null => {
      const i = at - columns.first;
      if (i < 0 || i >= columns.length || columns.isEmpty(i)) return null;
      const n = columns.n[i] ?? 0;
      return {
        startMs,
        increase: columns.increase[i] ?? 0,
        coveredMs: columns.coveredMs[i] ?? 0,
        gapIncrease: columns.gapIncrease[i] ?? 0,
        mean: isGauge && n > 0 ? (columns.sum[i] ?? 0) / n : null,
        min: orNull(columns.min[i]),
        max: orNull(columns.max[i]),
        last: orNull(columns.last[i]),
      };
    });
    found.push({ series, buckets });
  });
  return found;
}

function sum(buckets: readonly (Bucket | null)[]): number {
  return buckets.reduce((total, bucket) => total + (bucket?.increase ?? 0) + (bucket?.gapIncrease ?? 0), 0);
}

function wholeRange(run: readonly Scrape[], stepMs: number): TimeRange {
  const endMs = (run.at(-1)?.atMs ?? START_MS) + 1;
  const startMs = Math.floor(START_MS / stepMs) * stepMs;
  return { startMs, endMs: Math.ceil(endMs / stepMs) * stepMs };
}

interface Added {
  atMs: number;
  value: number | undefined;
  added: Increment | null;
}

/** Samples as they are read back, each with what it added. */
async function readBack(
  store: Store,
  selector: SeriesSelector,
  range: TimeRange = { startMs: 0, endMs: START_MS + DAY_MS * 30 },
): Promise<Added[]> {
  const found: Added[] = [];
  for await (const { atMs, values, steps, counter } of store.readSamples(selector, range)) {
    for (const [i, at] of atMs.entries()) {
      const value = values[i] ?? Number.NaN;
      const last = found.at(-1);
      const plain =
        last === undefined || !counter
          ? null
          : {
              ...{ fromMs: last.atMs, toMs: at, increase: value - (last.value ?? 0) },
              ...{ gap: false, reset: false, partial: false },
            };
      const told = steps.get(i);
      found.push({ atMs: at, value, added: told === undefined ? plain : told });
    }
  }
  return found;
}

/** The same by the rules of counters, without any store. */
function addedOf(run: readonly Scrape[]): Added[] {
  let state: CounterState | null = null;
  let previousVisitMs: number | null = null;
  const wanted: Added[] = [];
  for (const { atMs, intervalMs, start, ok, samples } of run) {
    const value = samples.find(({ labels }) => labels.cmd === 'get')?.value;
    if (value !== undefined) {
      const step = stepCounter(state, { atMs, value, intervalMs, start, previousVisitMs, absentThen: false });
      state = step.state;
      wanted.push({ atMs, value, added: step.increment });
    }
    if (ok) previousVisitMs = atMs;
  }
  return wanted;
}

/** Everything that a store says about a run, at several steps. */
async function readAll(store: Store, run: readonly Scrape[]): Promise<unknown> {
  const range = { startMs: START_MS, endMs: (run.at(-1)?.atMs ?? START_MS) + 1 };
  const parts: unknown[] = [store.latest(GETS), store.latest(LEVEL)];
  for (const stepMs of [MINUTE_MS, BLOCK_MS, HOUR_MS]) {
    parts.push(await store.readBuckets(GETS, range, stepMs), await store.readBuckets(LEVEL, range, stepMs));
  }
  parts.push(await store.readScrapes([TARGET], range), await store.readResets(GETS, range));
  return parts;
}

/**
 * Path of the first difference, or null. Sums of fractions may differ in their last bits, since packed parts are added
 * in another order; everything else must be equal. (Comparing by `toEqual` takes longer than reading.)
 */
function difference(found: unknown, wanted: unknown, path = 'answer'): string | null {
  if (Object.is(found, wanted)) return null;
  if (typeof found === 'number' && typeof wanted === 'number') {
    const near = Math.abs(found - wanted) <= 1e-9 * Math.max(Math.abs(found), Math.abs(wanted));
    return near && !(Number.isInteger(found) && Number.isInteger(wanted))
      ? null
      : `${path}: ${found} instead of ${wanted}`;
  }
  if (typeof found !== 'object' || typeof wanted !== 'object' || found === null || wanted === null) {
    return `${path}: ${String(found)} instead of ${String(wanted)}`;
  }
  const before = new Map(Object.entries(wanted));
  const now = Object.entries(found);
  if (now.length !== before.size) return `${path}: ${now.length} entries instead of ${before.size}`;
  for (const [key, value] of now) {
    const other = difference(value, before.get(key), `${path}.${key}`);
    if (other !== null) return other;
  }
  return null;
}

/** The sum of all increments by the rules of counters, without any store. */
function totalOf(run: readonly Scrape[]): number {
  let state: CounterState | null = null;
  let previousVisitMs: number | null = null;
  let total = 0;
  for (const { atMs, intervalMs, start, ok, samples } of run) {
    const value = samples.find(({ labels }) => labels.cmd === 'get')?.value;
    if (value !== undefined) {
      const step = stepCounter(state, { atMs, value, intervalMs, start, previousVisitMs, absentThen: false });
      state = step.state;
      total += step.increment?.increase ?? 0;
    }
    if (ok) previousVisitMs = atMs;
  }
  return total;
}

type Event = 'step' | 'still' | 'restart' | 'unmarked' | 'glitch' | 'failed' | 'pause' | 'without';

/** A life of one target: steps, restarts with and without marker, glitches, failures, gaps, missing series. */
function arbitraryRun(most: number, intervals: readonly number[]): fc.Arbitrary<Scrape[]> {
  const event: fc.Arbitrary<Event> = fc.oneof(
    { weight: 30, arbitrary: fc.constant('step' as const) },
    { weight: 4, arbitrary: fc.constant('still' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom('restart', 'unmarked', 'glitch', 'failed', 'pause', 'without'),
    },
  );
  const one = fc.record({
    event,
    amount: fc.oneof(
      fc.nat(9),
      fc.nat(100_000),
      fc.integer({ min: 1, max: 99_999 }).map((n) => n / 100),
    ),
    jitterMs: fc.nat(900),
  });
  return fc
    .tuple(fc.constantFrom(...intervals), fc.array(one, { minLength: 2, maxLength: most, size: 'max' }))
    .map(([intervalMs, steps]) => toScrapes(intervalMs, steps));
}

function toScrapes(
  intervalMs: number,
  steps: readonly { event: Event; amount: number; jitterMs: number }[],
): Scrape[] {
  let slotMs = START_MS;
  let value = 1000;
  let start: StartMarker = { marker: 'first', atMs: START_MS - DAY_MS };
  return steps.map(({ event, amount, jitterMs }, i) => {
    slotMs += event === 'pause' ? 7 * intervalMs : intervalMs;
    const atMs = slotMs + jitterMs;
    if (event === 'step' || event === 'pause') value = Math.round((value + amount) * 100) / 100;
    if (event === 'restart') {
      start = { marker: `run ${i}`, atMs: amount % 2 === 0 ? atMs - 500 : null };
      value = amount;
    }
    if (event === 'unmarked') value = Math.floor(value / 10);
    const shown = event === 'glitch' ? Math.floor(value * 0.9) : value;
    const samples = event === 'without' ? [level(amount)] : [command('get', shown), level(amount)];
    const plain = { targetId: TARGET, atMs, intervalMs, durationMs: jitterMs, start };
    return event === 'failed'
      ? { ...plain, ok: false, error: { kind: 'timeout', message: `no answer (${amount})` }, samples: [] }
      : { ...plain, ok: true, error: null, samples };
  });
}
