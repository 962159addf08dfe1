import 'server-only';
import type { FrozenCopy } from '@/lib/core/model/share.ts';
import { PREVIEW_SIZE, previewCard } from '@/lib/core/preview/preview-card.ts';
import { type Drawn, PreviewThread } from './preview-thread.ts';

const MOST_KEPT = 32;
const MOST_WAITING = 8;
const LIMIT_MS = 2_000;
/** A copy that could not be drawn is not tried again for so long. */
const REST_MS = 60_000;
const SOON_SECONDS = 5;

/** `busy`: nobody gets a picture just now; ask again after so long. */
export type PreviewAnswer =
  | { kind: 'png'; png: Uint8Array<ArrayBuffer> }
  | { kind: 'busy'; retryAfterSeconds: number };

interface PreviewOptions {
  /** Absolute path of `dist/preview-worker.mjs`. */
  workerPath: string;
  /** Longest time for one picture, ms; see {@link PreviewThread}. */
  limitMs?: number;
  clock?: () => number;
  /** Hears why a picture could not be drawn. */
  onFault?: (error: unknown) => void;
}

/**
 * Pictures of shared copies: drawn one at a time in a thread without a network, at most eight waiting, the 32 that were
 * asked for last kept in memory. Whether a link still lives is for the caller to ask, every time.
 */
export class PreviewImages {
  readonly #thread: PreviewThread;
  readonly #clock: () => number;
  readonly #kept = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #drawing = new Map<string, Promise<PreviewAnswer>>();
  readonly #restsUntilMs = new Map<string, number>();
  readonly #onFault: (error: unknown) => void;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: PreviewOptions) {
    const { workerPath, limitMs = LIMIT_MS } = options;
    this.#thread = new PreviewThread({ workerPath, limitMs });
    this.#clock = options.clock ?? (() => performance.now());
    this.#onFault = options.onFault ?? (() => {});
  }

  /** The picture of a copy; `id` and `rev` name it, since a copy of one revision never changes. Never rejects. */
  async read({ id, rev, copy }: { id: string; rev: number; copy: FrozenCopy }): Promise<PreviewAnswer> {
    const key = `${id}:${rev}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return { kind: 'png', png: this.#keep(key, kept) };
    const drawing = this.#drawing.get(key);
    if (drawing !== undefined) return drawing;
    const restMs = (this.#restsUntilMs.get(key) ?? 0) - this.#clock();
    if (restMs > 0) return { kind: 'busy', retryAfterSeconds: Math.ceil(restMs / 1_000) };
    if (this.#drawing.size > MOST_WAITING) return { kind: 'busy', retryAfterSeconds: SOON_SECONDS };
    const answer = this.#last.then(() => this.#draw(key, copy));
    this.#last = answer;
    this.#drawing.set(key, answer);
    return answer;
  }

  /** Ends the thread that draws; who still waits gets no picture. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#thread.close();
    await this.#last;
  }

  async #draw(key: string, copy: FrozenCopy): Promise<PreviewAnswer> {
    try {
      if (this.#isClosed) return { kind: 'busy', retryAfterSeconds: SOON_SECONDS };
      const { png } = await drawPreview(this.#thread, copy);
      return { kind: 'png', png: this.#keep(key, png) };
    } catch (error) {
      this.#onFault(error);
      bound(this.#restsUntilMs, key, this.#clock() + REST_MS);
      return { kind: 'busy', retryAfterSeconds: REST_MS / 1_000 };
    } finally {
      this.#drawing.delete(key);
    }
  }

  #keep(key: string, png: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    bound(this.#kept, key, png);
    return png;
  }
}

/** Draws the picture of one copy. Rejects when it cannot be drawn in time. */
export function drawPreview(thread: PreviewThread, copy: FrozenCopy): Promise<Drawn> {
  return thread.draw({ card: previewCard(copy), ...PREVIEW_SIZE });
}

/** Sets an entry as the newest one, and lets the oldest go. */
function bound<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_KEPT && oldest !== undefined) map.delete(oldest);
}
