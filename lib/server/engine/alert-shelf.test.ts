import { describe, expect, it } from 'vitest';
import { acknowledge, planMaintenance } from '@/lib/core/alerts/alert-acts.ts';
import { type AlertBook, stepAlerts } from '@/lib/core/alerts/alert-book.ts';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { emptyFacts } from '@/lib/core/alerts/test-facts.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { AlertShelf } from './alert-shelf.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const KEY = 'alerts/harbor/production';
const NOTICES = 'alert-notices/harbor/production';
const START_MS = Date.UTC(2026, 3, 9, 20);

/** A store that says what was written, and can be full. */
class Disk extends MemoryState {
  readonly written: string[][] = [];
  isFull = false;

  override async putState(entries: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.isFull) throw new Error('disk full');
    this.written.push(Object.keys(entries));
    await super.putState(JSON.parse(JSON.stringify(entries)));
  }
}

const looked = (limited: number, nowMs: number) => (book: AlertBook) =>
  stepAlerts(
    book,
    { ...emptyFacts(nowMs), responses: { limited, all: 1_000, machines: [], isPartial: false } },
    DEFAULT_ALERT_SETTINGS,
  );

function open(disk = new Disk()) {
  const shelf = new AlertShelf(disk);
  const told: number[] = [];
  shelf.onNotice((scope) => told.push(shelf.current(scope)?.notices.length ?? -1));
  let nowMs = START_MS;
  const look = (limited: number) => {
    nowMs += 15_000;
    return shelf.update(SCOPE, nowMs, looked(limited, nowMs));
  };
  return { disk, shelf, told, look, nowMs: () => nowMs };
}

describe('the shelf of alerts', () => {
  it('writes a change of state at once, progress once a minute, and nothing while nothing stands', async () => {
    const { disk, look } = open();
    for (let i = 0; i < 20; i += 1) await look(0);
    expect(disk.written).toEqual([]);
    await look(60);
    await look(60);
    expect(disk.written).toEqual([[KEY], [KEY, NOTICES]]);
    for (let i = 0; i < 8; i += 1) await look(60);
    expect(disk.written.slice(2)).toEqual([[KEY], [KEY]]);
  });

  it('tells of notices once they are durable, and never before', async () => {
    const { disk, shelf, told, look } = open();
    let seen: number | undefined;
    const put = disk.putState.bind(disk);
    disk.putState = async (entries) => {
      seen = shelf.current(SCOPE)?.noticed;
      await put(entries);
    };
    await look(60);
    await look(60);
    expect(seen).toBe(0);
    expect(told).toEqual([1]);
    expect(await disk.getState(NOTICES)).toMatchObject([{ n: 1, what: 'firing' }]);
  });

  it('goes on and tells while the disk is full, says so, and writes all of it once there is room', async () => {
    const { disk, shelf, told, look, nowMs } = open();
    await look(60);
    disk.isFull = true;
    await expect(look(60)).rejects.toThrow('disk full');
    expect(shelf.current(SCOPE)?.entries.http_429?.track.state).toBe('firing');
    expect(told).toEqual([1]);
    await expect(look(60)).rejects.toThrow('disk full');
    disk.isFull = false;
    await look(60);
    expect(told).toEqual([1]);
    const again = new AlertShelf(disk);
    await again.open(SCOPE);
    expect(again.current(SCOPE)).toEqual(shelf.current(SCOPE));
    expect(nowMs()).toBe(START_MS + 60_000);
  });

  it('a process that ends between any two steps tells nothing twice and forgets nothing', async () => {
    const disk = new Disk();
    const values = [0, 60, 60, 60, ...Array<number>(62).fill(0), 60, 60];
    let nowMs = START_MS;
    for (const value of values) {
      nowMs += 15_000;
      // Every look is made by a process that has just begun.
      const shelf = new AlertShelf(disk);
      await shelf.update(SCOPE, nowMs, looked(value, nowMs));
      await shelf.update(SCOPE, nowMs, (book) => acknowledge(book, 'http_429', null, nowMs));
    }
    const notices = (await disk.getState(NOTICES)) as { n: number; what: string }[];
    expect(notices.map(({ n, what }) => `${n} ${what}`)).toEqual(['1 firing', '2 resolved', '3 firing']);
  });

  it('a listener that fails keeps no other from hearing, nor the book from being written', async () => {
    const disk = new Disk();
    const faults: string[] = [];
    const shelf = new AlertShelf(disk, (message) => faults.push(message));
    const heard: string[] = [];
    shelf.onNotice(() => {
      throw new Error('deaf');
    });
    const end = shelf.onNotice(({ app }) => heard.push(app));
    for (const nowMs of [START_MS, START_MS + 15_000]) await shelf.update(SCOPE, nowMs, looked(60, nowMs));
    expect([heard, faults]).toEqual([['harbor'], ['alerts: a listener of notices failed']]);
    end();
    await shelf.update(SCOPE, START_MS + 20_000, (book) => acknowledge(book, 'http_429', null, START_MS));
    expect([heard, shelf.current(SCOPE)?.noticed]).toEqual([['harbor'], 2]);
  });

  it('what two people do at one time is both kept', async () => {
    const { shelf, look, nowMs } = open();
    await look(60);
    await look(60);
    const window = { id: 'm', startMs: nowMs(), endMs: nowMs() + 60_000, reason: 'r', rules: [], by: null };
    await Promise.all([
      shelf.update(SCOPE, nowMs(), (book) => acknowledge(book, 'http_429', 'Ana', nowMs())),
      shelf.update(SCOPE, nowMs(), (book) =>
        planMaintenance(book, { ...window, createdMs: nowMs() }, nowMs()),
      ),
    ]);
    const book = shelf.current(SCOPE);
    expect(book?.entries.http_429?.acknowledged?.by).toBe('Ana');
    expect(book?.maintenance).toHaveLength(1);
    expect(book?.noticed).toBe(2);
  });
});
