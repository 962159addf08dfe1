import 'server-only';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import {
  type FrozenCopy,
  type MadeShare,
  type OpenedShare,
  SHARE_DAYS,
  type ShareLine,
  type SharePreview,
  type ShareSubject,
  type ShareSwitches,
} from '@/lib/core/model/share.ts';
import { frozenCopySchema } from '@/lib/core/shares/copy-schema.ts';
import { isTokenText } from '@/lib/core/shares/share-path.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import type { StateStore } from '../auth/state-store.ts';
import { KnownError } from '../http/guards.ts';
import type { ShareDoor, ShareStanding } from '../http/share-standing.ts';
import { CopyCache } from './copy-cache.ts';
import { Previews } from './previews.ts';
import { endedMs, hashOfToken, isOf, lineOf, type ShareRow, shareRowSchema } from './share-rows.ts';
import { ShareViews } from './share-views.ts';
import { sweepShares } from './sweep-shares.ts';

const KEY = 'shares/index';
const TOKEN_BYTES = 32;
/** As JSON. */
const MOST_BYTES = 1024 * 1024;
const TITLE_CHARS = 200;

export interface ShareBookDeps {
  store: StateStore;
  wallMs: () => number;
  /** Freezes a copy of a subject, ready to leave. */
  freeze: (subject: ShareSubject, switches: ShareSwitches) => Promise<FrozenCopy>;
  /** The address that this server is known by. */
  origin: () => string;
  onFault: (message: string, error: unknown) => void;
}

/**
 * Every link that was made: kept by the SHA-256 of its token, its frozen copy in a row of its own. One a process, so
 * what is in memory counts: a revoked link is dead from the next request on. Nothing is told before it is durable.
 */
export class ShareBook implements ShareDoor {
  #byHash: ReadonlyMap<string, ShareRow> = new Map();
  #last: Promise<unknown> = Promise.resolve();
  readonly #copies: CopyCache;
  readonly #previews: Previews;
  readonly #views: ShareViews;

