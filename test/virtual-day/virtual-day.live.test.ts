import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Acts, contactsOf } from '@/lib/core/budget/acts.ts';
import { targetId } from '@/lib/core/model/target.ts';
import { sessionOpener } from '@/lib/server/collectors/index.ts';
import { Ledger } from '@/lib/server/poller/ledger.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { everySource } from './every-source.ts';
import { type FakeRedis, type RedisHabit, startFakeRedis } from './fake-redis.ts';
import { DAY_START_MS, type DayRow, passDay, printDay } from './pass-day.ts';
import { type Recording, recording, replaying } from './replay.ts';

const HOUR_MS = 3_600_000;
const TOLD = 'redis, metered, told by upstash';
/** Thousands of real requests: more than a slow machine makes in the usual time. */
const LONG_MS = 180_000;
const closers: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  // Intervals stay real: they only save and tidy up, and would be most of the work of a day.
  vi.useFakeTimers({ now: DAY_START_MS, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0).reverse()) await close();
});

async function redisOf(name: string, habit: RedisHabit): Promise<FakeRedis> {
  const fake = await startFakeRedis(name, habit);
  closers.push(() => fake.close());
  return fake;
}

/** The row of a source; fails when it was not watched. */
function rowOf(rows: ReadonlyMap<string, DayRow>, name: string): DayRow {
  const row = rows.get(name);
  if (row === undefined) throw new Error(`${name} has no row`);
  return row;
}

describe('24 virtual hours of a metered Redis', () => {
  test('300 contacts on a quiet day, 400 with deploys, 500 whatever it does, 24 visits where it refuses', async () => {
    const habits: [string, RedisHabit][] = [
      ['quiet', 'serves'],
      ['closes idle connections', 'closes_when_idle'],
      ['drops every connection', 'drops_everything'],
      ['refuses the login', 'refuses_login'],
      ['quota used up', 'quota_used_up'],
    ];
    const fakes = new Map<string, FakeRedis>();
    for (const [name, habit] of habits) fakes.set(name, await redisOf(name, habit));
    const targets = [...fakes.values()].map(({ target }) => target);
    const rows = await passDay({ targets, open: sessionOpener(targets) });
    console.log(printDay('A metered Redis on a day without a deploy', rows.values()));

    for (const [name, { seen }] of fakes) {
      const { acts } = rowOf(rows, name);
      // What we say that we sent is what arrived.
      expect([name, acts.commands, acts.connects]).toEqual([name, seen.commands, seen.connects]);
      expect(contactsOf(acts)).toBeLessThanOrEqual(500);
    }
    const quiet = rowOf(rows, 'quiet');
    expect(quiet.visits).toBeGreaterThanOrEqual(288);
    expect(quiet.good).toBe(quiet.visits);
    expect(contactsOf(quiet.acts)).toBeLessThanOrEqual(300);
    expect(Math.round(quiet.projected?.commands ?? 0)).toBe(288);

    for (const name of ['closes idle connections', 'drops every connection']) {
      const dear = rowOf(rows, name);
      // Dear visits are spread over the day: it is never left alone for long.
      expect(dear.paused).toBe(0);
      expect(dear.longestMs).toBeLessThanOrEqual(HOUR_MS / 2);
    }
    for (const name of ['refuses the login', 'quota used up']) {
      expect(rowOf(rows, name).visits).toBeLessThanOrEqual(24);
    }
  });

  test.each([1, 3, 12])(
    'a day with deploys (%i) costs 400 at most, and the watch goes on to midnight',
    async (deploys) => {
      const fake = await redisOf(`${deploys} deploys`, 'serves');
      const rows = await passDay({
        targets: [fake.target],
        open: sessionOpener([fake.target]),
        atHour: (hour, poller) => {
          if (hour >= 9 && hour < 9 + deploys) poller.noteDeploy(Date.now());
        },
      });
      console.log(printDay('A metered Redis on a day with deploys', rows.values()));
      const row = rowOf(rows, `${deploys} deploys`);
      expect(row.acts).toMatchObject(fake.seen);
      expect(contactsOf(row.acts)).toBeLessThanOrEqual(400);
      // 30 visits in half an hour instead of 6, as long as that can be paid.
      expect(row.visits).toBeGreaterThanOrEqual(288 + 24 * Math.min(deploys, 3));
      expect(row.good).toBe(row.visits);
      // Half an interval lies between a dense visit and the next usual one at least.
      expect(row.longestMs).toBeLessThanOrEqual(7.5 * 60_000);
    },
  );

  test('what an earlier process sent counts: the cap holds, and it says so until midnight', async () => {
    const fake = await redisOf('restarted', 'closes_when_idle');
    const state = new MemoryState();
    const before = new Ledger(state, () => Date.now());
    before.count(targetId(fake.target), 'command', 450);
    await before.save();
    const rows = await passDay({ targets: [fake.target], open: sessionOpener([fake.target]), state });
    console.log(printDay('A metered Redis after 450 commands of an earlier process', rows.values()));
    const row = rowOf(rows, 'restarted');
    expect(row.acts).toMatchObject({ commands: 450 + fake.seen.commands, connects: fake.seen.connects });
    expect(contactsOf(row.acts)).toBeLessThanOrEqual(500);
    expect(row.paused).toBeGreaterThan(0);
    expect(row.state).toBe('paused_budget');
  });
});

