import { beforeEach, describe, expect, it } from 'vitest';
import type { FoundEntry } from '@/lib/core/incidents/add-entries.ts';
import { INCIDENT_LIMITS } from '@/lib/core/model/incident.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { IncidentBook, type NewIncident } from './incident-book.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const AT = Date.UTC(2026, 3, 9, 20, 40);
let nowMs = AT;
let state: MemoryState;
let book: IncidentBook;

beforeEach(async () => {
  nowMs = AT;
  state = new MemoryState();
  book = await opened();
});

async function opened(): Promise<IncidentBook> {
  const made = new IncidentBook({ store: state, wallMs: () => nowMs });
  await made.load([SCOPE]);
  return made;
}

const asked = (over: Partial<NewIncident> = {}): NewIncident => ({
  ...{ scope: SCOPE, by: 'Ada', title: 'Redis GETs did not fall', startMs: AT - HOUR_MS, deployId: null },
  ...{ origin: { kind: 'hand', ref: null }, said: 'Opened by hand' },
  ...over,
});
const open = async (over: Partial<NewIncident> = {}) => (await book.open(asked(over))).incident.id;
const must = async (id: string) => {
  const incident = await book.get(id);
  if (incident === null) throw new Error('the incident is there');
  return incident;
};
const seen = (id: string, atMs = AT): FoundEntry => ({
  ...{ id, atMs, fact: { kind: 'mode', mode: 'active' }, title: id, detail: null, by: null },
});
const refused = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

