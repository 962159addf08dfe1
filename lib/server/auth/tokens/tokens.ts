import 'server-only';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import {
  MAX_TOKENS,
  type MadeToken,
  TOKEN_SCOPES,
  type TokenScope,
  type TokenView,
} from '@/lib/core/model/token.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import type { StateStore } from '../state-store.ts';
import type { NewToken } from './token-schema.ts';

const KEY = 'tokens';
const TOKEN_BYTES = 32;
const PREFIX = 'aw_';

const rowSchema = z.object({
  id: z.string(),
  hash: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(TOKEN_SCOPES)),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().nullable(),
});
type Row = z.output<typeof rowSchema>;

/** There are as many tokens as may be: one must be revoked before another is made. */
export class TooManyTokens extends Error {
  override readonly name = 'TooManyTokens';
  /** By name: routes are built apart from what the process holds, with a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'TooManyTokens';
  }
}

/**
 * Tokens that people made, by the SHA-256 of their text: who reads the store cannot use one. One process has the store,
 * so what is in memory counts, and a revoked token is refused from the next request on.
 */
export class Tokens {
  #byHash: ReadonlyMap<string, Row>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly state: StateStore,
    private readonly nowMs: () => number,
    rows: readonly Row[],
  ) {
    this.#byHash = new Map(rows.map((row) => [row.hash, row]));
  }

  /** Reads the tokens that there are. Rejects when the store does not answer or holds what no version of ours wrote. */
  static async open(state: StateStore, nowMs: () => number): Promise<Tokens> {
    const parsed = z.array(rowSchema).safeParse((await state.getState(KEY)) ?? []);
    if (!parsed.success)
      throw new Error(
        'afterwatch: the tokens in the store cannot be read; was it written by a newer version?',
      );
    return new Tokens(state, nowMs, parsed.data);
  }

  /** Newest first. */
  list(): readonly TokenView[] {
    return [...this.#byHash.values()].map(viewOf).reverse();
  }

  /** Makes a token; durable when resolved. Throws `TooManyTokens`. */
  async create({ name, scopes }: NewToken): Promise<MadeToken> {
    if (this.#byHash.size >= MAX_TOKENS) throw new TooManyTokens(`there are ${MAX_TOKENS} tokens already`);
    const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
    const row: Row = {
      id: randomBytes(6).toString('hex'),
      hash: hashOf(token),
      name,
      scopes: [...scopes],
      createdAtMs: this.nowMs(),
      lastUsedAtMs: null,
    };
    this.#set([...this.#byHash.values(), row]);
    try {
      await this.#write();
    } catch (error) {
      // Nobody was told it, so nobody misses it.
      this.#set([...this.#byHash.values()].filter(({ id }) => id !== row.id));
      throw error;
    }
    return { ...viewOf(row), token };
  }

  /** Ends a token at once, also when writing that down fails (which rejects). False when there is none of that id. */
  async revoke(id: string): Promise<boolean> {
    const kept = [...this.#byHash.values()].filter((row) => row.id !== id);
    if (kept.length === this.#byHash.size) return false;
    this.#set(kept);
    await this.#write();
    return true;
  }

  /** What the sender of this token may do; null for a text that is no token, or one that is revoked. */
  scopesOf(token: string): readonly TokenScope[] | null {
    if (!isMadeToken(token)) return null;
    const hash = hashOf(token);
    // A lookup by hash tells by its time nothing of the token; the comparison is for whoever changes the lookup.
    const row = this.#byHash.get(hash);
    if (row === undefined || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null;
    this.#noteUse(row);
    return row.scopes;
  }

  /** Written down to the hour: enough to find the unused ones, and no write with every request. */
  #noteUse(row: Row): void {
    const hourMs = Math.floor(this.nowMs() / HOUR_MS) * HOUR_MS;
    if (row.lastUsedAtMs !== null && row.lastUsedAtMs >= hourMs) return;
    row.lastUsedAtMs = hourMs;
    // Lost when it fails, and no reason to refuse the request.
    this.#write().catch(() => {});
  }

  #set(rows: readonly Row[]): void {
    this.#byHash = new Map(rows.map((row) => [row.hash, row]));
  }

  /** Each write holds all that is true when it begins, one after the other, so that none can undo a later one. */
  #write(): Promise<void> {
    const writing = this.#writing
      .catch(() => {})
      .then(() => this.state.putState({ [KEY]: [...this.#byHash.values()] }));
    this.#writing = writing;
    return writing;
  }
}

/** True for a text of the form of our tokens, known or not. */
export function isMadeToken(text: string): boolean {
  return /^aw_[\w-]{43}$/.test(text);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function viewOf({ id, name, scopes, createdAtMs, lastUsedAtMs }: Row): TokenView {
  return { id, name, scopes, createdAtMs, lastUsedAtMs };
}
