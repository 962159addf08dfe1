import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { IncidentView } from '@/lib/core/model/incident.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { createAuth } from '@/lib/server/auth/index.ts';
import { ScrapeError } from '@/lib/server/collectors/collector.ts';
import { AlertStep } from '@/lib/server/engine/alerts.ts';
import { IncidentBook } from '@/lib/server/incidents/incident-book.ts';
import { IncidentStep } from '@/lib/server/incidents/incident-step.ts';
import { openWorld, redis, type World } from '@/lib/server/queries/test-world.ts';
import type { Runtime } from '@/lib/server/runtime.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { acknowledgeAlert } from './alerts.ts';
import {
  addAction,
  addHypothesis,
  addNote,
  doneAction,
  editIncident,
  hideEntry,
  judgeHypothesis,
  mergeIncidents,
  openIncident,
  readIncident,
  readIncidents,
  setIncidentStatus,
  showEntry,
} from './incidents.ts';

let origin = 'http://127.0.0.1:3000';
// The framework gives headers only inside a request of its own; these are a page of ours on this machine.
vi.mock('next/headers', () => ({
  headers: async () => new Headers({ host: '127.0.0.1:3000', origin, 'sec-fetch-site': 'same-origin' }),
}));

const RUNTIME = Symbol.for('afterwatch');
const SCOPE = { app: 'harbor', environment: 'production' };
const DOWN = 'source_down:harbor/production/redis/cache';
const NONE = '20260409T175452-zzzzzzzzzzzz';
let world: World;
let step: IncidentStep;

beforeAll(async () => {
  world = await openWorld([redis], () => {
    throw new ScrapeError('auth', 'redis: cache refuses the password');
  });
  const { config, store, poller, clock } = world.runtime;
  const alerts = new AlertStep({ config, clock, store, poller });
  for (let i = 0; i < 2; i += 1) {
    await world.watch(0.25);
    await alerts.run(world.nowMs());
  }
  const auth = await createAuth(
    { bind: { host: '127.0.0.1', port: 3000 }, publicUrl: null, password: null, token: null },
    new MemoryState(),
    clock,
  );
  const incidents = new IncidentBook({ store: new MemoryState(), wallMs: () => clock.wallMs() });
  await incidents.load([SCOPE]);
  const parts = { ...world.runtime, auth, alerts, incidents, log: { warn: () => {}, error: () => {} } };
  // What these actions read of the runtime, and nothing else.
  const runtime = parts as unknown as Runtime;
  step = new IncidentStep({ runtime, incidents });
  Object.assign(globalThis, { [RUNTIME]: { starting: Promise.resolve(runtime), runtime } });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, RUNTIME);
  await world.close();
});

const asked = {
  ...{ ...SCOPE, by: 'Ada', title: 'Redis is gone', startMs: null },
  origin: { kind: 'hand' as const, ref: null },
};
const refused = (code: string) => ({ ok: false, error: { code } });
const open = async (over: Partial<Parameters<typeof openIncident>[0]> = {}): Promise<string> => {
  const answer = await openIncident({ ...asked, ...over });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.data.id;
};
const read = async (id: string): Promise<IncidentView> => {
  const answer = await readIncident({ id });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.data;
};

