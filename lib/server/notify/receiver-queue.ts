import 'server-only';
import { GIVE_UP_MS } from './backoff.ts';
import type { Delivery } from './channels/channel.ts';
import { digestMessage, digestOf } from './digest.ts';
import type { Message } from './message.ts';
import { bodyKey, entryKey, type OutboxEntry, type Standing, standingKey } from './outbox-rows.ts';
import type { OwingStore } from './owing-store.ts';
import { RetryGate } from './retry-gate.ts';

/** A receiver that is away for long must not fill the disk; more than this in three days is no news but noise. */
export const MOST_WAITING = 10_000;
const MOST_GIVEN_UP = 20;
const TOO_MANY = 'too many messages wait';

type Rows = Record<string, unknown>;
type Failure = Extract<Delivery, { ok: false }>;

export interface QueueOptions {
  name: string;
  store: OwingStore;
  /** Whether many old messages may go as one: not where each opens or closes an incident of its own. */
  hasDigests: boolean;
}

/** What came of a failed try. */
export interface Failed {
  /** When the receiver is asked again; null when nothing waits any more. */
  nextMs: number | null;
  /** What was given up with it. */
  givenUp: readonly OutboxEntry[];
}

/**
 * What one receiver is still to be told, in order. A message is durable before it is sent and leaves once it was delivered:
 * a crash in between sends it again under the same id. A receiver that cannot take anything is asked again by one growing
 * schedule, whatever waits; something new is tried at once all the same. One sender at a time.
 */
export class ReceiverQueue {
  /** By place in the line, in its order. */
  readonly #entries = new Map<number, OutboxEntry>();
  readonly #ids = new Set<string>();
  #standing: Standing;
  readonly #gate: RetryGate;

