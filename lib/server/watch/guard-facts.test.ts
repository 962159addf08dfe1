import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import { changesIn, type ModeChange } from '@/lib/core/modes/mode-book.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Guards } from '@/lib/core/watch/guard-types.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import {
  type Answer,
  good,
  machine,
  openWorld,
  redis,
  START_MS,
  sample,
  type World,
} from '../queries/test-world.ts';
import type { Runtime } from '../runtime.ts';
import { readChecks } from './check-facts.ts';
import { readGuards } from './guard-facts.ts';
import { readMachineRuns, readMachineTales, runsUpTo } from './machine-runs.ts';
import { type ClaimNumbers, readClaimNumbers } from './numbers.ts';
import { visitFor } from './test-days.ts';
import { claim, deployAt, getsFall } from './test-deploy.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
/** Days before T₀, enough to know what traffic is usual. */
const DAYS = 7;
const T0 = START_MS + DAYS * DAY_MS + HOUR_MS;
const at = (minutes: number) => T0 + minutes * MINUTE_MS;
const STEP_MS = 150_000;

/** Counts of a rate per second that changes at T₀ and once more. */
function counted(
  atMs: number,
  rates: readonly [before: number, after: number, last: number],
  lastMs: number,
): number {
  const seconds = (fromMs: number, toMs: number) => Math.max(0, Math.min(atMs, toMs) - fromMs) / 1000;
  const [before, after, last] = rates;
  return Math.round(
    1e7 +
      before * seconds(START_MS - DAY_MS, T0) +
      after * seconds(T0, lastMs) +
      last * seconds(lastMs, Number.MAX_SAFE_INTEGER),
  );
}

/** GETs fall to a tenth at T₀ and to a hundredth at T+90m; machine b gets the release at T+40m and traffic stays. */
const answer: Answer = (target, atMs) => {
  if (target.kind === 'redis') {
    return good([sample('redis_commands_total', counted(atMs, [200, 20, 2], at(90)), { cmd: 'get' })]);
  }
  const version = atMs < (target.name === 'a' ? T0 : at(40)) ? 'v6' : 'v7';
  return good([
    sample('app_machine_info', 1, { version }),
    sample('http_responses_total', counted(atMs, [10, 10, 10], at(90)), { status: '200' }),
    sample('http_responses_total', counted(atMs, [0.001, 0.001, 0.001], at(90)), { status: '429' }),
    sample('app_limiter_decisions_total', counted(atMs, [10, 10, 10], at(90)), { decision: 'allowed' }),
    sample('app_limiter_decisions_total', counted(atMs, [0.01, 0.01, 0.01], at(90)), { decision: 'limited' }),
    sample('app_limiter_decisions_total', 0, { decision: 'failed_open' }),
  ]);
};

const change = (minutes: number, mode: ModeChange['mode']): ModeChange => ({
  ...{ atMs: at(minutes), mode, quality: 'measured', evidence: '' },
  machines: { a: mode, b: mode },
});

