import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident, IncidentEntry } from '@/lib/core/model/incident.ts';
import {
  DEFAULT_SWITCHES,
  FROZEN_CHARTS,
  type FrozenCopy,
  type ShareSubject,
  type ShareSwitches,
} from '@/lib/core/model/share.ts';
import { findOutside } from '@/lib/core/shares/clip-to-range.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { Secret } from '../config/secret.ts';
import type { AppTarget, Target } from '../config/types.ts';
import { KnownError } from '../http/guards.ts';
import { IncidentBook } from '../incidents/incident-book.ts';
import { registerSecretsIn } from '../log/secrets.ts';
import {
  good,
  grown,
  machine,
  openWorld,
  postgres,
  redis,
  START_MS,
  sample,
  type World,
} from '../queries/test-world.ts';
import { deployAt } from '../watch/test-deploy.ts';
import { freezeCopy } from './freeze-copy.ts';
import { readFrozen } from './read-frozen.ts';
import { findPlanted, KNOWN_SECRETS, PLANTED, POISON } from './test-secrets.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const ID = '20260409T180000-abcdefghijkm';
const ALL: ShareSwitches = {
  ...{ hosts: true, machines: true, regions: true, queries: true, people: true, money: true },
};

const leaky: AppTarget = { ...machine(`web-${KNOWN_SECRETS[2]}`), address: 'web-2.vm.harbor.internal:9091' };
const elsewhere: Target = { ...redis, app: 'tide', name: 'tide-cache' };
const targets: Target[] = [redis, postgres, machine('web-1'), leaky, elsewhere];

let world: World;
/** What was asked of targets and the store. */
let visits = 0;

function entry(i: number, rest: Partial<IncidentEntry>): IncidentEntry {
  return {
    ...{ id: `e${i}`, atMs: START_MS + HOUR_MS + i * MINUTE_MS, writtenMs: START_MS },
    ...{ fact: { kind: 'share' }, title: POISON, detail: POISON, by: 'Ada Lovelace', hidden: null },
    ...rest,
  };
}

const incident: Incident = {
  ...{ id: ID, ...SCOPE, title: `Redis is slow ${POISON}`, cause: POISON, status: 'identified' },
  ...{ startMs: START_MS + HOUR_MS, endMs: null, openedMs: START_MS + HOUR_MS, openedBy: 'Ada Lovelace' },
  ...{ origin: { kind: 'hand', ref: null }, deployId: null, mergedInto: null, merged: [] },
  entries: [
    entry(0, { fact: { kind: 'note', markdown: POISON } }),
    entry(1, { fact: { kind: 'alert', alertId: `source_down:${POISON}`, state: 'firing' }, by: null }),
    entry(2, { fact: { kind: 'deploy', deployId: 'd', release: POISON, mark: 'code' } }),
    entry(3, { hidden: { by: 'Grace Hopper', atMs: START_MS }, title: 'hidden words' }),
    entry(4, { atMs: START_MS - DAY_MS, title: 'the day before' }),
    entry(5, { title: 'web-1 in ams asked x:6379', detail: 'SELECT a FROM b WHERE c = 1 cost $4.20' }),
    entry(6, {
      title: 'tide-cache told laptop-of-ann and deploy',
      detail: '/s/Zk3vX0aQ_8sT-1bN5cR7dE9fG2hJ4kL6mP0qS3uV5wY',
    }),
  ],
  hypotheses: [
    {
      ...{ id: 'h', text: POISON, state: 'open', evidence: POISON, by: 'Ada Lovelace' },
      ...{ atMs: START_MS, changedMs: START_MS },
    },
  ],
  actions: [
    {
      ...{ id: 'a', text: POISON, owner: 'Grace Hopper', dueMs: null, done: null, by: 'Ada Lovelace' },
      atMs: START_MS,
    },
  ],
};

