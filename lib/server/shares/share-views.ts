import 'server-only';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import type { StateStore } from '../auth/state-store.ts';
import { type Views, viewsSchema } from './share-rows.ts';

const KEY = 'shares/views';
/** One write holds the counts of all shares, so nothing that viewers do adds to it. */
const WRITE_EVERY_MS = 10 * SECOND_MS;

/** How often shares were opened. Counted in memory, written at most once in ten seconds; a crash loses those. */
export class ShareViews {
  #views: Views = new Map();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isNew = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly state: StateStore,
    private readonly onFault: (message: string, error: unknown) => void,
  ) {}

  async load(): Promise<void> {
    const known = viewsSchema.safeParse((await this.state.getState(KEY)) ?? {});
    this.#views = new Map(Object.entries(known.data ?? {}));
  }

  of(id: string): readonly [number, number] | undefined {
    return this.#views.get(id);
  }

  count(id: string, atMs: number): void {
    this.#views.set(id, [(this.#views.get(id)?.[0] ?? 0) + 1, atMs]);
    this.#isNew = true;
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, WRITE_EVERY_MS);
    this.#timer.unref();
  }

  /** Forgets the counts of shares that are not listed any more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#views.keys()) if (!ids.has(id)) this.#views.delete(id);
  }

  /** Writes what was counted since the last time; a fault is told and the counts stay for the next one. */
  flush(): Promise<void> {
    if (!this.#isNew) return this.#writing;
    this.#isNew = false;
    this.#writing = this.#writing
      .then(() => this.state.putState({ [KEY]: Object.fromEntries(this.#views) }))
      .catch((error: unknown) => {
        this.#isNew = true;
        this.onFault('the views of shares could not be written', error);
      });
    return this.#writing;
  }

  /** Writes what is there and stops. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.flush();
  }
}
