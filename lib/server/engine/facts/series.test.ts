import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeriesFact, WatchedSeries } from '@/lib/core/alerts/facts/series.ts';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import { targetId } from '@/lib/core/model/target.ts';
import { alignUp, BLOCK_MS, DAY_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../../collectors/collector.ts';
import {
  type Answer,
  good,
  machine,
  openWorld,
  prometheus,
  redis,
  START_MS,
  sample,
  type World,
} from '../../queries/test-world.ts';
import type { FactDeps, FactQuestion } from './fact-reader.ts';
import { readSeriesFacts } from './series.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const LOOK_MS = 15_000;
/** A rate that moves by the minute, the same whenever it is asked. */
const wave = (atMs: number): number => 1 + 0.1 * Math.sin(atMs / 400_000) + 0.05 * Math.sin(atMs / 61_000);
/** What a rate of `perSecond` has counted since 20 days before the start. */
function counted(perSecond: number, atMs: number): number {
  const seconds = (atMs - START_MS) / 1000 + 20 * 86_400;
  const waves = -0.1 * 400 * Math.cos(atMs / 400_000) - 0.05 * 61 * Math.cos(atMs / 61_000);
  return Math.round(perSecond * (seconds + waves));
}

/** Eight days and a half as an engine remembers them: 100 GETs and 20 requests a second, a 429 every ten minutes, no 5xx. */
function remembered(range: TimeRange): HistorySeries[] {
  const series = (metric: string, labels: Labels, countAt: (atMs: number) => number): HistorySeries => {
    const stretches: HistorySeries['stretches'][number][] = [];
    const fromMs = Math.max(range.startMs, START_MS - 8.75 * DAY_MS);
    for (let atMs = alignUp(fromMs, BLOCK_MS); atMs + BLOCK_MS <= range.endMs; atMs += BLOCK_MS)
      stretches.push({ startMs: atMs, endMs: atMs + BLOCK_MS, value: countAt(atMs) });
    return { metric, labels, quality: 'measured', stretches };
  };
  const steady = (perSecond: number) => (atMs: number) => Math.round(perSecond * 300 * wave(atMs));
  const responses = (status: string, machineName: string, countAt: (atMs: number) => number) =>
    series('http_responses_total', { status, machine: machineName }, countAt);
  return [
    series('redis_commands_total', { cmd: 'get', instance: 'cache' }, steady(100)),
    ...['a', 'b'].flatMap((name) => [
      responses('200', name, steady(10)),
      responses('429', name, (atMs) => ((atMs / BLOCK_MS) % 4 === (name === 'a' ? 0 : 2) ? 1 : 0)),
    ]),
  ];
}

const within = (minute: number, [from, to]: readonly [number, number]): boolean =>
  minute >= from && minute < to;
/** Minutes of `[from, to)` that are over. */
const since = (minute: number, [from, to]: readonly [number, number]): number =>
  Math.max(0, Math.min(minute, to) - from);

/** What goes wrong when, in minutes after the start. Before 40 all is as usual. */
const LIMITED = [41, 44] as const;
const DOUBLED = [46, 53] as const;
const DIPS_AT = 57;
const STOPPED = [61, 66] as const;
const CACHE_SILENT = [70, 75] as const;
const B_SILENT = [76, 80] as const;
const BEGIN = 40;
const END = 80;

const answer: Answer = ({ kind, name }, atMs) => {
  const minute = (atMs - START_MS) / MINUTE_MS;
  if ((name === 'cache' && within(minute, CACHE_SILENT)) || (name === 'b' && within(minute, B_SILENT)))
    throw new ScrapeError('network', `${name}: no answer`);
  if (kind === 'redis') {
    const stoppedMs = START_MS + STOPPED[0] * MINUTE_MS;
    const lost = within(minute, STOPPED)
      ? counted(100, atMs) - counted(100, stoppedMs)
      : minute < STOPPED[0]
        ? 0
        : counted(100, START_MS + STOPPED[1] * MINUTE_MS) - counted(100, stoppedMs);
    const more = since(minute, DOUBLED) * 6_000 - (minute >= DIPS_AT ? 900 : 0);
    return good([sample('redis_commands_total', counted(100, atMs) + more - lost, { cmd: 'get' })]);
  }
  return good([
    sample('http_responses_total', counted(10, atMs), { status: '200' }),
    sample('http_responses_total', name === 'a' ? Math.floor(since(minute, LIMITED) * 40) : 0, {
      status: '429',
    }),
  ]);
};

function asker(world: World) {
  const { config, poller } = world.runtime;
  const deps: FactDeps = world.runtime;
  return (startMs: number, endMs: number, isPast: boolean): FactQuestion => ({
    ...{ deps, scope: SCOPE, times: { startMs, endMs }, isPast },
    statuses: config.targets.flatMap((target) => poller.status(targetId(target), world.nowMs()) ?? []),
  });
}

type Found = readonly { minute: number; atMs: number; facts: readonly SeriesFact[] }[];

/** Visits and looks every 15 s; what was found. */
async function run(world: World, minutes: number): Promise<Found> {
  const ask = asker(world);
  const found: Found[number][] = [];
  for (let i = 0; i < minutes * 4; i += 1) {
    await world.watch(LOOK_MS / MINUTE_MS);
    const atMs = world.nowMs();
    const facts = (await readSeriesFacts(ask(atMs, atMs, false)))(atMs);
    found.push({ minute: (atMs - START_MS) / MINUTE_MS, atMs, facts });
  }
  return found;
}

function of(facts: readonly SeriesFact[], series: WatchedSeries): SeriesFact {
  const found = facts.find((one) => one.series === series);
  if (found === undefined) throw new Error(`${series} is not watched`);
  return found;
}

type Score = (facts: readonly SeriesFact[]) => number | undefined;
const limited: Score = (facts) => of(facts, 'limited').countSpike?.score;
const spike: Score = (facts) => of(facts, 'redis_gets').spike?.score;
const stall: Score = (facts) => of(facts, 'redis_gets').stall?.score;

/** First minute of a firing, from `from` on; null where there is none before `to`. */
function firstAt(found: Found, score: Score, from = BEGIN, to = END): number | null {
  const first = found.find(({ minute, facts }) => minute >= from && minute < to && (score(facts) ?? 0) >= 1);
  return first?.minute ?? null;
}

describe('what detectors see in the series of a scope', { timeout: 60_000 }, () => {
  let world: World;
  let found: Found;
  const at = (minute: number): readonly SeriesFact[] =>
    found.find((one) => one.minute >= minute)?.facts ?? [];

  beforeAll(async () => {
    world = await openWorld([redis, machine('a'), machine('b'), prometheus], answer, {
      memory: { engine: remembered },
    });
    await world.watch(BEGIN);
    await world.runtime.poller.readHistory();
    found = await run(world, END - BEGIN);
  }, 60_000);
  afterAll(() => world.close());

  it('is nothing much on a usual day, and all of it is told', () => {
    const facts = at(40.5);
    expect(facts.map(({ series }) => series)).toEqual(['redis_gets', 'requests', 'limited', 'server_errors']);
    const gets = of(facts, 'redis_gets');
    expect(gets).toMatchObject({ title: 'Redis GETs', countSpike: null });
    for (const look of [gets.spike, gets.stall, of(facts, 'limited').countSpike]) {
      expect(look).not.toBeNull();
      expect(look?.score).toBeLessThan(0.5);
    }
    expect(gets.spike?.value).toBeGreaterThan(80);
    expect(gets.spike?.expected).toBeLessThan(120);
    // More of them is neither good nor bad.
    expect(of(facts, 'requests').spike).toBeNull();
    expect(of(facts, 'requests').stall?.score).toBe(0);
  });

  it('429s that begin at 40 a minute are told within 2 min, with the machine that they come from', () => {
    const first = firstAt(found, limited);
    expect(first).toBeGreaterThan(LIMITED[0]);
    expect(first).toBeLessThanOrEqual(LIMITED[0] + 2);
    const last = of(at(LIMITED[1]), 'limited');
    expect(last.place).toBe('a');
    expect(last.countSpike?.what).toMatch(
      /^\d+(\.\d+)? in \d+ min, 0\.\d+ are usual; their share of requests rose too$/,
    );
  });

  it('429s that are over are over, also in the hours that still hold them', () => {
    expect(firstAt(found, limited, LIMITED[1] + 6)).toBeNull();
  });

  it('a rate that doubles is told with the first block that holds it', () => {
    const first = firstAt(found, spike);
    expect(first).toBeGreaterThan(DOUBLED[0]);
    expect(first).toBeLessThanOrEqual(DOUBLED[0] + 5);
    expect(of(at(52), 'redis_gets').spike?.value).toBeGreaterThan(150);
  });

  it('prometheus #8687: a counter that falls a little makes neither a spike nor a silence', () => {
    expect(of(at(DIPS_AT + 4), 'redis_gets').spike?.value).toBeGreaterThan(80);
    expect(firstAt(found, stall, DOUBLED[1], STOPPED[0])).toBeNull();
  });

  it('GETs that stop while the numbers come in are told within 3 min', () => {
    const first = firstAt(found, stall);
    expect(first).toBeGreaterThan(STOPPED[0] + 2);
    expect(first).toBeLessThanOrEqual(STOPPED[0] + 3);
  });

  it('where no numbers come it is not the counter that stands still: nothing is told', () => {
    expect(firstAt(found, stall, CACHE_SILENT[0])).toBeNull();
    expect(of(at(CACHE_SILENT[1] - 0.5), 'redis_gets').stall).toBeNull();
  });

  it('of a sum with one machine missing nothing is told', () => {
    expect(of(at(B_SILENT[1] - 0.25), 'requests').stall).toBeNull();
    expect(of(at(B_SILENT[1] - 0.25), 'limited').countSpike).toBeNull();
    expect(of(at(B_SILENT[0]), 'limited').countSpike).not.toBeNull();
  });

  it('is the same when the past is walked', async () => {
    const past = await readSeriesFacts(asker(world)(found[0]?.atMs ?? 0, world.nowMs(), true));
    // Of the past no place is kept; a flat top is read in the background live, and waited for here.
    const common = (facts: readonly SeriesFact[]) =>
      facts.map((fact) => ({ ...fact, place: null, plateau: null }));
    for (const { atMs, facts } of found) expect.soft(common(past(atMs))).toEqual(common(facts));
  });

  it('is nothing of Redis while it is suspended, and those blocks are usual of no day', async () => {
    // Before any of the trouble, so that nothing else keeps it from being told.
    const nowMs = found[2]?.atMs ?? Number.NaN;
    const question = asker(world)(nowMs, nowMs, true);
    const suspendedFrom = async (startMs: number) => {
      const modes = { current: () => null, history: () => [], suspended: () => [{ startMs, endMs: nowMs }] };
      return (await readSeriesFacts({ ...question, deps: { ...question.deps, modes } }))(nowMs);
    };
    const lately = await suspendedFrom(nowMs - 20 * MINUTE_MS);
    const off = of(lately, 'redis_gets');
    expect(off).toMatchObject({ spike: null, regression: null, stall: null, plateau: null, drift: null });
    expect(of(lately, 'limited').countSpike?.score).toBe(0);
    // With all days masked nothing is usual any more.
    expect(of(await suspendedFrom(0), 'limited').countSpike).toBeNull();
  });
});

describe('while nothing is known of what is usual', () => {
  it('5xx are told by number and share, and 429s are left to fixed levels', async () => {
    const failing: Answer = (_target, atMs) => {
      const minute = (atMs - START_MS) / MINUTE_MS;
      return good([
        sample('http_responses_total', counted(10, atMs), { status: '200' }),
        sample('http_responses_total', Math.floor(Math.max(0, minute - 20) * 30), { status: '503' }),
      ]);
    };
    const world = await openWorld([machine('a')], failing);
    await world.watch(20);
    const found = await run(world, 4);
    const errors = (facts: readonly SeriesFact[]) => of(facts, 'server_errors').countSpike;
    expect(of(found[0]?.facts ?? [], 'limited').countSpike).toBeNull();
    expect(firstAt(found, (facts) => errors(facts)?.score, 0)).toBeLessThanOrEqual(23);
    expect(errors(found.at(-1)?.facts ?? [])?.what).toMatch(/ in 5 min; what is usual is not known yet$/);
    await world.close();
  });
});