beforeAll(async () => {
  registerSecretsIn(KNOWN_SECRETS.map((secret) => new Secret(secret)));
  world = await openWorld(targets, (target, atMs) => {
    visits += 1;
    if (target.kind === 'redis')
      return good([
        sample('redis_commands_total', grown(target.app === 'tide' ? 9_999 : 10, atMs), { cmd: 'get' }),
        sample('redis_keyspace_hits_total', grown(6, atMs)),
        sample('redis_keyspace_misses_total', grown(2, atMs)),
      ]);
    if (target.kind === 'postgres') return good([sample('db_queries_total', grown(2, atMs))]);
    return good(
      [
        sample('http_responses_total', grown(5, atMs), { status: '200' }),
        sample('http_responses_total', grown(0.1, atMs), { status: '429' }),
        sample('http_responses_total', grown(0.1, atMs), { status: '500' }),
      ],
      { region: 'ams' },
    );
  });
  await world.watch(120, MINUTE_MS);
  await world.store.putState({ [`incident/${ID}`]: incident });
  const incidents = new IncidentBook({ store: world.store, wallMs: world.nowMs });
  const deploys = {
    listNow: () => [{ ...deployAt(START_MS + HOUR_MS), release: `v7 ${POISON}`, summed: true }],
    get: async () => null,
  };
  Object.assign(world.runtime, {
    incidents,
    deploys,
    auth: { tokens: { list: () => [{ name: 'laptop-of-ann' }, { name: 'deploy' }] } },
  });
});
afterAll(() => world.close());

const freeze = (subject: ShareSubject, switches = DEFAULT_SWITCHES) =>
  freezeCopy(world.runtime, subject, switches);

