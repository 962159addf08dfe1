import { afterEach, describe, expect, it } from 'vitest';
import { targetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../../collectors/collector.ts';
import {
  type Answer,
  good,
  grown,
  machine,
  openWorld,
  redis,
  START_MS,
  sample,
  type World,
} from '../../queries/test-world.ts';
import { ModeStep } from '../modes.ts';
import type { FactDeps, FactQuestion } from './fact-reader.ts';
import { readModeFacts } from './mode.ts';
import { readResponseFacts } from './responses.ts';
import { readSourceFacts } from './sources.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const LOOK_MS = 15 * SECOND_MS;
let opened: World | null = null;

afterEach(async () => {
  await opened?.close();
  opened = null;
});

const within = (minute: number, from: number, to: number): boolean => minute >= from && minute < to;

/** Two machines that suspend Redis and come back, one after the other, with failures and 429s in between. */
const story: Answer = (target, atMs) => {
  const minute = (atMs - START_MS) / MINUTE_MS;
  if (target.kind === 'redis') {
    if (within(minute, 40, 44)) throw new ScrapeError('network', 'redis: cache: no answer');
    if (within(minute, 50, 50.2)) throw new ScrapeError('auth', 'redis: cache: NOPERM');
    return good([sample('redis_commands_total', grown(10, atMs), { cmd: 'get' })]);
  }
  const isB = target.name === 'b';
  if (isB && within(minute, 30, 36)) throw new ScrapeError('timeout', 'app: b: no answer in 5 s');
  if (!isB && within(minute, 55, 55.2)) throw new ScrapeError('network', 'app: a: reset');
  const isOff = isB ? within(minute, 12, 24) : within(minute, 15, 20);
  return good([
    sample('http_responses_total', grown(isB ? 7 : 20, atMs), { status: '200' }),
    sample('http_responses_total', Math.floor(Math.max(0, Math.min(6, minute - 8)) * 7), { status: '429' }),
    sample('app_redis_suspended', isOff ? 1 : 0),
    sample('app_redis_suspend_asked', isOff || within(minute, 26, 28) ? 1 : 0),
  ]);
};

async function open(answer: Answer = story) {
  const world = await openWorld([redis, machine('a'), machine('b')], answer);
  opened = world;
  const { config, store, poller } = world.runtime;
  const modes = new ModeStep({ config, store, poller });
  const deps: FactDeps = { ...world.runtime, modes };
  const question = (startMs: number, endMs: number, isPast: boolean): FactQuestion => ({
    deps,
    scope: SCOPE,
    statuses: config.targets.flatMap((target) => poller.status(targetId(target), world.nowMs()) ?? []),
    times: { startMs, endMs },
    isPast,
  });
  const read = async (startMs: number, endMs: number, isPast: boolean) => {
    const asked = question(startMs, endMs, isPast);
    const [mode, sources, responses] = await Promise.all([
      readModeFacts(asked),
      readSourceFacts(asked),
      readResponseFacts(asked),
    ]);
    return (atMs: number) => ({ mode: mode(atMs), sources: sources(atMs), responses: responses(atMs) });
  };
  const live: { atMs: number; facts: Awaited<ReturnType<typeof look>> }[] = [];
  const look = async () => (await read(world.nowMs(), world.nowMs(), false))(world.nowMs());
  const run = async (minutes: number) => {
    for (let i = 0; i < minutes * 4; i += 1) {
      await world.watch(0.25);
      await modes.run(world.nowMs());
      live.push({ atMs: world.nowMs(), facts: await look() });
    }
  };
  return { world, run, read, live };
}

/** Words follow every tick; what is compared is what rules judge by. */
function judged<T extends { mode: { evidence: string } | null }>(facts: T) {
  return { ...facts, mode: facts.mode === null ? null : { ...facts.mode, evidence: '' } };
}

describe('facts of the past', () => {
  it('are what the live look had at every one of its times', async () => {
    const { run, read, live } = await open();
    await run(60);
    const past = await read(live[0]?.atMs ?? 0, live.at(-1)?.atMs ?? 0, true);
    for (const { atMs, facts } of live) {
      const minute = (atMs - START_MS) / MINUTE_MS;
      expect({ minute, ...judged(past(atMs)) }).toEqual({ minute, ...judged(facts) });
    }
    const modes = new Set(live.map(({ facts }) => facts.mode?.mode));
    expect(modes).toEqual(new Set(['active', 'mixed', 'suspended_by_us', 'unreachable']));
    expect(new Set(live.map(({ facts }) => facts.mode?.isPartial))).toEqual(new Set([false, true]));
    expect(live.some(({ facts }) => (facts.mode?.askedInVain.length ?? 0) > 0)).toBe(true);
    expect(Math.max(...live.map(({ facts }) => facts.responses?.limited ?? 0))).toBeGreaterThan(60);
  });

  it('do not change when more of the story is known', async () => {
    const { run, read, live } = await open();
    await run(18);
    const early = await read(START_MS, live.at(-1)?.atMs ?? 0, true);
    const before = live.map(({ atMs }) => early(atMs - 7 * SECOND_MS));
    await run(27);
    const late = await read(START_MS, live.at(-1)?.atMs ?? 0, true);
    expect(live.slice(0, before.length).map(({ atMs }) => late(atMs - 7 * SECOND_MS))).toEqual(before);
  });

  it('are the same in pieces as in one', async () => {
    const { run, read, live } = await open();
    await run(45);
    const whole = await read(START_MS, live.at(-1)?.atMs ?? 0, true);
    for (const { atMs } of live.filter((_, i) => i % 9 === 0)) {
      const piece = await read(atMs - 2 * LOOK_MS, atMs, true);
      expect(piece(atMs)).toEqual(whole(atMs));
    }
  });

  it('hold nothing of the time before the first visit', async () => {
    const { run, read } = await open();
    await run(2);
    const past = await read(START_MS - 60 * MINUTE_MS, START_MS, true);
    const { mode, sources, responses } = past(START_MS - 30 * MINUTE_MS);
    expect([mode, responses]).toEqual([null, null]);
    expect(new Set(sources.map(({ state }) => state))).toEqual(new Set(['starting']));
  });
});