describe('what people do to incidents', () => {
  it('one is opened from an alert with the alert’s own words and time, once, and its timeline goes on by itself', async () => {
    const from = { origin: { kind: 'alert' as const, ref: DOWN }, title: null };
    const id = await open(from);
    expect(await openIncident({ ...asked, ...from })).toEqual({ ok: true, data: { id, isNew: false } });
    const titles = async () => (await read(id)).incident.entries.map(({ title }) => title);
    const [fired, opened] = await titles();
    const { incident, range } = await read(id);
    expect(incident).toMatchObject({
      title: fired,
      status: 'investigating',
      startMs: incident.entries[0]?.atMs,
    });
    expect(opened).toBe(`Opened from the alert: ${fired}`);
    expect(range.startMs).toBeLessThanOrEqual(incident.startMs - HOUR_MS);
    world.wait(1);
    await acknowledgeAlert({ ...SCOPE, id: DOWN });
    for (let i = 0; i < 2; i += 1) await step.run(world.nowMs());
    expect((await titles()).slice(2)).toEqual([`Taken up: ${fired}`]);
  });

  it('every verb is kept, and the page shows it', async () => {
    const id = await open();
    const own = { id, by: 'Bob' };
    expect(await setIncidentStatus({ ...own, status: 'identified' })).toEqual({ ok: true, data: { id } });
    await editIncident({ ...own, title: 'The switch', cause: 'It held a digest.' });
    await addNote({ ...own, markdown: '**it**' });
    await addHypothesis({ ...own, text: 'Traffic rose', evidence: null });
    await addAction({ ...own, text: 'Check', owner: 'Ines', dueMs: null });
    const { incident, sentence } = await read(id);
    const [hypothesis, action, note] = [
      incident.hypotheses[0]?.id ?? '',
      incident.actions[0]?.id ?? '',
      incident.entries.find(({ fact }) => fact.kind === 'note')?.id ?? '',
    ];
    expect(sentence).toEqual({ verdict: 'The switch.', limit: 'It held a digest.' });
    await judgeHypothesis({ ...own, hypothesisId: hypothesis, state: 'refuted', evidence: '61.9K/h' });
    await doneAction({ ...own, actionId: action, done: true });
    expect(await hideEntry({ ...own, entryId: note })).toMatchObject({ ok: true });
    const hidden = (await read(id)).incident;
    expect(hidden).toMatchObject({
      status: 'identified',
      hypotheses: [{ state: 'refuted', evidence: '61.9K/h' }],
      actions: [{ done: { by: 'Bob' } }],
    });
    expect(hidden.entries.filter((entry) => entry.hidden !== null)).toMatchObject([{ id: note }]);
    expect(await showEntry({ ...own, entryId: note })).toMatchObject({ ok: true });
    const list = await readIncidents(SCOPE);
    expect(list).toMatchObject({ data: { sentence: { verdict: expect.stringContaining('are open') } } });
  });

  it('one that went into another is read only, and says where it is', async () => {
    const [id, intoId] = [await open(), await open()];
    expect(await mergeIncidents({ id, by: 'Ada', intoId })).toEqual({ ok: true, data: { id: intoId } });
    expect((await read(id)).incident.mergedInto).toBe(intoId);
    expect((await read(intoId)).others.map((line) => line.id)).not.toContain(id);
    expect(await addNote({ id, by: 'Ada', markdown: 'late' })).toMatchObject(refused('bad_input'));
    expect(await mergeIncidents({ id, by: 'Ada', intoId })).toMatchObject(refused('bad_input'));
  });

  it('refuses what can’t be: no title, no name, an unknown incident, app or alert, a verdict that is none', async () => {
    expect(await openIncident({ ...asked, title: ' ' })).toMatchObject(refused('bad_input'));
    expect(await openIncident({ ...asked, title: null })).toMatchObject(refused('bad_input'));
    expect(await openIncident({ ...asked, by: '' })).toMatchObject(refused('bad_input'));
    expect(await openIncident({ ...asked, app: 'pier' })).toMatchObject(refused('not_found'));
    for (const kind of ['alert', 'verdict'] as const)
      expect(await openIncident({ ...asked, origin: { kind, ref: 'none' } })).toMatchObject(
        refused('not_found'),
      );
    expect(await openIncident({ ...asked, startMs: world.nowMs() + HOUR_MS })).toMatchObject(
      refused('bad_input'),
    );
    expect(await readIncident({ id: NONE })).toMatchObject(refused('not_found'));
    expect(await readIncident({ id: '../secrets' })).toMatchObject(refused('bad_input'));
    expect(await addNote({ id: NONE, by: 'Ada', markdown: 'x' })).toMatchObject(refused('not_found'));
    const long = 'x'.repeat(64 * 1024 + 1);
    expect(await addNote({ id: await open(), by: 'Ada', markdown: long })).toMatchObject(
      refused('bad_input'),
    );
    const unknown = { id: NONE, by: 'Ada', status: 'great' } as unknown as Parameters<
      typeof setIncidentStatus
    >[0];
    expect(await setIncidentStatus(unknown)).toMatchObject(refused('bad_input'));
  });

  it('refuses a page of somebody else, whatever it asks', async () => {
    const id = await open();
    const before = (await read(id)).incident;
    origin = 'https://elsewhere.example';
    try {
      const own = { id, by: 'Eve' };
      const answers = await Promise.all([
        openIncident(asked),
        setIncidentStatus({ ...own, status: 'resolved' }),
        editIncident({ ...own, title: 'mine' }),
        addNote({ ...own, markdown: 'mine' }),
        addHypothesis({ ...own, text: 'mine', evidence: null }),
        addAction({ ...own, text: 'mine', owner: null, dueMs: null }),
        judgeHypothesis({ ...own, hypothesisId: 'hypothesis:1', state: 'refuted', evidence: null }),
        doneAction({ ...own, actionId: 'action:1', done: true }),
        hideEntry({ ...own, entryId: before.entries[0]?.id ?? '' }),
        showEntry({ ...own, entryId: before.entries[0]?.id ?? '' }),
        mergeIncidents({ ...own, intoId: NONE }),
        readIncident({ id }),
        readIncidents(SCOPE),
      ]);
      for (const answer of answers) expect(answer).toMatchObject(refused('forbidden'));
    } finally {
      origin = 'http://127.0.0.1:3000';
    }
    expect((await read(id)).incident).toEqual(before);
  });
});