describe('freezeCopy', () => {
  it('12 planted secrets in five encodings, in every text of an incident: none leaves, whatever is switched on', async () => {
    const { copy: raw } = await readFrozen(world.runtime, { kind: 'incident', incidentId: ID });
    expect(findPlanted(raw)).toEqual(PLANTED);
    for (const switches of [ALL, DEFAULT_SWITCHES]) {
      const copy = await freeze({ kind: 'incident', incidentId: ID }, switches);
      expect(findPlanted(copy)).toEqual([]);
      expect(copy.leftOut.find(({ what }) => what === 'secrets')?.count).toBeGreaterThan(PLANTED.length);
      expect(JSON.stringify(copy)).toContain('case 59');
    }
  });

  it('leaves out names, hidden entries and what was before, and says how much', async () => {
    const copy = await freeze({ kind: 'incident', incidentId: ID });
    const last = copy.timeline.at(-2);
    expect(last).toMatchObject({
      by: 'a person',
      title: expect.stringMatching(/^machine \d+ in region 1 asked host \d+$/),
    });
    expect(last?.detail).toBe('a statement');
    // Things of another app, and a token by its name, are named by no text either; a token is called a word, and that stays.
    expect(copy.timeline.at(-1)).toMatchObject({
      title: expect.stringMatching(/^host \d+ told a person and deploy$/),
      detail: '/s/[secret]',
    });
    expect(copy.timeline).toHaveLength(5);
    expect(JSON.stringify(copy)).not.toMatch(/Ada|Grace|hidden words|the day before|web-1|"href":"/);
    const counts = Object.fromEntries(copy.leftOut.map(({ what, count }) => [what, count]));
    expect(counts).toMatchObject({ regions: 1, people: 3, hidden: 1, queries: 1 });
    const whole = await freeze({ kind: 'incident', incidentId: ID }, ALL);
    expect(whole.timeline.at(-1)?.detail).toBe('/s/[secret]');
    expect(whole.timeline.at(-2)).toMatchObject({
      ...{ by: 'Ada Lovelace', title: 'web-1 in ams asked x:6379' },
      detail: 'SELECT a FROM b WHERE c = 1 cost $4.20',
    });
  });

  it('what was written a moment ago is in the copy of an incident that lasts', async () => {
    const copy = await freeze({ kind: 'incident', incidentId: ID });
    expect(copy.range.endMs).toBe(copy.frozenAtMs);
    // Its charts begin earlier than it did.
    expect(copy.span).toEqual({ startMs: START_MS + HOUR_MS, endMs: null });
    expect(copy.range.startMs).toBeLessThan(START_MS + HOUR_MS);
    expect(copy.charts.map(({ id }) => id)).toContain('redis_gets');
  });

  it('200 ranges that nobody should ask for: refused, or not one row outside of them', async () => {
    const nowMs = world.nowMs();
    const instant = fc.oneof(
      fc.integer({ min: START_MS - 40 * DAY_MS, max: nowMs + 40 * DAY_MS }),
      fc.constantFrom(-1, 0, Number.NaN, Number.POSITIVE_INFINITY, -1e18, 8.64e15, 1.5, nowMs, nowMs + 1),
    );
    const within = fc.integer({ min: START_MS - HOUR_MS, max: nowMs });
    const asked = fc.oneof(
      fc.tuple(instant, instant),
      fc.tuple(within, within).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    );
    const scope = fc.constantFrom('harbor', 'harbor', 'tide', 'other', '__proto__', 'harbor/production');
    const tried = { frozen: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        scope,
        fc.constantFrom(...FROZEN_CHARTS),
        asked,
        async (app, chart, [startMs, endMs]) => {
          const subject = {
            kind: 'chart',
            app,
            environment: 'production',
            chart,
            range: { startMs, endMs },
          } as const;
          const copy = await freeze(subject, ALL).catch((error: unknown) => {
            if (error instanceof KnownError) return null;
            throw error;
          });
          tried[copy === null ? 'refused' : 'frozen'] += 1;
          if (copy === null) return;
          expect(findOutside(copy)).toEqual([]);
          expect(timesOf(copy).filter((atMs) => atMs < startMs || atMs > Math.min(nowMs, endMs))).toEqual([]);
          if (app === 'harbor' && chart === 'redis_gets')
            for (const { view } of copy.charts)
              for (const [, value] of view.lines[0]?.points ?? []) expect(value ?? 0).toBeLessThan(100);
        },
      ),
      { numRuns: 200 },
    );
    expect(tried.frozen).toBeGreaterThan(20);
    expect(tried.refused).toBeGreaterThan(20);
  });

  it('ids of nothing lead to nothing, and a range of one hour holds its points and no other', async () => {
    for (const incidentId of [
      '',
      'index/harbor/production',
      '../shares/index',
      '20990101T000000-abcdefghijkm',
    ])
      await expect(freeze({ kind: 'incident', incidentId })).rejects.toBeInstanceOf(KnownError);
    await expect(freeze({ kind: 'deploy', deployId: 'x' })).rejects.toBeInstanceOf(KnownError);
    const range = { startMs: START_MS + 30 * MINUTE_MS, endMs: START_MS + 90 * MINUTE_MS };
    const copy = await freeze({ kind: 'chart', ...SCOPE, chart: 'hit_ratio', range });
    expect(copy.range).toEqual(range);
    const points = copy.charts[0]?.view.lines[0]?.points ?? [];
    expect(points[0]?.[0]).toBe(range.startMs);
    expect(points.at(-1)?.[0]).toBe(range.endMs - (copy.charts[0]?.view.stepMs ?? 0));
    expect(points[5]?.[1]).toBeCloseTo(0.75, 3);
  });

  it('visits no target', async () => {
    const before = visits;
    await freeze({ kind: 'incident', incidentId: ID });
    expect(visits).toBe(before);
  });
});

/** Every number of the copy that could be a time, but those that say when it was frozen. */
function timesOf({ frozenAtMs: _, ...copy }: FrozenCopy): number[] {
  const found: number[] = [];
  JSON.stringify(copy, (_key, value: unknown) => {
    if (typeof value === 'number' && value > 1e12) found.push(value);
    return value;
  });
  return found;
}
