import 'server-only';
import { z } from 'zod';
import type { Store } from '../store/store.ts';
import { nextTryMs } from './backoff.ts';

const KEY = 'notify/outbox';
/** A receiver that is away for a day must not fill the disk; more than this in a day is no news but noise. */
const MOST_WAITING = 1_000;
const MOST_TAKEN = 2_000;
const MOST_GIVEN_UP = 20;

const entrySchema = z.object({
  /** Stays the same however often it is sent: by it a receiver knows a repeat. */
  id: z.string(),
  /** What it tells, for a person: `v1203 met`. */
  about: z.string(),
  createdMs: z.number(),
  attempts: z.number().int(),
  nextMs: z.number(),
  lastError: z.string().nullable(),
});
/** A message that waits to be delivered. */
export type OutboxEntry = z.output<typeof entrySchema>;

const givenUpSchema = z.object({ id: z.string(), about: z.string(), atMs: z.number(), why: z.string() });
const pageSchema = z.object({
  entries: z.array(entrySchema),
  /** How many changes of each watch were taken, by deploy; the latest last. */
  taken: z.array(z.tuple([z.string(), z.number()])),
  /** Reminders that were sent, by name; the latest last. */
  reminded: z.array(z.string()),
  delivered: z.object({ count: z.number(), lastMs: z.number().nullable() }),
  /** The latest that nobody took in time. */
  givenUp: z.array(givenUpSchema),
});
type Page = z.output<typeof pageSchema>;

const EMPTY: Page = {
  entries: [],
  taken: [],
  reminded: [],
  delivered: { count: 0, lastMs: null },
  givenUp: [],
};

export interface Message {
  id: string;
  about: string;
  body: string;
}

/** How it stands with what was to be sent. */
export interface OutboxStatus {
  waiting: number;
  /** When the oldest one that waits was written; null when none does. */
  oldestMs: number | null;
  delivered: number;
  lastDeliveredMs: number | null;
  /** Of the oldest one that waits; null when none failed. */
  lastError: string | null;
  /** The latest, newest last. */
  givenUp: readonly { about: string; atMs: number; why: string }[];
}

/**
 * What is to be told to others, kept until it was. A message is durable before it is sent and leaves once it was
 * delivered: a crash in between sends it again under the same id, and loses none. One a process; changes are made one
 * after the other.
 */