describe('incidents', () => {
  it('outlive a restart with all that people did, and those that are open are in memory then', async () => {
    const id = await open();
    await book.addNote(id, 'Bob', '**It** is the switch');
    await book.setStatus(id, 'Bob', 'identified');
    const before = await must(id);
    book = await opened();
    expect(book.openNow()).toEqual([before]);
    expect(before).toMatchObject({ status: 'identified', openedBy: 'Ada', startMs: AT - HOUR_MS });
    expect(before.entries.map(({ title, by }) => [title, by])).toEqual([
      ['Opened by hand', 'Ada'],
      ['Note', 'Bob'],
      ['Identified', 'Bob'],
    ]);
  });

  it('hold nothing that was not written', async () => {
    const id = await open();
    const before = await must(id);
    state.putState = () => Promise.reject(new Error('the disk is full'));
    await expect(book.setStatus(id, 'Ada', 'resolved')).rejects.toThrow('the disk is full');
    await expect(book.open(asked())).rejects.toThrow('the disk is full');
    expect(await must(id)).toEqual(before);
    expect(book.rowsNow(SCOPE)).toHaveLength(1);
  });

  it('move on their ladder in either direction: resolved sets the end, leaving it takes it away', async () => {
    const id = await open();
    nowMs += 60_000;
    expect(await book.setStatus(id, 'Ada', 'resolved')).toMatchObject({ endMs: nowMs });
    expect(book.openNow()).toEqual([]);
    expect(await book.setStatus(id, 'Ada', 'monitoring')).toMatchObject({ endMs: null });
    expect(book.openNow()).toHaveLength(1);
    const { entries } = await must(id);
    expect(await book.setStatus(id, 'Ada', 'monitoring')).toMatchObject({ entries });
  });

  it('have a head that can be rewritten, with times that can be, and a timeline that can’t', async () => {
    const id = await open();
    const { entries } = await must(id);
    const edited = await book.edit(id, 'Ada', {
      cause: 'The switch held a digest.',
      startMs: AT - 2 * HOUR_MS,
    });
    expect(edited).toMatchObject({ title: 'Redis GETs did not fall', startMs: AT - 2 * HOUR_MS, entries });
    expect((await book.edit(id, 'Ada', { cause: null })).cause).toBeNull();
    const wrong = [{ startMs: AT + 1 }, { endMs: AT + 1 }, { endMs: AT - 3 * HOUR_MS }, { startMs: 0 }];
    for (const times of wrong)
      await expect(book.edit(id, 'Ada', times)).rejects.toMatchObject({ code: 'bad_input' });
    await book.setStatus(id, 'Ada', 'resolved');
    await expect(book.edit(id, 'Ada', { endMs: null })).rejects.toMatchObject(
      refused('bad_input', /needs an end/),
    );
  });

  it('keep hypotheses with their evidence and actions with their owner, each act once in the timeline', async () => {
    const id = await open();
    await book.addHypothesis(id, 'Ada', { text: 'Traffic rose', evidence: null });
    const { hypotheses } = await must(id);
    const said = { state: 'refuted', evidence: '61.9K/h against 62.4K/h' } as const;
    for (let i = 0; i < 2; i += 1) await book.judgeHypothesis(id, 'Bob', hypotheses[0]?.id ?? '', said);
    const { actions } = await book.addAction(id, 'Ada', {
      text: 'Check the switch',
      owner: 'Ines',
      dueMs: AT,
    });
    for (let i = 0; i < 2; i += 1) await book.doneAction(id, 'Ines', actions[0]?.id ?? '', true);
    const incident = await must(id);
    expect(incident.hypotheses[0]).toMatchObject(said);
    expect(incident.actions[0]).toMatchObject({ owner: 'Ines', done: { by: 'Ines' } });
    expect(incident.entries.map(({ title }) => title).slice(1)).toEqual([
      'Perhaps: Traffic rose',
      'Refuted: Traffic rose',
      'To do: Check the switch',
      'Done: Check the switch',
    ]);
    expect(book.rowsNow(SCOPE)[0]?.actionsOpen).toBe(0);
    await expect(book.doneAction(id, 'Ada', 'action:none', true)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('an entry can be hidden and shown again by name, and nothing makes it say another thing', async () => {
    const id = await open();
    await book.append(id, [seen('mode:1')]);
    const hidden = await book.hideEntry(id, 'Ada', 'mode:1');
    const of = (entries: typeof hidden.entries) => entries.find((entry) => entry.id === 'mode:1');
    expect(of(hidden.entries)).toMatchObject({ title: 'mode:1', hidden: { by: 'Ada', atMs: AT } });
    await book.append(id, [{ ...seen('mode:1'), title: 'something else' }]);
    const shown = await book.showEntry(id, 'Bob', 'mode:1');
    expect(of(shown.entries)).toMatchObject({ title: 'mode:1', hidden: null });
    await expect(book.hideEntry(id, 'Ada', 'mode:2')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('write nothing where nothing is new', async () => {
    const id = await open();
    await book.append(id, [seen('mode:1')]);
    const { writes } = state;
    await book.append(id, [seen('mode:1')]);
    expect(state.writes).toBe(writes);
  });

  it('opened again from the same alert are one, until that is resolved', async () => {
    const from = { origin: { kind: 'alert', ref: 'http_429' } } as const;
    const id = await open(from);
    expect(await book.open(asked(from))).toMatchObject({ isNew: false, incident: { id } });
    await book.setStatus(id, 'Ada', 'resolved');
    expect(await book.open(asked(from))).toMatchObject({ isNew: true });
  });
});

describe('one incident that goes into another', () => {
  it('brings entries, hypotheses and actions without doubles, and is read only from then on', async () => {
    const into = await open();
    const from = await open({ title: 'The same, seen later', startMs: AT - 2 * HOUR_MS });
    for (const id of [into, from]) {
      await book.append(id, [seen('mode:1')]);
      await book.addHypothesis(id, 'Ada', { text: 'Traffic rose', evidence: null });
    }
    await book.append(from, [seen('mode:2')]);
    await book.addAction(from, 'Ada', { text: 'Check', owner: null, dueMs: null });
    const merged = await book.merge(from, 'Bob', into);
    expect(merged).toMatchObject({ id: into, startMs: AT - 2 * HOUR_MS, merged: [from] });
    const ids = merged.entries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['mode:1', 'mode:2']));
    expect(merged.entries.filter(({ fact }) => fact.kind === 'status')).toHaveLength(1);
    expect(merged.hypotheses).toHaveLength(1);
    expect(merged.actions).toHaveLength(1);
    expect(await must(from)).toMatchObject({ mergedInto: into, endMs: AT });
    expect(book.openNow().map(({ id }) => id)).toEqual([into]);
    await expect(book.addNote(from, 'Ada', 'late')).rejects.toMatchObject(refused('bad_input', /read only/));
    expect(await book.append(from, [seen('mode:3')])).toEqual(await must(from));
    expect(await book.noteShare(from, 'Ada')).toBe(false);
  });

  it('brings its deploy where the other has none, and the alert it was opened from leads to the other then', async () => {
    const origin = { kind: 'alert', ref: 'http_429' } as const;
    const [into, from] = [await open(), await open({ origin, deployId: 'd1' })];
    expect(await book.merge(from, 'Ada', into)).toMatchObject({ deployId: 'd1' });
    expect(await book.open(asked({ origin }))).toMatchObject({ isNew: false, incident: { id: into } });
    await book.setStatus(into, 'Ada', 'resolved');
    expect(await book.open(asked({ origin }))).toMatchObject({ isNew: true });
  });

  it('is refused where both together hold more notes than an incident may', async () => {
    const note = 'x'.repeat(INCIDENT_LIMITS.noteChars);
    const ids = [await open(), await open()] as const;
    for (const id of ids) for (let i = 0; i < 5; i += 1) await book.addNote(id, 'Ada', note);
    const before = [...state.rows];
    await expect(book.merge(ids[0], 'Ada', ids[1])).rejects.toMatchObject(refused('bad_input', /more notes/));
    expect([...state.rows]).toEqual(before);
  });

  it('is refused twice, in a circle, into itself, into what is resolved, and across apps, with a reason', async () => {
    const [a, b, c] = [await open(), await open(), await open()];
    await book.merge(a, 'Ada', b);
    const other = (await book.open(asked({ scope: { ...SCOPE, app: 'pier' } }))).incident.id;
    await book.setStatus(c, 'Ada', 'resolved');
    const cases = [
      [a, c, /went into another one already/],
      [b, a, /went into another one itself/],
      [b, b, /into itself/],
      [b, c, /is resolved/],
      [b, other, /can’t be one/],
    ] as const;
    for (const [from, into, why] of cases)
      await expect(book.merge(from, 'Ada', into)).rejects.toMatchObject(refused('bad_input', why));
    await expect(book.merge(b, 'Ada', `${b}x`)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what comes into an incident', () => {
  it('has no secrets and no signs that nobody sees, whichever way it comes', async () => {
    const secret = 'redis://default:Xk29fhQpLm48@cache:6379';
    const id = await open({ title: `see ${secret}\u202e\u0007` });
    await book.edit(id, 'Ada', { cause: `because\n${secret}` });
    // A sign that nobody sees in its middle hides no secret.
    await book.addNote(id, 'Ada', `one\n\n\`${secret.replace('fhQ', 'fh\u200bQ')}\`\u0000`);
    await book.addHypothesis(id, 'Ada', { text: secret, evidence: secret });
    const { hypotheses } = await must(id);
    await book.judgeHypothesis(id, 'Ada', hypotheses[0]?.id ?? '', { state: 'confirmed', evidence: secret });
    await book.addAction(id, 'Ada', { text: secret, owner: secret, dueMs: null });
    const kept = JSON.stringify([...state.rows]);
    expect(kept).not.toContain('Xk29fhQpLm48');
    expect(kept).not.toMatch(/\\u202e|\\u0007|\\u0000/);
    const incident = await must(id);
    expect(incident.cause).toMatch(/^because redis:/);
    const note = incident.entries.find(({ fact }) => fact.kind === 'note')?.fact;
    expect(note).toMatchObject({ markdown: expect.stringMatching(/^one\n\n`redis:/) });
  });

  it('is bounded: what the product sees leaves room for people, and what people write ends with a reason', async () => {
    const id = await open();
    const many = Array.from({ length: 2 * INCIDENT_LIMITS.entries }, (_, i) => seen(`mode:${i}`, AT + i));
    const full = await book.append(id, many);
    expect(full?.entries.length).toBe(INCIDENT_LIMITS.entries - 200);
    expect((await book.addNote(id, 'Ada', 'there is room')).entries.at(-1)?.id).toMatch(/^mode:|^note:/);
    const note = 'x'.repeat(INCIDENT_LIMITS.noteChars);
    for (let i = 0; i < 7; i += 1) await book.addNote(id, 'Ada', note);
    await expect(book.addNote(id, 'Ada', note)).rejects.toMatchObject(refused('bad_input', /512 KB/));
    const most = INCIDENT_LIMITS.open - 1;
    for (let i = 0; i < most; i += 1) await open();
    await expect(open()).rejects.toMatchObject(refused('bad_input', /resolve or merge/));
  });
});
