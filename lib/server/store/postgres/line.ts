import 'server-only';
import type { Socket } from 'node:net';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import { type Connection, openConnection, type Statement, send } from './connection.ts';
import { codeOf, isRefusal, LineError, lineError, noAnswer, TIMED_OUT } from './line-error.ts';
import type { LinkAsk } from './link.ts';

/** While the database is away it is looked for so often. */
const PROBE_MS = SECOND_MS;
/** An answer that takes longer makes us look whether the database is there at all. */
const SUSPECT_MS = 2 * SECOND_MS;

export interface LineOptions {
  url: string;
  connectMs: number;
  queryMs: number;
}

/**
 * One connection to PostgreSQL. Once the database can't be reached every call fails at once with the same words, until
 * a look every second finds it again.
 */
export class Line {
  readonly #options: LineOptions;
  #connection: Connection | null = null;
  /** The connection that a transaction is open on; null outside of one. */
  #transaction: Connection | null = null;
  #away: LineError | null = null;
  #probe: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Rows of the answer. Rejects with `LineError`. */
  async ask({ sql, bind, part }: Omit<LinkAsk, 'id'>): Promise<unknown[][]> {
    switch (part) {
      case 'close':
        this.#close();
        return [];
      case 'begin':
        return this.#onAny(async (connection) => {
          const rows = await this.#begin(connection, sql);
          this.#transaction = connection;
          return rows;
        });
      case 'inside':
        return this.#onTransaction((connection) => this.#run(connection, [{ sql, bind }]));
      case 'end':
        return this.#onTransaction(async (connection) => {
          this.#transaction = null;
          return this.#run(connection, [{ sql, bind }], sql);
        });
      case 'read':
        // One flight there and one back: the deadline holds in the database too, and leaves nothing behind.
        return this.#onAny((connection) => this.#run(connection, [this.#opening(), { sql, bind }, COMMIT]));
    }
    return part satisfies never;
  }

  async #begin(connection: Connection, sql: string): Promise<unknown[][]> {
    try {
      return await this.#run(connection, [{ sql, bind: [] }]);
    } catch (error) {
      // It may have begun before it was refused.
      if (error instanceof LineError && !error.isLost)
        await this.#run(connection, [{ sql: 'ROLLBACK', bind: [] }]);
      throw error;
    }
  }

  #opening(): Statement {
    return { sql: `BEGIN READ ONLY; SET LOCAL statement_timeout = ${this.#options.queryMs}`, bind: [] };
  }

  /** What is lost with one connection may be had of another one: firewalls and poolers cut idle ones without a word. */
  async #onAny(work: (connection: Connection) => Promise<unknown[][]>): Promise<unknown[][]> {
    if (this.#away !== null) throw this.#away;
    for (let isFirst = true; ; isFirst = false) {
      const connection = this.#connection ?? (await this.#connect());
      const mayBeStale = connection.isProven && isFirst;
      try {
        return await work(connection);
      } catch (error) {
        if (!(error instanceof LineError) || !error.isLost) throw error;
        if (error.code !== TIMED_OUT && mayBeStale) continue;
        throw this.#lose(error);
      }
    }
  }

  /** A transaction goes on where it began, or not at all: on another connection its rest would stand alone. */
  async #onTransaction(work: (connection: Connection) => Promise<unknown[][]>): Promise<unknown[][]> {
    const connection = this.#transaction;
    if (connection === null || connection !== this.#connection) {
      this.#transaction = null;
      throw new LineError('CONNECTION', 'the connection was lost in the middle of a transaction', true);
    }
    try {
      return await work(connection);
    } catch (error) {
      if (error instanceof LineError && error.code === TIMED_OUT) throw this.#lose(error);
      throw error;
    }
  }

  /** Runs statements in one flight and gives the rows of the one that is bound or alone. */
  async #run(
    connection: Connection,
    statements: readonly Statement[],
    wanted?: string,
  ): Promise<unknown[][]> {
    let isLate = false;
    let isOver = false;
    const beganMs = performance.now();
    const giveUp = () => {
      if (isOver) return;
      isLate = true;
      connection.socket.destroy();
    };
    const late = setTimeout(giveUp, this.#options.queryMs);
    const suspect = setTimeout(() => void this.#isThere().then((yes) => yes || giveUp()), SUSPECT_MS);
    try {
      const answers = await send(connection, statements);
      connection.isProven = true;
      const asked = answers[statements.length === 1 ? 0 : 1];
      // A transaction that an error has ended answers a COMMIT with ROLLBACK.
      if (wanted === 'COMMIT' && asked?.command !== 'COMMIT')
        throw new LineError('25P02', 'the transaction had failed; nothing of it was kept', false);
      return asked?.rows ?? [];
    } catch (error) {
      const told = isLate ? noAnswer(performance.now() - beganMs) : lineError(error, 'answering');
      if (told.isLost) this.#drop(connection);
      throw told;
    } finally {
      isOver = true;
      clearTimeout(late);
      clearTimeout(suspect);
    }
  }

  async #connect(): Promise<Connection> {
    try {
      this.#connection = await this.#dial();
      return this.#connection;
    } catch (error) {
      throw this.#lose(lineError(error, 'connecting'));
    }
  }

  /** Asks over a connection of its own: a long statement is no dead database. */
  async #isThere(): Promise<boolean> {
    const { connectMs } = this.#options;
    let socket: Socket | null = null;
    let late: NodeJS.Timeout | undefined;
    try {
      const connection = await this.#dial();
      socket = connection.socket;
      // A pooler lets us in by itself: only an answer is the database's.
      late = setTimeout(() => connection.socket.destroy(), connectMs);
      await connection.client.query('SELECT 1');
      return true;
    } catch (error) {
      // No room for one more connection is an answer too.
      return isRefusal(codeOf(error));
    } finally {
      clearTimeout(late);
      socket?.destroy();
    }
  }

  #dial(): Promise<Connection> {
    return openConnection(this.#options, (gone) => this.#drop(gone));
  }

  #drop(connection: Connection): void {
    if (this.#connection === connection) this.#connection = null;
    connection.socket.destroy();
  }

  /** From now on calls fail at once, until it is found again. */
  #lose(error: LineError): LineError {
    this.#away = error;
    this.#look(0);
    return error;
  }

  #look(afterMs: number): void {
    if (this.#isClosed || this.#probe !== null) return;
    this.#probe = setTimeout(() => void this.#find(), afterMs);
  }

  async #find(): Promise<void> {
    try {
      const connection = await this.#dial();
      await this.#run(connection, [{ sql: 'SELECT 1', bind: [] }]);
      this.#connection = connection;
      this.#away = null;
      this.#probe = null;
      if (this.#isClosed) this.#close();
    } catch (error) {
      // The latest words: a database that refused may be starting by now.
      this.#away = lineError(error, 'connecting');
      this.#probe = null;
      this.#look(PROBE_MS);
    }
  }

  #close(): void {
    this.#isClosed = true;
    if (this.#probe !== null) clearTimeout(this.#probe);
    void this.#connection?.client.end().catch(() => undefined);
    this.#connection = null;
  }
}

const COMMIT: Statement = { sql: 'COMMIT', bind: [] };
