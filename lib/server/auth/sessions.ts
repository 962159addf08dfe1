import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { isAway } from '../store/main/errors.ts';
import type { StateStore } from './state-store.ts';

const HOUR_MS = 3_600_000;
/** A browser left alone for a night asks again; a stolen cookie is of no use after a week. */
export const IDLE_MS = 12 * HOUR_MS;
export const ABSOLUTE_MS = 7 * 24 * HOUR_MS;
/** How often being seen is written down: a page that ticks every few seconds must not write every few seconds. */
const SEEN_EVERY_MS = 5 * 60_000;
const TOKEN_BYTES = 32;
/** While the store is away a session that it confirmed not longer ago than this is taken at our own word. */
const TRUST_MS = HOUR_MS;
const MOST_TRUSTED = 500;

const rowSchema = z.object({ createdAtMs: z.number(), seenAtMs: z.number(), fingerprint: z.string() });
type SessionRow = z.infer<typeof rowSchema>;

/** Sessions by the SHA-256 of their token: who reads the store cannot take one over. */
export class Sessions {
  /** What the store last said of each session, and when. */
  readonly #trusted = new Map<string, { row: SessionRow; atMs: number }>();

  constructor(
    private readonly state: StateStore,
    private readonly fingerprint: string,
    private readonly nowMs: () => number,
  ) {}

  /** A new session; gives the token for the cookie, which is written down nowhere. */
  async open(): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const nowMs = this.nowMs();
    await this.state.putState({
      [sessionKey(token)]: { createdAtMs: nowMs, seenAtMs: nowMs, fingerprint: this.fingerprint },
    });
    return token;
  }

  /** True while the session lives: not idle for 12 h, not older than 7 days, made under the present password. */
  async isLive(token: string): Promise<boolean> {
    if (!isToken(token)) return false;
    const key = sessionKey(token);
    const row = await this.#read(key);
    if (row === null) return false;
    const nowMs = this.nowMs();
    const live =
      row.fingerprint === this.fingerprint &&
      nowMs - row.createdAtMs < ABSOLUTE_MS &&
      nowMs - row.seenAtMs < IDLE_MS;
    if (!live) await this.#write(key, null);
    else if (nowMs - row.seenAtMs >= SEEN_EVERY_MS) await this.#write(key, { ...row, seenAtMs: nowMs });
    return live;
  }

  /** The session as the store has it; while that is away, as it had it a short while ago. Null for none. */
  async #read(key: string): Promise<SessionRow | null> {
    const nowMs = this.nowMs();
    try {
      const row = rowSchema.safeParse(await this.state.getState(key)).data ?? null;
      this.#trusted.delete(key);
      if (row === null) return null;
      this.#trusted.set(key, { row, atMs: nowMs });
      for (const oldest of this.#trusted.keys()) {
        if (this.#trusted.size <= MOST_TRUSTED) break;
        this.#trusted.delete(oldest);
      }
      return row;
    } catch (error) {
      const known = this.#trusted.get(key);
      if (!isAway(error) || known === undefined || nowMs - known.atMs > TRUST_MS) throw error;
      return known.row;
    }
  }

  /** What the store does not take now is worked out anew at the next look. */
  async #write(key: string, row: SessionRow | null): Promise<void> {
    try {
      await this.state.putState({ [key]: row });
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }

  /** Ends a session at once. An unknown token changes nothing. */
  async close(token: string): Promise<void> {
    if (!isToken(token)) return;
    const key = sessionKey(token);
    this.#trusted.delete(key);
    if ((await this.state.getState(key)) != null) await this.state.putState({ [key]: null });
  }
}

/** 32 bytes in base64url. Anything else is not looked up. */
function isToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

function sessionKey(token: string): string {
  return `session/${createHash('sha256').update(token).digest('hex')}`;
}
