import 'server-only';
import { setTimeout as pause } from 'node:timers/promises';
import type { Scope } from '@/lib/core/model/target.ts';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import { DAY_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { reviewOf } from '@/lib/core/watch/end-of-watch.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import type { DeployBook } from '../deploys/deploy-book.ts';
import type { EngineStep } from '../engine/engine.ts';
import type { Log } from '../log/index.ts';
import { readScopes } from '../queries/scope.ts';
import type { Store } from '../store/store.ts';
import { changeMessages, followUpMessage, reviewMessage } from './messages.ts';
import { Outbox, type OutboxStatus } from './outbox.ts';
import { pageUrl } from './page-url.ts';
import type { WatchSource } from './watch-source.ts';
import { type Delivery, sendWebhook } from './webhook.ts';

export interface NotifyDeps {
  config: Pick<Config, 'notify' | 'publicUrl' | 'bind' | 'targets'>;
  store: Pick<Store, 'getState' | 'putState'>;
  clock: Pick<Clock, 'wallMs'>;
  watches: WatchSource;
  deploys: Pick<DeployBook, 'get'>;
  log: Pick<Log, 'info' | 'warn'>;
  /** 0–1, spreads retries; by chance when left out. */
  chance?: () => number;
  /** Between two messages to the same receiver; a second when left out. */
  pauseMs?: number;
  /** Sends one message; the signed webhook when left out. */
  send?: typeof sendWebhook;
}

/** How it stands with notices; null where no receiver is configured. */
export type NotifyStatus = (OutboxStatus & { address: string }) | null;

/** What was decided so long ago, of a watch that nobody had been told of, is no news. */
const NEWS_MS = DAY_MS;
/** A step that is due for longer was forgotten for good, or the receiver was set up later. */
const STILL_DUE_MS = 7 * DAY_MS;
/** So many watches back, next steps are looked for. */
const MOST_LOOKED_AT = 200;

/** What of a watch may fall due. */
interface Dues {
  reviewMs: number | null;
  followUpMs: readonly number[];
}

/**
 * Tells the receiver of the config what was decided, and what is due. A watch tells of its changes once they are durable;
 * each tick also looks for what was missed: a crash between the watch's write and ours loses nothing. Sending runs beside
 * the engine and never holds it up.
 */
export class NotifyStep implements EngineStep {
  readonly name = 'Notices';
  #outbox: Promise<Outbox> | null = null;
  #opened: Outbox | null = null;
  #stopListening: () => void = () => {};
  /** Lines of watches as they were when their records were last read. */
  readonly #lines = new Map<string, string>();
  readonly #dues = new Map<string, Dues>();
  readonly #abort = new AbortController();
  #sending: Promise<void> | null = null;
  /** Takings that a watch has set off. */
  readonly #taking = new Set<Promise<unknown>>();
  #isFailing = false;

  constructor(private readonly deps: NotifyDeps) {
    if (deps.config.notify.webhook === null) return;
    this.#stopListening = deps.watches.onChange(({ record }) => {
      const taking = this.#take(record, deps.clock.wallMs())
        .then(() => this.#kick())
        // The next tick finds it again, and tells of the fault.
        .catch(() => this.#lines.delete(record.deployId))
        .finally(() => this.#taking.delete(taking));
      this.#taking.add(taking);
    });
  }

  async run(nowMs: number): Promise<void> {
    if (this.deps.config.notify.webhook === null) return;
    await this.#open();
    for (const scope of readScopes(this.deps)) await this.#look(scope, nowMs);
    for (const [deployId, dues] of this.#dues) await this.#remind(deployId, dues, nowMs);
    this.#kick();
  }

  /** How it stands, from memory; null where no receiver is configured, or before the first tick. */
  status(): NotifyStatus {
    const { webhook } = this.deps.config.notify;
    return webhook === null || this.#opened === null
      ? null
      : { ...this.#opened.status(), address: webhook.address };
  }

  /** Resolves once nothing is being taken or sent any more. */
  async settled(): Promise<void> {
    while (this.#taking.size > 0 || this.#sending !== null) {
      await Promise.all([...this.#taking, this.#sending]);
    }
  }

  /** Ends what is under way; what was not delivered waits in the store. */
  async stop(): Promise<void> {
    this.#stopListening();
    this.#abort.abort();
    await this.settled();
  }

  async #look(scope: Scope, nowMs: number): Promise<void> {
    const { watches } = this.deps;
    // An id begins with the time of its deploy.
    const latest = [...watches.linesNow(scope)].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-MOST_LOOKED_AT);
    for (const [deployId, line] of latest) {
      const text = JSON.stringify(line);
      if (this.#lines.get(deployId) === text) continue;
      const record = await watches.get(deployId);
      if (record !== null) await this.#take(record, nowMs);
      this.#lines.set(deployId, text);
    }
  }

  /** Writes down what is new in a watch, and what will be due. */
  async #take(record: WatchRecord, nowMs: number): Promise<void> {
    const { deployId, changes, closedMs, followUps } = record;
    const outbox = await this.#open();
    // A watch is written with every look; most of them change nothing that is told.
    if (this.#dues.has(deployId) && (outbox.takenOf(deployId) ?? -1) >= changes.length) return;
    const deploy = await this.deps.deploys.get(deployId);
    if (deploy === null) return;
    await outbox.take(deployId, changes.length, nowMs, (from) => {
      if (from === null && closedMs !== null && closedMs < nowMs - NEWS_MS) return [];
      return changeMessages(deploy, record, from ?? 0, (id) => pageUrl(this.deps.config, id));
    });
    // Whether one is done by then is asked when it is due.
    const followUpMs = followUps.flatMap(({ dueMs }) => dueMs ?? []);
    this.#dues.set(deployId, { reviewMs: reviewOf(deploy), followUpMs });
  }

  async #remind(deployId: string, { reviewMs, followUpMs }: Dues, nowMs: number): Promise<void> {
    const isDue = (atMs: number) => atMs <= nowMs && atMs > nowMs - STILL_DUE_MS;
    if (![...followUpMs, ...(reviewMs === null ? [] : [reviewMs])].some(isDue)) return;
    const { watches, deploys, config } = this.deps;
    const outbox = await this.#open();
    const [record, deploy] = await Promise.all([watches.get(deployId), deploys.get(deployId)]);
    if (record === null || deploy === null) return;
    const urlOf = (id: string) => pageUrl(config, id);
    if (reviewMs !== null && isDue(reviewMs)) {
      await outbox.remind(
        `${deployId} review ${reviewMs}`,
        reviewMessage(deploy, reviewMs, record, urlOf),
        nowMs,
      );
    }
    for (const followUp of record.followUps) {
      const { id, dueMs, done, remindedMs } = followUp;
      if (dueMs === null || done !== null || remindedMs !== null || !isDue(dueMs)) continue;
      await outbox.remind(
        `${deployId} ${id} ${dueMs}`,
        followUpMessage(deploy, { ...followUp, dueMs }, urlOf),
        nowMs,
      );
      await watches.reminded(deployId, id, nowMs);
    }
    this.#dues.set(deployId, {
      reviewMs: reviewMs !== null && reviewMs > nowMs ? reviewMs : null,
      followUpMs: followUpMs.filter((atMs) => atMs > nowMs),
    });
  }

  #open(): Promise<Outbox> {
    this.#outbox ??= Outbox.open(this.deps.store).then(
      (outbox) => {
        this.#opened = outbox;
        return outbox;
      },
      (error: unknown) => {
        this.#outbox = null;
        throw error;
      },
    );
    return this.#outbox;
  }

  /** Sends what is due, one after the other, beside everything else. */
  #kick(): void {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
    });
  }

  async #send(): Promise<void> {
    const { clock, config, send = sendWebhook, pauseMs = SECOND_MS } = this.deps;
    const { webhook } = config.notify;
    const { signal } = this.#abort;
    try {
      const outbox = await this.#open();
      for (let sent = 0; webhook !== null && !signal.aborted; sent += 1) {
        const due = await outbox.next(clock.wallMs());
        if (due === null) return;
        if (sent > 0) await pause(pauseMs, undefined, { signal });
        const { id } = due.entry;
        const delivery = await send(webhook, { id, body: due.body }, clock.wallMs(), { signal });
        // A receiver that cannot be reached is asked again at the next tick, not once for each message.
        if (!(await this.#note(outbox, due.entry, delivery))) return;
      }
    } catch (error) {
      if (!signal.aborted) this.deps.log.warn({ err: error }, 'notices could not be sent');
    }
  }

  /** False when the rest should wait. */
  async #note(
    outbox: Outbox,
    { id, about }: { id: string; about: string },
    delivery: Delivery,
  ): Promise<boolean> {
    const { clock, log, chance = Math.random } = this.deps;
    const nowMs = clock.wallMs();
    if (delivery.ok) {
      await outbox.delivered(id, nowMs);
      if (this.#isFailing) log.info({ id, about }, 'the receiver of notices takes them again');
      this.#isFailing = false;
      return true;
    }
    // The process ends: that is no fault of the receiver.
    if (this.#abort.signal.aborted) return false;
    const { error, retryAfterMs, gone, reached } = delivery;
    const nextMs = gone ? null : await outbox.failed(id, nowMs, { error, retryAfterMs, chance: chance() });
    if (gone) await outbox.giveUp(id, nowMs, error);
    if (nextMs === null) log.warn({ id, about, error }, 'a notice was given up: nobody took it');
    else if (!this.#isFailing)
      log.warn({ id, about, error }, 'a notice could not be delivered; it is tried again for 24 h');
    this.#isFailing = true;
    return reached && retryAfterMs === null;
  }
}
