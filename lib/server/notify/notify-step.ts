import 'server-only';
import type { HeartbeatView, ReceiverView } from '@/lib/core/model/receiver.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import type { DeployBook } from '../deploys/deploy-book.ts';
import type { AlertNotices } from '../engine/alert-notices.ts';
import type { EngineStep } from '../engine/engine.ts';
import { KnownError } from '../http/guards.ts';
import type { Log } from '../log/index.ts';
import type { Poller } from '../poller/poller.ts';
import { readScopes } from '../queries/scope.ts';
import { takeAlertNews } from './alert-news.ts';
import { sendTo } from './channels/index.ts';
import { Courier, type CourierDeps } from './courier.ts';
import { Heartbeat } from './heartbeat.ts';
import { Outbox, type OutboxStore } from './outbox.ts';
import { type ReceiverTest, sendTest } from './send-test.ts';
import { WatchNotices } from './watch-notices.ts';
import type { WatchSource } from './watch-source.ts';

export interface NotifyDeps extends CourierDeps {
  config: Pick<Config, 'notify' | 'publicUrl' | 'bind' | 'targets'>;
  store: OutboxStore;
  clock: Pick<Clock, 'wallMs'>;
  watches: WatchSource;
  deploys: Pick<DeployBook, 'get'>;
  alerts: AlertNotices;
  poller: Pick<Poller, 'statuses'>;
  log: Pick<Log, 'info' | 'warn'>;
}

/** What a receiver stands at, with what only metrics tell. */
export type ReceiverStatus = ReceiverView & { failedTries: number };

interface Opened {
  outbox: Outbox;
  couriers: ReadonlyMap<string, Courier>;
}

/** A person may not flood a receiver. */
const TEST_EVERY_MS = 10 * SECOND_MS;

/**
 * Tells the receivers of the config what alerts do, what was decided, and what is due. Alerts and watches tell of what is new
 * once it is durable; each tick also looks for what was missed: a crash between their write and ours loses nothing. Sending
 * runs beside the engine and never holds it up, and each receiver has a line of its own.
 */
export class NotifyStep implements EngineStep {
  readonly name = 'Notices';
  readonly #watches: WatchNotices;
  readonly #heartbeat: Heartbeat | null;
  readonly #stops: (() => void)[] = [];
  /** Takings that a watch or an alert has set off. */
  readonly #taking = new Set<Promise<unknown>>();
  readonly #tested = new Map<string, number>();
  #opening: Promise<Opened> | null = null;
  #opened: Opened | null = null;

