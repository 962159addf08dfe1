import 'server-only';
import { setTimeout as pause } from 'node:timers/promises';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { Clock } from '../clock.ts';
import type { Receiver } from '../config/receivers.ts';
import type { Log } from '../log/index.ts';
import type { Delivery } from './channels/channel.ts';
import { sendTo } from './channels/index.ts';
import { parseNotice } from './notice-body.ts';
import type { OutboxEntry } from './outbox-rows.ts';
import type { ReceiverQueue } from './receiver-queue.ts';

export interface CourierDeps {
  clock: Pick<Clock, 'wallMs'>;
  log: Pick<Log, 'info' | 'warn'>;
  /** 0–1, spreads retries; by chance when left out. */
  chance?: () => number;
  /** Between two messages to the same receiver; a second when left out. */
  pauseMs?: number;
  /** Sends one message; the receiver's channel when left out. */
  send?: typeof sendTo;
}

/** Longer waits are left to the ticks of the engine. */
const LONGEST_TIMER_MS = MINUTE_MS;

/** Carries the messages of one receiver, one after the other and never two in a second, beside everything else. */
export class Courier {
  readonly #abort = new AbortController();
  #running: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #isFailing = false;
  failedTries = 0;

  constructor(
    private readonly receiver: Receiver,
    private readonly queue: ReceiverQueue,
    private readonly nextSeq: () => number,
    private readonly deps: CourierDeps,
  ) {}

  /** Sends what is due, now or as soon as what is under way is done. */
  kick(): void {
    if (this.#abort.signal.aborted) return;
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#again) this.kick();
    });
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** Ends what is under way; what was not delivered waits in the store. */
  async stop(): Promise<void> {
    this.#abort.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.settled();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    try {
      while (this.#again && !signal.aborted) {
        this.#again = false;
        while (!signal.aborted && (await this.#sendOne()));
      }
      this.#wakeLater();
    } catch (error) {
      this.#again = false;
      // The next tick tries again.
      if (!signal.aborted)
        this.deps.log.warn({ err: error, receiver: this.receiver.name }, 'notices could not be sent');
    }
  }

  /** False when nothing is due. */
  async #sendOne(): Promise<boolean> {
    const { clock, send = sendTo, pauseMs = SECOND_MS } = this.deps;
    const { signal } = this.#abort;
    const due = await this.queue.next(clock.wallMs(), this.nextSeq);
    if (due === null) return false;
    const waitMs = this.#lastSentMs + pauseMs - performance.now();
    if (waitMs > 0) await pause(waitMs, undefined, { signal });
    const body = parseNotice(due.body);
    if (body === null) {
      const error = 'its text cannot be read: another version wrote it';
      return this.#note(due.entry, { ok: false, error, blame: 'gone', retryAfterMs: null, isInvalid: false });
    }
    const sending = { id: due.entry.id, body, text: due.body, nowMs: clock.wallMs() };
    const delivery = await send(this.receiver, sending, { signal });
    this.#lastSentMs = performance.now();
    // The process ends: that is no fault of the receiver.
    if (signal.aborted && !delivery.ok) return false;
    return this.#note(due.entry, delivery);
  }

  async #note(entry: OutboxEntry, delivery: Delivery): Promise<true> {
    const { clock, log, chance = Math.random } = this.deps;
    const { name } = this.receiver;
    const nowMs = clock.wallMs();
    const { id, about } = entry;
    if (delivery.ok) {
      await this.queue.delivered(entry, nowMs);
      if (this.#isFailing) log.info({ receiver: name, id, about }, 'a receiver takes notices again');
      this.#isFailing = false;
      return true;
    }
    this.failedTries += 1;
    const { givenUp } = await this.queue.failed(entry, nowMs, delivery, chance());
    const { error } = delivery;
    for (const lost of givenUp.slice(0, 20))
      log.warn(
        { receiver: name, id: lost.id, about: lost.about, error },
        'a notice was given up: nobody took it',
      );
    if (givenUp.length > 20)
      log.warn(
        { receiver: name, count: givenUp.length - 20, error },
        'more notices were given up: nobody took them',
      );
    if (!this.#isFailing && givenUp.length === 0)
      log.warn(
        { receiver: name, id, about, error },
        'a notice could not be delivered; it is tried again for three days',
      );
    this.#isFailing = true;
    return true;
  }

  #wakeLater(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const nowMs = this.deps.clock.wallMs();
    const nextMs = this.queue.nextMs(nowMs);
    if (nextMs === null || nextMs - nowMs > LONGEST_TIMER_MS || this.#abort.signal.aborted) return;
    this.#timer = setTimeout(() => this.kick(), Math.max(nextMs - nowMs, SECOND_MS));
    this.#timer.unref();
  }
}