  private constructor(private readonly deps: ShareBookDeps) {
    this.#copies = new CopyCache(async (id) => {
      const kept = await deps.store.getState(copyKey(id));
      const parsed = frozenCopySchema.safeParse(kept);
      if (!parsed.success)
        throw new Error(
          'afterwatch: a frozen copy in the store cannot be read; was it written by a newer version?',
        );
      return parsed.data;
    });
    this.#previews = new Previews(deps.wallMs);
    this.#views = new ShareViews(deps.store, deps.onFault);
  }

  /** Reads what there is. Rejects when the store does not answer or holds what no version of ours wrote. */
  static async open(deps: ShareBookDeps): Promise<ShareBook> {
    const parsed = z.array(shareRowSchema).safeParse((await deps.store.getState(KEY)) ?? []);
    if (!parsed.success)
      throw new Error(
        'afterwatch: the shares in the store cannot be read; was it written by a newer version?',
      );
    const book = new ShareBook(deps);
    book.#set(parsed.data);
    await book.#views.load();
    const { rows, deleted } = sweepShares(parsed.data, deps.wallMs(), 0);
    if (deleted.length > 0) await book.#write(rows, without(deleted));
    return book;
  }

  /** Freezes a copy and keeps it in memory only, for a person to look at. */
  async preview(subject: ShareSubject, switches: ShareSwitches): Promise<SharePreview> {
    const copy = await this.deps.freeze(subject, switches);
    const bytes = Buffer.byteLength(JSON.stringify(copy));
    if (bytes > MOST_BYTES)
      throw new KnownError(
        'bad_input',
        'That is more than 1 MB, and no link holds more: share a shorter time.',
      );
    return { previewId: this.#previews.keep({ subject, copy }), copy };
  }

  /**
   * Makes a link to the very copy that was looked at; durable when resolved. Throws `KnownError` when that copy is not
   * there any more, or there are too many links.
   */
  make(
    previewId: string,
    { days, by }: { days: number; by: string },
  ): Promise<MadeShare & { subject: ShareSubject }> {
    return this.#inTurn(async () => {
      const seen = this.#previews.get(previewId);
      if (seen === null)
        throw new KnownError(
          'not_found',
          'What you looked at is more than 15 minutes old: look at it again.',
        );
      if (!Number.isInteger(days) || days < 1 || days > SHARE_DAYS.most)
        throw new KnownError('bad_input', `A link lasts 1 to ${SHARE_DAYS.most} days.`);
      const nowMs = this.deps.wallMs();
      const swept = sweepShares([...this.#byHash.values()], nowMs, 1);
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const { subject, copy } = seen;
      const row: ShareRow = {
        id: randomBytes(9).toString('base64url'),
        hash: hashOfToken(token),
        kind: copy.kind,
        subject,
        title: copy.title.slice(0, TITLE_CHARS),
        madeMs: nowMs,
        madeBy: by,
        expiresMs: nowMs + days * DAY_MS,
        revoked: null,
        hasCopy: true,
      };
      await this.#write([...swept.rows, row], { ...without(swept.deleted), [copyKey(row.id)]: copy });
      const path = `/s/${token}`;
      return {
        id: row.id,
        token,
        path,
        url: `${this.deps.origin()}${path}`,
        line: lineOf(row, undefined),
        subject,
      };
    });
  }

  /** Newest first; of one subject, or of all for null. */
  list(subject: ShareSubject | null): readonly ShareLine[] {
    return [...this.#byHash.values()]
      .filter((row) => subject === null || isOf(row, subject))
      .map((row) => lineOf(row, this.#views.of(row.id)))
      .reverse();
  }

  /** Ends a link at once, also when writing that down fails (which rejects). Throws `KnownError` for no such id. */
  revoke(id: string, by: string): Promise<{ id: string }> {
    return this.#inTurn(async () => {
      const row = [...this.#byHash.values()].find((one) => one.id === id);
      if (row === undefined) throw new KnownError('not_found', 'There is no link of that id.');
      if (row.revoked !== null) return { id };
      const revoked = { ...row, revoked: { atMs: this.deps.wallMs(), by } };
      const rows = [...this.#byHash.values()].map((one) => (one.id === id ? revoked : one));
      this.#set(rows);
      await this.#write(rows, {});
      return { id };
    });
  }

  /** How a link stands; from memory, for any text. */
  standing(token: string): ShareStanding {
    const row = this.#find(token);
    if (row === null) return 'nothing';
    return endedMs(row, this.deps.wallMs()) === null ? 'live' : 'gone';
  }

  /** Counts a look at a live link, in memory. */
  count(token: string): void {
    const row = this.#find(token);
    const nowMs = this.deps.wallMs();
    if (row !== null && endedMs(row, nowMs) === null) this.#views.count(row.id, nowMs);
  }

  /** What a link leads to. Counts nothing; many who open one link read the store once. */
  async open(token: string): Promise<OpenedShare> {
    const row = this.#find(token);
    if (row === null) return { found: 'nothing' };
    if (endedMs(row, this.deps.wallMs()) !== null) return { found: 'gone' };
    const copy = await this.#copies.read(row.id);
    return { found: 'copy', id: row.id, rev: 1, copy, expiresMs: row.expiresMs };
  }

  /** Writes the counts that are still in memory. */
  stop(): Promise<void> {
    return this.#views.stop();
  }

  #find(token: string): ShareRow | null {
    if (!isTokenText(token)) return null;
    const hash = hashOfToken(token);
    // A lookup by hash tells by its time nothing of the token; the comparison is for whoever changes the lookup.
    const row = this.#byHash.get(hash);
    if (row === undefined || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null;
    return row;
  }

  async #write(
    rows: readonly ShareRow[],
    copies: Readonly<Record<string, FrozenCopy | null>>,
  ): Promise<void> {
    await this.deps.store.putState({ [KEY]: rows, ...copies });
    this.#set(rows);
    this.#views.keepOnly(new Set(rows.map(({ id }) => id)));
  }

  #set(rows: readonly ShareRow[]): void {
    this.#byHash = new Map(rows.map((row) => [row.hash, row]));
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#last.then(run, run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

/** The copies of these shares as rows of the store that are to go. */
function without(ids: readonly string[]): Record<string, null> {
  return Object.fromEntries(ids.map((id) => [copyKey(id), null]));
}

function copyKey(id: string): string {
  return `shares/copy/${id}`;
}