  constructor(private readonly deps: NotifyDeps) {
    const { watches, alerts, clock, config } = deps;
    const { heartbeat, receivers } = config.notify;
    this.#watches = new WatchNotices(deps);
    this.#heartbeat = heartbeat === null ? null : new Heartbeat(heartbeat, deps);
    if (receivers.length === 0) return;
    this.#stops.push(
      watches.onChange(({ record }) =>
        this.#set(async ({ outbox }) => {
          // The next tick finds it again, and tells of the fault.
          this.#watches.forget(record.deployId);
          await this.#watches.take(outbox, record, clock.wallMs());
        }),
      ),
      alerts.onNotice((scope) => this.#set(({ outbox }) => this.#takeAlerts(outbox, scope, clock.wallMs()))),
    );
  }

  async run(nowMs: number): Promise<void> {
    this.#heartbeat?.tick(nowMs);
    if (this.deps.config.notify.receivers.length === 0) return;
    const { outbox } = await this.#open();
    for (const scope of readScopes(this.deps)) {
      await this.#takeAlerts(outbox, scope, nowMs);
      await this.#watches.look(outbox, scope, nowMs);
    }
    await this.#watches.remind(outbox, nowMs);
    this.#kick();
  }

  /** How it stands with each receiver of the config, from memory. */
  receivers(): readonly ReceiverStatus[] {
    const nowMs = this.deps.clock.wallMs();
    return this.deps.config.notify.receivers.map(({ name, kind, address, topics }) => {
      const queue = this.#opened?.outbox.queues.get(name);
      return {
        ...{ name, kind, address, topics },
        ...(queue?.status() ?? UNREAD),
        nextTryMs: queue?.nextMs(nowMs) ?? null,
        failedTries: this.#opened?.couriers.get(name)?.failedTries ?? 0,
      };
    });
  }

  /** Null where none is configured. */
  heartbeat(): HeartbeatView | null {
    return this.#heartbeat?.view() ?? null;
  }

  /** Sends a real message now, past the line, and tells what came of it. Throws `KnownError`. */
  async test(name: string): Promise<ReceiverTest> {
    const { config, clock, send = sendTo } = this.deps;
    const receiver = config.notify.receivers.find((one) => one.name === name);
    if (receiver === undefined) throw new KnownError('not_found', 'There is no receiver of that name.');
    const nowMs = clock.wallMs();
    const agoMs = nowMs - (this.#tested.get(name) ?? Number.NEGATIVE_INFINITY);
    if (agoMs >= 0 && agoMs < TEST_EVERY_MS) {
      const retryAfterSeconds = Math.ceil((TEST_EVERY_MS - agoMs) / SECOND_MS);
      throw new KnownError('too_many', `It was tested just now: again in ${retryAfterSeconds} s.`, {
        retryAfterSeconds,
      });
    }
    this.#tested.set(name, nowMs);
    return sendTest(config, receiver, send, nowMs);
  }

  /** Resolves once nothing is being taken or sent any more. */
  async settled(): Promise<void> {
    do {
      await Promise.all(this.#taking);
      for (const courier of this.#opened?.couriers.values() ?? []) await courier.settled();
    } while (this.#taking.size > 0);
    await this.#heartbeat?.settled();
  }

  /** Ends what is under way; what was not delivered waits in the store. */
  async stop(): Promise<void> {
    for (const stop of this.#stops) stop();
    await Promise.all(this.#taking);
    await Promise.all([...(this.#opened?.couriers.values() ?? [])].map((courier) => courier.stop()));
    await this.#heartbeat?.stop();
  }

  /** Takes what is new at once, beside the engine; a fault is told by the next tick, which tries again. */
  #set(take: (opened: Opened) => Promise<unknown>): void {
    const taking: Promise<unknown> = this.#open()
      .then(take)
      .then(() => this.#kick())
      .catch(() => undefined)
      .finally(() => this.#taking.delete(taking));
    this.#taking.add(taking);
  }

  #takeAlerts(outbox: Outbox, scope: Scope, nowMs: number): Promise<number> {
    return takeAlertNews(this.deps, outbox, scope, nowMs);
  }

  #kick(): void {
    for (const courier of this.#opened?.couriers.values() ?? []) courier.kick();
  }

  #open(): Promise<Opened> {
    this.#opening ??= this.#read().then(
      (opened) => {
        this.#opened = opened;
        return opened;
      },
      (error: unknown) => {
        this.#opening = null;
        throw error;
      },
    );
    return this.#opening;
  }

  async #read(): Promise<Opened> {
    const { config, store, clock } = this.deps;
    const { receivers } = config.notify;
    const outbox = await Outbox.open(store, receivers, clock.wallMs());
    const couriers = new Map<string, Courier>();
    for (const receiver of receivers) {
      const queue = outbox.queues.get(receiver.name);
      if (queue !== undefined)
        couriers.set(receiver.name, new Courier(receiver, queue, () => outbox.nextSeq(), this.deps));
    }
    return { outbox, couriers };
  }
}

/** Before the store was read. */
const UNREAD = {
  waiting: 0,
  oldestMs: null,
  delivered: 0,
  lastDeliveredMs: null,
  lastError: null,
  givenUp: [],
};