describe('24 virtual hours of every source', () => {
  test('each is asked as often as it says, and what we count is what arrived', {
    timeout: LONG_MS,
  }, async () => {
    const { targets: all, arrived } = await everySource(closers);
    const targets = all.filter(({ name }) => name !== TOLD);
    const isMetered = (name: string) => name === 'redis, metered';

    // Some time of the real sessions, so that what they send is known from them.
    const recorded = new Map<string, Recording>();
    const live = recording(sessionOpener(targets), recorded);
    const real = await passDay({
      targets: targets.filter(({ name }) => !isMetered(name)),
      open: live,
      hours: 1 / 3,
    });
    for (const [name, acts] of arrived()) {
      if (real.has(name)) expect([name, rowOf(real, name).acts]).toMatchObject([name, acts]);
    }

    // The day: metered ones for real, the others as they were recorded.
    vi.setSystemTime(DAY_START_MS);
    const usual = sessionOpener(targets);
    const rows = await passDay({
      targets,
      open: (target, deps) => {
        const known = recorded.get(target.name);
        return known === undefined ? usual(target, deps) : replaying(known, deps.count);
      },
    });
    console.log(printDay('Every source on a day without a deploy', rows.values()));
    for (const [name, acts] of arrived()) {
      if (isMetered(name)) expect([name, rowOf(rows, name).acts]).toMatchObject([name, acts]);
    }

    const told = (name: string) => rowOf(rows, name).acts;
    expect(contactsOf(told('redis, metered'))).toBeLessThanOrEqual(300);
    expect(told('redis').commands).toBeLessThanOrEqual(5_770);
    expect(told('redis').commands).toBeGreaterThanOrEqual(5_755);
    expect(told('redis').connects).toBe(1);
    expect(told('machine').requests).toBeLessThanOrEqual(2 * 5_770);
    expect(told('upstash').requests).toBeLessThanOrEqual(1_440 + 150);
    // Far below what the providers allow: Neon 700 a minute, Fly one a second for each kind of call.
    expect(told('neon').requests).toBeLessThanOrEqual(10 * 1_440);
    expect(rowOf(rows, 'neon').busiestMinute).toBeLessThanOrEqual(10);
    expect(told('fly').requests / 86_400).toBeLessThanOrEqual(0.5);
    for (const name of ['upstash', 'neon', 'fly', 'prometheus', 'machine']) {
      expect([name, told(name)]).toMatchObject([name, { commands: 0, queries: 0 }]);
    }
    // What was said at noon is what it came to.
    for (const { name, projected, acts } of rows.values()) {
      const sum = (all: Acts | null) => (all === null ? 0 : all.commands + all.queries + all.requests);
      expect([name, Math.abs(sum(projected) - sum(acts)) < 0.05 * sum(acts)]).toEqual([name, true]);
    }
  });

  test('where the Developer API tells the GETs, the Redis itself is asked half as often', {
    timeout: LONG_MS,
  }, async () => {
    const { targets, arrived } = await everySource(closers);
    const told = targets.filter(({ name, kind }) => kind === 'upstash' || name === TOLD);
    const rows = await passDay({ targets: told, open: sessionOpener(told), hours: 3 });
    console.log(printDay('Three hours of a metered Redis beside its Developer API', rows.values()));
    const row = rowOf(rows, TOLD);
    for (const [name, acts] of arrived()) {
      if (rows.has(name)) expect([name, rowOf(rows, name).acts]).toMatchObject([name, acts]);
    }
    // 18 in three hours, and those before the API was heard.
    expect(row.visits).toBeGreaterThanOrEqual(18);
    expect(row.visits).toBeLessThanOrEqual(20);
  });
});
