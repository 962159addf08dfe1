import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Receiver } from '../config/receivers.ts';
import type { Store } from '../store/store.ts';
import { GIVE_UP_MS } from './backoff.ts';
import type { Message } from './message.ts';
import { topicOf } from './notice-body.ts';
import {
  bodyKey,
  ENTRY_PREFIX,
  entryKey,
  entrySchema,
  NEW_STANDING,
  type Noticed,
  noticedKey,
  noticedSchema,
  type OutboxEntry,
  readRow,
  standingKey,
  standingSchema,
  TAKEN_KEY,
  type Taken,
  takenSchema,
} from './outbox-rows.ts';
import { takeOver } from './outbox-takeover.ts';
import { OwingStore } from './owing-store.ts';
import { ReceiverQueue } from './receiver-queue.ts';

export type OutboxStore = Pick<Store, 'getState' | 'putState' | 'listState'>;

/** Notices as their source counts them. */
export interface NumberedNotices {
  /** How many there ever were. */
  noticed: number;
  /** Id of the message of notice number `n`; null where it is not kept any more. */
  idOf: (n: number) => string | null;
}

const MOST_TAKEN = 2_000;
const RANK = { info: 0, warning: 1, critical: 2 } as const;

/**
 * What is to be told to others: for each receiver a line of its own, and beside them what was taken already, so that nothing
 * is put in line twice. One a process; messages are taken one after the other.
 */
export class Outbox {
  readonly #rows: OwingStore;
  readonly queues: ReadonlyMap<string, ReceiverQueue>;
  readonly #noticed = new Map<string, Noticed | null>();
  #taken: Taken;
  #seq: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    rows: OwingStore,
    private readonly receivers: readonly Receiver[],
    read: { taken: Taken; queues: ReadonlyMap<string, ReceiverQueue>; lastSeq: number },
  ) {
    this.#rows = rows;
    this.#taken = read.taken;
    this.#seq = read.lastSeq;
    this.queues = read.queues;
  }

  /**
   * Reads what waits. What waits for a receiver that the config no longer names is kept for three days, in case it comes
   * back. Rejects when the store does not answer or holds what no version of ours wrote.
   */
  static async open(store: OutboxStore, receivers: readonly Receiver[], nowMs: number): Promise<Outbox> {
    await takeOver(store, receivers, nowMs);
    const taken = readRow(takenSchema.nullish(), await store.getState(TAKEN_KEY)) ?? {
      taken: [],
      reminded: [],
    };
    const entries = new Map<string, OutboxEntry[]>(receivers.map(({ name }) => [name, []]));
    const old: [string, null][] = [];
    let lastSeq = 0;
    for (const [key, row] of await store.listState(ENTRY_PREFIX)) {
      const entry = readRow(entrySchema, row);
      const name = key.slice(ENTRY_PREFIX.length, key.lastIndexOf('/'));
      lastSeq = Math.max(lastSeq, entry.seq);
      const line = entries.get(name);
      if (line !== undefined) line.push(entry);
      else if (entry.createdMs + GIVE_UP_MS < nowMs)
        old.push([entryKey(name, entry.seq), null], [bodyKey(name, entry.seq), null]);
    }
    if (old.length > 0) await store.putState(Object.fromEntries(old));
    const owing = new OwingStore(store);
    const queues = new Map<string, ReceiverQueue>();
    for (const { name, kind } of receivers) {
      const standing = readRow(standingSchema.nullish(), await store.getState(standingKey(name)));
      // At PagerDuty each message opens or ends an incident of its own.
      const options = { name, store: owing, hasDigests: kind !== 'pagerduty' };
      queues.set(name, new ReceiverQueue(options, standing ?? NEW_STANDING, entries.get(name) ?? []));
    }
    return new Outbox(owing, receivers, { taken, queues, lastSeq });
  }

  /** How many changes of this watch were taken; null when it was never heard of. */
  takenOf(deployId: string): number | null {
    return this.#taken.taken.find(([id]) => id === deployId)?.[1] ?? null;
  }

  /** A place in line that nothing has had. */
  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
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
      const others = this.#taken.taken.filter(([id]) => id !== deployId);
      const taken: Taken['taken'] = [...others, [deployId, upTo] satisfies [string, number]].slice(
        -MOST_TAKEN,
      );
      return this.#keepTaken({ ...this.#taken, taken }, make(from), nowMs);
    });
  }

  /** Keeps a reminder under its name, once; false when it was kept before. Durable when resolved. */
  remind(name: string, message: Message, nowMs: number): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#taken.reminded.includes(name)) return false;
      const reminded = [...this.#taken.reminded, name].slice(-MOST_TAKEN);
      await this.#keepTaken({ ...this.#taken, reminded }, [message], nowMs);
      return true;
    });
  }

  /**
   * Keeps the messages that come of the notices of a scope, in one write with the number of the last; durable when resolved,
   * or owed to a store that takes no writes. `make` is told the number of the last one taken before; null when none was, or when the numbers have begun anew since.
   */
  takeNotices(
    scope: Scope,
    { noticed, idOf }: NumberedNotices,
    nowMs: number,
    make: (from: number | null) => readonly Message[],
  ): Promise<number> {
    return this.#inTurn(async () => {
      const key = noticedKey(scope);
      const last = await this.#noticedOf(key);
      const isSame = last !== null && last.n <= noticed && (idOf(last.n) ?? last.id) === last.id;
      if (isSame && last.n === noticed) return 0;
      const messages = make(isSame ? last.n : null);
      const taken = { n: noticed, id: idOf(noticed) };
      // Alerts are told also where the disk is full: then the line is kept in memory, and owed to the store.
      await this.#keep({ [key]: taken }, messages, nowMs, (rows) => this.#rows.owe(rows));
      this.#noticed.set(key, taken);
      return messages.length;
    });
  }

  async #noticedOf(key: string): Promise<Noticed | null> {
    const known = this.#noticed.get(key);
    if (known !== undefined) return known;
    const row = readRow(noticedSchema.nullish(), await this.#rows.getState(key)) ?? null;
    this.#noticed.set(key, row);
    return row;
  }

  async #keepTaken(taken: Taken, messages: readonly Message[], nowMs: number): Promise<number> {
    await this.#keep({ [TAKEN_KEY]: taken }, messages, nowMs);
    this.#taken = taken;
    return messages.length;
  }

  /** In one write, and believed only once that resolved. */
  async #keep(
    rows: Record<string, unknown>,
    messages: readonly Message[],
    nowMs: number,
    write: (rows: Record<string, unknown>) => Promise<unknown> = (all) => this.#rows.putState(all),
  ): Promise<void> {
    const plans = this.receivers.flatMap((receiver) => {
      const mine = messages.filter((message) => isFor(receiver, message));
      const queue = this.queues.get(receiver.name);
      return queue === undefined || mine.length === 0 ? [] : [queue.plan(mine, this.#seq + 1, nowMs)];
    });
    this.#seq += messages.length;
    await write(Object.assign(rows, ...plans.map((plan) => plan.rows)));
    for (const { done } of plans) done();
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#last.then(run, run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

/** Whether a receiver is told of it. An alert keeps its severity, so whoever heard that it fires hears how it ends. */
export function isFor(
  { topics, severity }: Pick<Receiver, 'topics' | 'severity'>,
  message: Pick<Message, 'type' | 'severity'>,
): boolean {
  const topic = topicOf(message.type);
  if (topic !== null && !topics.includes(topic)) return false;
  return message.severity === null || RANK[message.severity] >= RANK[severity];
}
