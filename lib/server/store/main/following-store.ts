import 'server-only';
import { randomUUID } from 'node:crypto';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import type { Head } from '../head/head.ts';
import type { Store, StoreStats } from '../store.ts';
import { StoreCallError, type WorkerClient } from './client.ts';
import { StoreWriteError } from './errors.ts';
import { PackedReads } from './packed-reads.ts';
import type { StorePlace } from './place.ts';
import { Tail } from './tail.ts';

const STEP_MS = SECOND_MS;
const MOST_TRIES = 4;

export interface FollowingOptions {
  client: WorkerClient;
  place: StorePlace;
  /** Told of the keys of the state that the one who leads has written; null when any may have been. */
  onState?: (keys: readonly string[] | null) => void;
}

/** A store that another instance writes to. */
export interface FollowingStore extends Store {
  /** Reads what is new now, and not at the next step. */
  catchUp(): Promise<void>;
}

/** Reads what is there, and goes on reading what comes. Rejects when the database cannot be read. */
export async function openFollowingStore(options: FollowingOptions): Promise<FollowingStore> {
  const store = new Following(options);
  await store.catchUp();
  store.start();
  return store;
}

/** Answers as the one who leads does, a second behind it. Every write is refused: that one makes them. */
class Following extends PackedReads implements FollowingStore {
  readonly id = randomUUID();
  readonly #options: FollowingOptions;
  readonly #tail: Tail;
  #stepping: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #appended = 0;
  #isClosed = false;
  #lastError: string | null = null;

  constructor(options: FollowingOptions) {
    super(options.client);
    this.#options = options;
    this.#tail = new Tail(options.client);
  }

  protected get head(): Head {
    return this.#tail.head;
  }

  /** When hours were packed between the look at the head and the worker’s, both look again. */
  protected async together<T>(read: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof StoreCallError) || error.code !== 'MOVED' || tries === MOST_TRIES) throw error;
        await this.catchUp();
      }
    }
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), STEP_MS);
    this.#timer.unref();
  }

  /** A step that fails is told by `stats`; the next one tries again. */
  async #look(): Promise<void> {
    try {
      await this.catchUp();
      this.#lastError = null;
      await this.#options.place.check();
    } catch (error) {
      this.#lastError = this.#options.place.explain(error).message;
    }
  }

  async catchUp(): Promise<void> {
    // A step that is under way may have looked before what the caller knows to be there.
    await this.#stepping?.catch(() => undefined);
    this.#stepping ??= this.#step().finally(() => {
      this.#stepping = null;
    });
    return this.#stepping;
  }

  async #step(): Promise<void> {
    const { rows, keys } = await this.#tail.step();
    this.#appended += rows;
    if (keys === null || keys.length > 0) this.#options.onState?.(keys);
  }

  append(): Promise<never> {
    return refuse();
  }

  putHistory(): Promise<never> {
    return refuse();
  }

  putState(): Promise<never> {
    return refuse();
  }

  /** The one who leads packs and deletes. */
  async maintain(): Promise<void> {}

  stats(): StoreStats {
    return {
      engine: this.#options.place.engine,
      series: this.head.registry.size,
      samplesAppended: this.#appended,
      samplesDropped: { late: 0, duplicate: 0, future: 0 },
      bytesOnDisk: this.#options.place.sizeBytes(),
      lastCommitMs: null,
      lastError: this.#lastError,
      outage: this.#outage(),
    };
  }

  /** Nothing waits here: the one that leads reads the sources. */
  #outage(): StoreStats['outage'] {
    const forMs = this.client.awayForMs();
    return forMs === null ? null : { sinceMs: Date.now() - forMs, waiting: 0, lost: 0 };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#stepping?.catch(() => undefined);
    await this.client.close();
    await this.#options.place.release();
  }
}

function refuse(): Promise<never> {
  return Promise.reject(
    new StoreWriteError(
      'store: this instance follows; the one that leads writes, and passes on what is sent here',
    ),
  );
}