export class Outbox {
  #page: Page;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly store: Pick<Store, 'getState' | 'putState'>,
    page: Page,
  ) {
    this.#page = page;
  }

  /** Reads what waits. Rejects when the store does not answer or holds what no version of ours wrote. */
  static async open(store: Pick<Store, 'getState' | 'putState'>): Promise<Outbox> {
    const parsed = pageSchema.safeParse((await store.getState(KEY)) ?? EMPTY);
    if (!parsed.success)
      throw new Error(
        'afterwatch: the messages that wait in the store cannot be read; was it written by a newer version?',
      );
    return new Outbox(store, parsed.data);
  }

  /** How many changes of this watch were taken; null when it was never heard of. */
  takenOf(deployId: string): number | null {
    return this.#page.taken.find(([id]) => id === deployId)?.[1] ?? null;
  }

  wasReminded(name: string): boolean {
    return this.#page.reminded.includes(name);
  }

  /**
   * Keeps the messages that come of the changes of a watch up to number `upTo`, in one write with that number; durable
   * when resolved. `make` is told how many were taken before, and is asked only for more.
   */
  take(
    deployId: string,
    upTo: number,
    nowMs: number,
    make: (from: number | null) => readonly Message[],
  ): Promise<number> {
    return this.#inTurn(async () => {
      const from = this.takenOf(deployId);
      if (from !== null && from >= upTo) return 0;
      const messages = make(from);
      const taken = this.#page.taken.filter(([id]) => id !== deployId);
      await this.#write(
        { taken: [...taken, [deployId, upTo] as [string, number]].slice(-MOST_TAKEN) },
        messages,
        nowMs,
      );
      return messages.length;
    });
  }

  /** Keeps a reminder under its name, once; false when it was kept before. Durable when resolved. */
  remind(name: string, message: Message, nowMs: number): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.wasReminded(name)) return false;
      await this.#write({ reminded: [...this.#page.reminded, name].slice(-MOST_TAKEN) }, [message], nowMs);
      return true;
    });
  }

  /** The oldest message that is due; null when none is. */
  async next(nowMs: number): Promise<{ entry: OutboxEntry; body: string } | null> {
    const entry = this.#page.entries.find(({ nextMs }) => nextMs <= nowMs);
    if (entry === undefined) return null;
    const body = await this.store.getState(bodyKey(entry.id));
    if (typeof body === 'string') return { entry, body };
    // Nothing that could be sent is left of it, so it must not stand before the others.
    await this.giveUp(entry.id, nowMs, 'its text is missing in the store');
    return this.next(nowMs);
  }

  /** Somebody has it. Durable when resolved. */
  delivered(id: string, nowMs: number): Promise<void> {
    const { count } = this.#page.delivered;
    return this.#drop(id, () => ({ delivered: { count: count + 1, lastMs: nowMs } }));
  }

  /** A try that failed: when the next one is, or null when it was the last. Durable when resolved. */
  failed(
    id: string,
    nowMs: number,
    fault: { error: string; retryAfterMs: number | null; chance: number },
  ): Promise<number | null> {
    return this.#inTurn(async () => {
      const entry = this.#page.entries.find((one) => one.id === id);
      if (entry === undefined) return null;
      const attempts = entry.attempts + 1;
      const nextMs = nextTryMs({ createdMs: entry.createdMs, attempts }, nowMs, fault);
      if (nextMs === null) {
        await this.#remove(id, this.#givenUp(entry, nowMs, fault.error));
        return null;
      }
      const entries = this.#page.entries.map((one) =>
        one.id === id ? { ...one, attempts, nextMs, lastError: fault.error } : one,
      );
      await this.#put({ entries }, {});
      return nextMs;
    });
  }

  /** Nobody will have it, and why. Durable when resolved. */
  giveUp(id: string, nowMs: number, why: string): Promise<void> {
    return this.#drop(id, (entry) => this.#givenUp(entry, nowMs, why));
  }

  status(): OutboxStatus {
    const { entries, delivered, givenUp } = this.#page;
    const failing = entries.find(({ lastError }) => lastError !== null);
    return {
      waiting: entries.length,
      oldestMs: entries[0]?.createdMs ?? null,
      delivered: delivered.count,
      lastDeliveredMs: delivered.lastMs,
      lastError: failing?.lastError ?? null,
      givenUp: givenUp.map(({ about, atMs, why }) => ({ about, atMs, why })),
    };
  }

  #givenUp({ id, about }: OutboxEntry, atMs: number, why: string): Partial<Page> {
    return { givenUp: [...this.#page.givenUp, { id, about, atMs, why }].slice(-MOST_GIVEN_UP) };
  }

  async #write(change: Partial<Page>, messages: readonly Message[], nowMs: number): Promise<void> {
    const known = new Set(this.#page.entries.map(({ id }) => id));
    const fresh = messages.filter(({ id }) => !known.has(id));
    const entries = [
      ...this.#page.entries,
      ...fresh.map(({ id, about }) => ({
        id,
        about,
        createdMs: nowMs,
        attempts: 0,
        nextMs: nowMs,
        lastError: null,
      })),
    ];
    const room = entries.slice(-MOST_WAITING);
    const lost = entries.slice(0, entries.length - room.length);
    const givenUp = lost.map(({ id, about }) => ({ id, about, atMs: nowMs, why: 'too many messages wait' }));
    await this.#put(
      {
        ...change,
        entries: room,
        ...(lost.length === 0 ? {} : { givenUp: [...this.#page.givenUp, ...givenUp].slice(-MOST_GIVEN_UP) }),
      },
      Object.fromEntries([
        ...lost.map(({ id }) => [bodyKey(id), null]),
        ...fresh.map(({ id, body }) => [bodyKey(id), body]),
      ]),
    );
  }

  #drop(id: string, change: (entry: OutboxEntry) => Partial<Page>): Promise<void> {
    return this.#inTurn(async () => {
      const entry = this.#page.entries.find((one) => one.id === id);
      if (entry !== undefined) await this.#remove(id, change(entry));
    });
  }

  #remove(id: string, change: Partial<Page>): Promise<void> {
    const entries = this.#page.entries.filter((one) => one.id !== id);
    return this.#put({ ...change, entries }, { [bodyKey(id)]: null });
  }

  /** In one write, and believed only once it is durable. */
  async #put(change: Partial<Page>, bodies: Readonly<Record<string, unknown>>): Promise<void> {
    const page = { ...this.#page, ...change };
    await this.store.putState({ [KEY]: page, ...bodies });
    this.#page = page;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#last.then(run, run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

function bodyKey(id: string): string {
  return `notify/message/${id}`;
}
