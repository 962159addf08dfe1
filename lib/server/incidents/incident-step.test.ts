import { beforeEach, describe, expect, it } from 'vitest';
import type { AlertEvent } from '@/lib/core/alerts/alert-book.ts';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { Incident } from '@/lib/core/model/incident.ts';
import type { ClaimVerdict, StateChange, WatchRecord } from '@/lib/core/model/verdict.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import type { Runtime } from '../runtime.ts';
import { deployAt, getsFall } from '../watch/test-deploy.ts';
import { editHead, moveTo, openFrom } from './commands.ts';
import { IncidentBook } from './incident-book.ts';
import { IncidentStep } from './incident-step.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const AT = Date.UTC(2026, 3, 9, 18, 0);
const DEPLOY = deployAt(AT, { release: 'v1203', claims: [getsFall('c1')] });
let nowMs = 0;
let reads = 0;
let events: AlertEvent[] = [];
let deploys: Deploy[] = [];
let watched: Pick<WatchRecord, 'state' | 'reason'> & { changes: StateChange[] };
let incidents: IncidentBook;
let runtime: Runtime;
let step: IncidentStep;

beforeEach(() => {
  nowMs = AT + 2 * HOUR_MS;
  reads = 0;
  events = [];
  deploys = [DEPLOY];
  watched = { state: 'missed', reason: null, changes: [] };
  incidents = new IncidentBook({ store: new MemoryState(), wallMs: () => nowMs });
  const verdict: Partial<ClaimVerdict> = { state: 'missed', effectPct: -0.7, held: null };
  const record = () => ({
    ...{ ...SCOPE, ...watched, deployId: DEPLOY.id, release: 'v1203', originMs: AT },
    ...{ override: null, claims: { c1: verdict } },
  });
  const parts = {
    config: { targets: [{ ...SCOPE, kind: 'redis', name: 'cache' }] },
    clock: { wallMs: () => nowMs, monoMs: () => nowMs },
    incidents,
    alerts: { current: () => ({ entries: {}, events }) },
    deploys: { listNow: () => deploys, get: async () => DEPLOY },
    watches: {
      openNow: () => [record()],
      linesNow: () => new Map([[DEPLOY.id, {}]]),
      get: async () => {
        reads += 1;
        return record();
      },
    },
  };
  // What timelines are read from, and nothing else.
  runtime = parts as unknown as Runtime;
  step = new IncidentStep({ runtime, incidents });
});

const fired = (atMs: number): AlertEvent => ({
  ...{ atMs, id: 'http_429', title: '429s above usual', what: 'firing', by: null, untilMs: null },
});
const open = async (startMs: number) =>
  (
    await openFrom(runtime, SCOPE, {
      ...{ by: 'Ada', title: 'It is slow', startMs },
      origin: { kind: 'hand', ref: null },
    })
  ).id;
const must = async (id: string): Promise<Incident> => {
  const incident = await incidents.get(id);
  if (incident === null) throw new Error('the incident is there');
  return incident;
};
const titles = async (id: string) => (await must(id)).entries.map(({ title }) => title);

describe('the timeline of an open incident', () => {
  it('begins with what happened up to an hour before it, and goes on with every tick', async () => {
    events = [fired(AT - MINUTE_MS), fired(AT + MINUTE_MS)];
    const id = await open(AT + HOUR_MS);
    expect(await titles(id)).toEqual(['v1203 deployed', '429s above usual', 'Opened by hand']);
    nowMs += MINUTE_MS;
    events = [...events, fired(nowMs)];
    await step.run(nowMs);
    expect((await titles(id)).slice(3)).toEqual(['429s above usual']);
    watched.changes = [
      {
        ...{ atMs: nowMs, claimId: 'c1', from: 'undecided', to: 'off_track', provisional: true },
        ...{ reason: null, evidence: 'as it was' },
      },
    ];
    await step.run(nowMs);
    expect((await titles(id)).at(-1)).toBe('Off track: Redis GETs fall by 96.7 %');
  });

  it('costs no read where nothing new can have happened', async () => {
    await open(AT + HOUR_MS);
    await step.run(nowMs);
    const before = reads;
    for (let i = 0; i < 20; i += 1) {
      nowMs += 15_000;
      await step.run(nowMs);
    }
    expect(reads).toBe(before);
    events = [fired(nowMs)];
    await step.run(nowMs);
    expect(reads).toBeGreaterThan(before);
  });

  it('ends with what happened before it was resolved, and goes on where it is opened again', async () => {
    const id = await open(AT + HOUR_MS);
    await step.run(nowMs);
    nowMs += MINUTE_MS;
    events = [fired(nowMs - 1)];
    await moveTo(runtime, { id, by: 'Ada', status: 'resolved' });
    expect((await titles(id)).slice(-2)).toEqual(['429s above usual', 'Resolved']);
    nowMs += MINUTE_MS;
    events = [...events, fired(nowMs)];
    await step.run(nowMs);
    expect((await titles(id)).at(-1)).toBe('Resolved');
    await moveTo(runtime, { id, by: 'Ada', status: 'monitoring' });
    await step.run(nowMs);
    expect((await titles(id)).filter((title) => title === '429s above usual')).toHaveLength(2);
  });

  it('with an earlier beginning it has what happened then, resolved or not', async () => {
    deploys = [];
    events = [fired(AT - HOUR_MS), fired(AT - 4 * HOUR_MS)];
    const id = await open(AT + HOUR_MS);
    expect(await titles(id)).toEqual(['Opened by hand']);
    await moveTo(runtime, { id, by: 'Ada', status: 'resolved' });
    await editHead(runtime, { id, by: 'Ada', startMs: AT, endMs: nowMs - 1 });
    expect((await titles(id))[0]).toBe('429s above usual');
    expect(await titles(id)).toHaveLength(3);
  });
});

describe('an incident that is opened from a verdict', () => {
  const from = {
    by: 'Ada',
    title: null,
    startMs: null,
    origin: { kind: 'verdict', ref: DEPLOY.id },
  } as const;

  it('says what was measured, begins with its deploy, and is about its promises', async () => {
    const { id, isNew } = await openFrom(runtime, SCOPE, from);
    expect(isNew).toBe(true);
    expect(await must(id)).toMatchObject({
      ...{ title: 'Redis GETs did not fall after v1203', startMs: AT, deployId: DEPLOY.id },
      origin: { kind: 'verdict', ref: DEPLOY.id },
    });
    expect(await openFrom(runtime, SCOPE, from)).toEqual({ id, isNew: false });
  });

  it('is refused where the verdict is not a bad one', async () => {
    for (const state of ['met', 'on_track', 'undecided'] as const) {
      watched.state = state;
      await expect(openFrom(runtime, SCOPE, from)).rejects.toMatchObject({ code: 'bad_input' });
    }
    expect(incidents.openNow()).toEqual([]);
  });
});
