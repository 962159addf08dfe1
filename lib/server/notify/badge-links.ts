import 'server-only';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Scope } from '@/lib/core/model/target.ts';
import type { StateStore } from '../auth/state-store.ts';
import { KnownError } from '../http/guards.ts';

const KEY = 'badges';
const TOKEN_BYTES = 32;
const MOST = 100;
const TOKEN = /^awb_[\w-]{43}$/;

const rowSchema = z.object({
  id: z.string(),
  hash: z.string(),
  name: z.string(),
  app: z.string(),
  environment: z.string(),
  createdAtMs: z.number(),
});
type Row = z.output<typeof rowSchema>;

/** A badge without what its address holds. */
export type BadgeView = Omit<Row, 'hash'>;
/** A badge that was made just now: its token is told only now. */
export type MadeBadge = BadgeView & { token: string };

/**
 * Addresses under which anybody may see how the watch of one app stands, and nothing else. Kept by the SHA-256 of their
 * token: who reads the store cannot use one. One a process, so what is in memory counts.
 */
export class BadgeLinks {
  #byHash: ReadonlyMap<string, Row>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly state: StateStore,
    private readonly nowMs: () => number,
    rows: readonly Row[],
  ) {
    this.#byHash = byHash(rows);
  }

  /** Reads what there is. Rejects when the store does not answer or holds what no version of ours wrote. */
  static async open(state: StateStore, nowMs: () => number): Promise<BadgeLinks> {
    const parsed = z.array(rowSchema).safeParse((await state.getState(KEY)) ?? []);
    if (!parsed.success)
      throw new Error(
        'afterwatch: the badges in the store cannot be read; was it written by a newer version?',
      );
    return new BadgeLinks(state, nowMs, parsed.data);
  }

  /** Newest first. */
  list(): readonly BadgeView[] {
    return [...this.#byHash.values()].map(viewOf).reverse();
  }

  /** Makes an address; durable when resolved. Throws `KnownError` when there are too many. */
  create({ name, app, environment }: Scope & { name: string }): Promise<MadeBadge> {
    return this.#inTurn(async () => {
      if (this.#byHash.size >= MOST)
        throw new KnownError('bad_input', `There are ${MOST} badges, and no more may be: revoke one first.`);
      const token = `awb_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
      const id = randomBytes(6).toString('hex');
      const row: Row = { id, hash: hashOf(token), name, app, environment, createdAtMs: this.nowMs() };
      const rows = [...this.#byHash.values(), row];
      await this.state.putState({ [KEY]: rows });
      this.#byHash = byHash(rows);
      return { ...viewOf(row), token };
    });
  }

  /** Ends an address at once, also when writing that down fails (which rejects). Throws `KnownError` for no such id. */
  revoke(id: string): Promise<{ revoked: string }> {
    return this.#inTurn(async () => {
      const rows = [...this.#byHash.values()].filter((row) => row.id !== id);
      if (rows.length === this.#byHash.size)
        throw new KnownError('not_found', 'There is no badge of that id.');
      this.#byHash = byHash(rows);
      await this.state.putState({ [KEY]: rows });
      return { revoked: id };
    });
  }

  /** The app that a token shows; null for a text that is none, or one that was revoked. */
  scopeOf(token: string): Scope | null {
    if (!TOKEN.test(token)) return null;
    const hash = hashOf(token);
    // A lookup by hash tells by its time nothing of the token; the comparison is for whoever changes the lookup.
    const row = this.#byHash.get(hash);
    if (row === undefined || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null;
    return { app: row.app, environment: row.environment };
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#last.then(run, run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

function byHash(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.hash, row]));
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function viewOf({ id, name, app, environment, createdAtMs }: Row): BadgeView {
  return { id, name, app, environment, createdAtMs };
}