describe('guards from what is stored', () => {
  let world: World;
  const deploy: Deploy = deployAt(T0, { claims: [getsFall()], endMs: at(3) });

  beforeAll(async () => {
    world = await openWorld([redis, machine('a'), machine('b')], answer);
    await visitFor(world, DAYS * 24 * 60 + 60 + 300, STEP_MS);
  }, 60_000);
  afterAll(() => world.close());

  /** The runtime with deploys that were told, and modes as they were. */
  async function runtimeOf(
    told: readonly { release: string; minutes: number; summary?: string; kind?: 'secret' | 'suspend' }[],
    changes: readonly ModeChange[] = [change(-600, 'active')],
  ): Promise<Runtime> {
    // A book of its own: what one test tells is not there in the next.
    const kept = new Map<string, unknown>();
    const store = {
      getState: (key: string) => Promise.resolve(kept.get(key)),
      putState: (entries: Readonly<Record<string, unknown>>) => {
        for (const [key, value] of Object.entries(entries)) kept.set(key, JSON.parse(JSON.stringify(value)));
        return Promise.resolve();
      },
    };
    const deploys = new DeployBook({ store, wallMs: world.nowMs, known: () => ({}) });
    for (const [i, { release, minutes, summary, kind }] of told.entries()) {
      await deploys.register({
        ...{ scope: SCOPE, origin: 'api' },
        deploy: { release, time: at(minutes), ...(summary && { summary }), ...(kind && { kind }) },
        replay: { sender: 'test', key: `${i}`, signedAs: null, body: `${i}` },
      });
    }
    const modes = {
      history: (_scope: unknown, range: { startMs: number; endMs: number }) => changesIn(changes, range),
      current: () => null,
      suspended: () => [],
    };
    return { ...world.runtime, deploys, modes };
  }

  async function numbersOf(runtime: Runtime): Promise<ClaimNumbers> {
    const span = { originMs: T0, days: DAYS, untilMs: world.nowMs() };
    const found = await readClaimNumbers(
      runtime,
      SCOPE,
      { metric: 'redis_commands_total', labels: { cmd: 'get' } },
      span,
    );
    if ('unmeasurable' in found) throw new Error(found.unmeasurable);
    return found;
  }

  async function guardsAt(runtime: Runtime, minutes: number, untilMinutes = minutes): Promise<Guards> {
    const look = { asOfMs: at(minutes), settledMs: at(8), untilMs: at(untilMinutes) };
    return readGuards(runtime, deploy, getsFall(), await numbersOf(runtime), look);
  }
  const told = ({ spans }: Guards) =>
    spans.map(({ reason, fromMs, toMs, final }) => [
      reason,
      (fromMs - T0) / MINUTE_MS,
      toMs === null ? null : (toMs - T0) / MINUTE_MS,
      final,
    ]);

  it('a machine that came late holds it up until it came', async () => {
    const runtime = await runtimeOf([]);
    expect(told(await guardsAt(runtime, 30))).toEqual([['machines_not_converged', 8, null, false]]);
    const found = await guardsAt(runtime, 120);
    expect(told(found)).toEqual([['machines_not_converged', 8, 40, false]]);
    expect(found).toMatchObject({ notChecked: [], caps: [], noMet: null, interruption: null });
  });

  it('a later deploy near which the number moved ends it, once that can be seen; one far from it does not', async () => {
    const runtime = await runtimeOf([
      { release: 'v8', minutes: 60 },
      { release: 'v9', minutes: 92 },
    ]);
    // Half an hour after it nothing of it is seen, so that it is not known.
    expect((await guardsAt(runtime, 100)).notChecked).toEqual([
      { guard: 'interruption', why: 'whether v9 moved it can’t be told' },
    ]);
    const found = await guardsAt(runtime, 180);
    expect(told(found).at(-1)).toEqual(['interrupted', 90, null, true]);
    expect(found.interruption).toMatchObject({ release: 'v9', kind: 'code' });
  });

  it('one that claims the same ends it without a step', async () => {
    const runtime = await runtimeOf([{ release: 'v8', minutes: 60, summary: 'Redis GETs: 20/s → 2/s' }]);
    expect(told(await guardsAt(runtime, 70)).at(-1)).toEqual(['interrupted', 60, null, true]);
  });

  it('Redis that a later deploy suspended ends it from that deploy on', async () => {
    const changes = [change(-600, 'active'), change(155, 'suspended_by_us')];
    const runtime = await runtimeOf([{ release: 'v8', minutes: 154, kind: 'secret' }], changes);
    expect(told(await guardsAt(runtime, 150)).filter(([, , , final]) => final)).toEqual([]);
    const found = await guardsAt(runtime, 240);
    expect(told(found).at(-1)).toEqual(['redis_suspended', 154, null, true]);
    expect(found.spans.at(-1)?.evidence).toBe('Redis suspended by v8');
    expect(found.interruption).toMatchObject({ release: 'v8', kind: 'secret' });
  });

  it('a suspension that was only told of counts where nobody looked at modes yet', async () => {
    const runtime = await runtimeOf([{ release: 'Redis off', minutes: 154, kind: 'suspend' }], []);
    expect(told(await guardsAt(runtime, 240)).at(-1)).toEqual(['redis_suspended', 154, null, true]);
  });

  it('a look of the past is the same whether all was read at once or up to then', async () => {
    const runtime = await runtimeOf(
      [{ release: 'v8', minutes: 60 }],
      [change(-600, 'active'), change(200, 'suspended_by_us')],
    );
    for (let minutes = 5; minutes <= 300; minutes += 25) {
      expect(await guardsAt(runtime, minutes, 300)).toEqual(await guardsAt(runtime, minutes));
    }
  });

  it('tells what each machine ran, and how much of the requests it served', async () => {
    const runs = await readMachineRuns(world.runtime, deploy, { own: ['v7'], later: [] }, at(120));
    expect(runs?.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(runs?.[1]?.share).toBeCloseTo(0.5, 2);
    expect(
      runs?.[1]?.runs.map(({ version, onRelease, startMs, endMs }) => [version, onRelease, startMs, endMs]),
    ).toEqual([
      ['v6', false, T0, at(40)],
      ['v7', true, at(40), at(120)],
    ]);
  });

  it('a machine that the deploy set aside is known by the requests since it settled', async () => {
    const settled = { own: ['v7'], later: [] };
    const tales = await readMachineTales(world.runtime, deploy, settled, at(30));
    if (tales === null) throw new Error('machines tell what they run');
    const served = new Map([
      ['a', [30, 90, 99, 99, 99, 99]],
      ['b', [30, 10, 1, 1, 1, 1]],
    ]);
    const share = (settledMs: number | null) =>
      runsUpTo({ ...tales, requests: served }, settledMs, at(30))[1]?.share;
    expect(share(at(8))).toBeCloseTo(0.01, 5);
    expect(share(null)).toBeCloseTo(14 / 500, 5);
    expect(runsUpTo({ ...tales, requests: served }, at(30), at(30))[1]?.share).toBeNull();
  });

  it('ticks its checklist from what is stored', async () => {
    const runtime = await runtimeOf([]);
    const checks = await readChecks(runtime, deploy, {
      ...{ asOfMs: at(75), endMs: T0 + DAY_MS, settledMs: at(8), verdicts: {} },
    });
    const line = (id: string) => checks.find((check) => check.id === id);
    expect(line('machines')).toMatchObject({ state: 'done', evidence: '2 of 2 on v7 by 18:40Z' });
    expect(line('429-1h')).toMatchObject({ state: 'done' });
    expect(line('limiter-6h')).toMatchObject({
      state: 'passing',
      evidence: expect.stringMatching(/turned away/),
    });
    expect(line('mode-1h')).toMatchObject({ state: 'done' });
    expect(line('claims-1h')).toMatchObject({ state: 'waiting' });
  });

  it('a claim on what no machine exports is listed as not checked where its guard needs it', async () => {
    const runtime = await runtimeOf([], []);
    const found = await readGuards(
      runtime,
      deploy,
      claim('c2', {
        metric: 'redis_commands_total',
        labels: { cmd: 'get' },
        text: '90% fewer circuit breaker GETs',
      }),
      await numbersOf(runtime),
      { asOfMs: at(120), settledMs: at(8) },
    );
    expect(found.notChecked.map(({ guard }) => guard)).toEqual(['redis_mode']);
    expect(found.caps.at(-1)).toMatch(/app_breaker_reads_total would tell/);
  });
});
