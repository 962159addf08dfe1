import 'server-only';
import type { FrozenCopy } from '@/lib/core/model/share.ts';

/** Of up to 1 MB each. */
const MOST = 8;

/** The copies that were read last. Askers at the same time share one read; a read that fails is not remembered. */
export class CopyCache {
  readonly #held = new Map<string, Promise<FrozenCopy>>();

  constructor(private readonly readCopy: (id: string) => Promise<FrozenCopy>) {}

  read(id: string): Promise<FrozenCopy> {
    const known = this.#held.get(id);
    const copy = known ?? this.readCopy(id);
    this.#held.delete(id);
    this.#held.set(id, copy);
    if (known === undefined) {
      copy.catch(() => this.#held.delete(id));
      for (const oldest of this.#held.keys()) {
        if (this.#held.size <= MOST) break;
        this.#held.delete(oldest);
      }
    }
    return copy;
  }
}