  constructor(
    private readonly options: QueueOptions,
    standing: Standing,
    entries: readonly OutboxEntry[],
  ) {
    this.#standing = standing;
    this.#add([...entries].sort((a, b) => a.seq - b.seq));
    const failing = entries.find(({ attempts }) => attempts > 0);
    this.#gate = new RetryGate(failing?.lastError ?? null);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Rows of messages to be put in line from `seq` on, and what puts them there once the rows are durable. */
  plan(
    messages: readonly Message[],
    seq: number,
    nowMs: number,
  ): { rows: Rows; done: () => readonly OutboxEntry[] } {
    const { name } = this.options;
    const fresh = messages.filter(({ id }) => !this.#ids.has(id));
    const entries = fresh.map((message, i) => entryOf(message, seq + i, nowMs));
    const over = Math.max(0, this.#entries.size + entries.length - MOST_WAITING);
    const lost = [...this.#entries.values()].slice(0, over);
    const standing = this.#withGivenUp(lost, nowMs, TOO_MANY);
    const rows: Rows = {
      ...this.#rowsWithout(lost),
      ...(lost.length === 0 ? {} : { [standingKey(name)]: standing }),
      ...Object.fromEntries(
        entries.flatMap((entry, i) => [
          [entryKey(name, entry.seq), entry],
          [bodyKey(name, entry.seq), fresh[i]?.body ?? null],
        ]),
      ),
    };
    const done = () => {
      this.#drop(lost);
      this.#add(entries);
      // Not as it was when this was planned: a delivery may have come in between.
      this.#standing = this.#withGivenUp(lost, nowMs, TOO_MANY);
      return lost;
    };
    return { rows, done };
  }

  /** What is to be sent now, with its text; null when nothing is. `nextSeq` gives a place for a digest. */
  async next(nowMs: number, nextSeq: () => number): Promise<{ entry: OutboxEntry; body: string } | null> {
    if (this.#gate.isHeld(nowMs)) return null;
    if (this.#gate.isUp) await this.#digest(nowMs, nextSeq);
    const entry = this.#pick(nowMs);
    if (entry === null) return null;
    const last = await this.#merge(entry);
    const body = await this.options.store.getState(bodyKey(this.options.name, last.seq));
    if (typeof body === 'string') return { entry: last, body };
    // Nothing that could be sent is left of it, so it must not stand before the others.
    await this.#giveUp([last], nowMs, 'its text is missing in the store');
    return this.next(nowMs, nextSeq);
  }

  /** Somebody has it. Durable when resolved, or owed to a store that takes no writes. */
  async delivered(entry: OutboxEntry, nowMs: number): Promise<void> {
    this.#gate.took();
    const standing = { ...this.#standing, delivered: this.#standing.delivered + 1, lastMs: nowMs };
    await this.#remove([entry], standing);
  }

  /** A try that failed. Durable when resolved, or owed. */
  async failed(entry: OutboxEntry, nowMs: number, failure: Failure, chance: number): Promise<Failed> {
    const { error, blame } = failure;
    const attempts = entry.attempts + 1;
    const waitMs = this.#gate.failed(failure, attempts, nowMs, chance);
    if (blame === 'gone') {
      await this.#giveUp([entry], nowMs, error);
      return { nextMs: this.nextMs(nowMs), givenUp: [entry] };
    }
    const isOwn = blame === 'message';
    const old = [...this.#entries.values()].filter(
      (one) => one.createdMs + GIVE_UP_MS <= nowMs && (!isOwn || one.seq === entry.seq),
    );
    if (old.length > 0) await this.#giveUp(old, nowMs, error);
    const kept = this.#entries.has(entry.seq);
    if (kept) await this.#put({ ...entry, attempts, lastError: error, nextMs: isOwn ? nowMs + waitMs : 0 });
    return { nextMs: this.nextMs(nowMs), givenUp: old };
  }

  /** When the next try may be; null when nothing waits. */
  nextMs(nowMs: number): number | null {
    const [first] = this.#entries.values();
    if (first === undefined) return null;
    const dues = this.#isOpen(nowMs) ? [...this.#heads()].map(({ nextMs }) => nextMs) : [this.#gate.retryMs];
    const lastMs = first.createdMs + GIVE_UP_MS;
    const dueMs = Math.min(...dues);
    // The last try stands at the end of its time.
    return Math.max(nowMs, this.#gate.holdMs, lastMs > nowMs ? Math.min(dueMs, lastMs) : dueMs);
  }

  status() {
    const { delivered, lastMs, givenUp } = this.#standing;
    const [first] = this.#entries.values();
    return {
      waiting: this.#entries.size,
      oldestMs: first?.createdMs ?? null,
      delivered,
      lastDeliveredMs: lastMs,
      lastError: this.#gate.lastError,
      givenUp: [...givenUp],
    };
  }

  #isOpen(nowMs: number): boolean {
    const [first] = this.#entries.values();
    const isLast = first !== undefined && first.attempts > 0 && first.createdMs + GIVE_UP_MS <= nowMs;
    return isLast || this.#gate.isOpen(nowMs);
  }

  #pick(nowMs: number): OutboxEntry | null {
    const isOpen = this.#isOpen(nowMs);
    for (const entry of this.#heads()) {
      if (isOpen ? entry.nextMs <= nowMs : entry.attempts === 0) return entry;
    }
    return null;
  }

  /** The first of each incident: the others must not overtake it. */
  *#heads(): Generator<OutboxEntry> {
    const seen = new Set<string>();
    for (const entry of this.#entries.values()) {
      if (seen.has(entry.incident)) continue;
      seen.add(entry.incident);
      yield entry;
    }
  }

  /**
   * Where an alert was resolved before anybody heard that it fired, only the last message goes: it tells when the alert fired
   * and when it was over. Nothing at all would hide that it happened.
   */
  async #merge(entry: OutboxEntry): Promise<OutboxEntry> {
    if (entry.type !== 'alert.firing') return entry;
    const all = [...this.#entries.values()].filter(({ incident }) => incident === entry.incident);
    const last = all.findLast(({ type }) => type === 'alert.resolved');
    if (last === undefined) return entry;
    await this.#remove(
      all.filter(({ seq }) => seq < last.seq),
      this.#standing,
    );
    return last;
  }

  /** Puts what has waited for long into one message, in one write: from then on that one stands for all of it. */
  async #digest(nowMs: number, nextSeq: () => number): Promise<void> {
    const { name, store, hasDigests } = this.options;
    const { lost, givenUp } = this.#standing;
    const covers = hasDigests ? digestOf([...this.#entries.values()], lost, nowMs) : null;
    if (covers === null) return;
    const message = digestMessage(covers, { count: lost, lastMs: givenUp.at(-1)?.atMs ?? null }, nowMs);
    // In the place of the first: what happened later stays behind it.
    const seq = covers[0]?.seq ?? nextSeq();
    const entry = { ...entryOf(message, seq, nowMs), stands: covers.length + lost };
    const standing = { ...this.#standing, lost: 0 };
    this.#drop(covers);
    this.#standing = standing;
    const all = [...this.#entries.values(), entry].sort((a, b) => a.seq - b.seq);
    this.#drop(all);
    this.#add(all);
    await store.owe({
      ...this.#rowsWithout(covers),
      [standingKey(name)]: standing,
      [entryKey(name, entry.seq)]: entry,
      [bodyKey(name, entry.seq)]: message.body,
    });
  }

  #withGivenUp(lost: readonly OutboxEntry[], atMs: number, why: string): Standing {
    if (lost.length === 0) return this.#standing;
    const rows = lost.map(({ about }) => ({ about, atMs, why }));
    return {
      ...this.#standing,
      givenUp: [...this.#standing.givenUp, ...rows].slice(-MOST_GIVEN_UP),
      lost: lost.reduce((sum, { stands }) => sum + stands, this.#standing.lost),
    };
  }

  #giveUp(lost: readonly OutboxEntry[], nowMs: number, why: string): Promise<void> {
    return this.#remove(lost, this.#withGivenUp(lost, nowMs, why));
  }

  async #remove(gone: readonly OutboxEntry[], standing: Standing): Promise<void> {
    const { name, store } = this.options;
    this.#drop(gone);
    this.#standing = standing;
    await store.owe({ ...this.#rowsWithout(gone), [standingKey(name)]: standing });
  }

  async #put(entry: OutboxEntry): Promise<void> {
    if (this.#entries.has(entry.seq)) this.#entries.set(entry.seq, entry);
    await this.options.store.owe({ [entryKey(this.options.name, entry.seq)]: entry });
  }

  #add(entries: readonly OutboxEntry[]): void {
    for (const entry of entries) {
      this.#entries.set(entry.seq, entry);
      this.#ids.add(entry.id);
    }
  }

  #drop(entries: readonly OutboxEntry[]): void {
    for (const { seq, id } of entries) {
      this.#entries.delete(seq);
      this.#ids.delete(id);
    }
  }

  #rowsWithout(gone: readonly OutboxEntry[]): Rows {
    const { name } = this.options;
    return Object.fromEntries(
      gone.flatMap(({ seq }) => [
        [entryKey(name, seq), null],
        [bodyKey(name, seq), null],
      ]),
    );
  }
}

function entryOf(
  { id, type, incident, severity, about, atMs }: Message,
  seq: number,
  nowMs: number,
): OutboxEntry {
  return {
    seq,
    id,
    type,
    incident,
    severity,
    about,
    atMs,
    stands: 1,
    createdMs: nowMs,
    attempts: 0,
    nextMs: 0,
    lastError: null,
  };
}
