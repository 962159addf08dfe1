import 'server-only';
import { randomBytes } from 'node:crypto';
import type { FrozenCopy, ShareSubject } from '@/lib/core/model/share.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';

const MOST = 16;
const LIFE_MS = 15 * MINUTE_MS;

export interface Previewed {
  subject: ShareSubject;
  copy: FrozenCopy;
}

/** Copies that people look at before they make a link: the link then leads to the very same one. In memory only. */
export class Previews {
  readonly #held = new Map<string, Previewed & { atMs: number }>();

  constructor(private readonly wallMs: () => number) {}

  /** Gives the word that it is found again by. */
  keep(previewed: Previewed): string {
    const id = randomBytes(12).toString('base64url');
    this.#held.set(id, { ...previewed, atMs: this.wallMs() });
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= MOST) break;
      this.#held.delete(oldest);
    }
    return id;
  }

  /** Null when it is too old, or others took its place. */
  get(id: string): Previewed | null {
    const found = this.#held.get(id);
    const ageMs = found === undefined ? Number.POSITIVE_INFINITY : this.wallMs() - found.atMs;
    return found === undefined || ageMs < 0 || ageMs > LIFE_MS ? null : found;
  }
}
