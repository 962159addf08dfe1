import 'server-only';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Cell, KeyedRow, KeyedTable, OnConflict, PackedDb } from '../packed/packed-db.ts';
import type { LinkAsk, LinkData, LinkReply } from './link.ts';
import { FencedError, PostgresError } from './postgres-errors.ts';

export interface PostgresDbOptions {
  url: string;
  /** Absolute path of the bundled link, `dist/postgres-link.mjs`. */
  linkPath: string;
  /** Number of the lease that writes are made under; null where no lease is kept. */
  fence: number | null;
  connectMs: number;
  queryMs: number;
}

/** What a statement takes by the protocol is less than twice this. */
const MOST_PARAMETERS = 30_000;
/** A transaction whose next statement does not come is ended: it holds what another instance may wait for. */
const IDLE_MS = 4_000;
/** No room or no rights for the moment, a lock that was not had, a statement that was ended, a server that only reads. */
const PASSES = /^(08|28|40|53|55P03|57|25006|25P03|58|3D000)/;

/**
 * One connection to PostgreSQL whose calls block, by a link in another thread. No prepared names, no session settings
 * and no locks outlast a transaction, so it works through a transaction pooler. Every call ends within its deadline.
 */
export class PostgresDb implements PackedDb {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  readonly #deadlineMs: number;
  readonly #queryMs: number;
  readonly #texts = new Map<string, string>();
  #fence: number | null;
  #asked = 0;
  #isInside = false;

  constructor({ url, linkPath, fence, connectMs, queryMs }: PostgresDbOptions) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#fence = fence;
    // A little longer than the link itself waits: its own words say more.
    this.#deadlineMs = connectMs + queryMs + 2_000;
    this.#queryMs = queryMs;
    const data: LinkData = { url, port: port2, signal: this.#signal, connectMs, queryMs };
    this.#worker = new Worker(/* turbopackIgnore: true */ linkPath, {
      workerData: data,
      transferList: [port2],
    });
    this.#worker.on('error', () => undefined);
    this.#worker.unref();
  }

  /** From now on every write is refused once another lease than this one holds. */
  fenceBy(token: number): void {
    this.#fence = token;
  }

  #ask(part: LinkAsk['part'], sql: string, bind: readonly unknown[] = []): unknown[][] {
    const id = ++this.#asked;
    const seen = Atomics.load(this.#signal, 0);
    this.#port.postMessage({ id, sql, bind, part } satisfies LinkAsk);
    const reply = this.#await(id, seen);
    if (reply === null) throw new PostgresError('LINK', 'the database gave no answer in time', true);
    if ('rows' in reply) return reply.rows;
    const { code, message, isLost } = reply.failure;
    throw new PostgresError(code, message, isLost || PASSES.test(code));
  }

  /** A statement where it belongs: in the transaction that is open, or else a read by itself. */
  #query(sql: string, bind: readonly unknown[]): unknown[][] {
    return this.#ask(this.#isInside ? 'inside' : 'read', sql, bind);
  }

  #await(id: number, before: number): LinkReply | null {
    const untilMs = performance.now() + this.#deadlineMs;
    for (let seen = before; ; seen = Atomics.load(this.#signal, 0)) {
      Atomics.wait(this.#signal, 0, seen, Math.max(1, untilMs - performance.now()));
      for (;;) {
        const reply = receiveMessageOnPort(this.#port)?.message as LinkReply | undefined;
        if (reply === undefined) break;
        // The answer to a call that was given up is nobody's any more.
        if (reply.id === id) return reply;
      }
      if (performance.now() >= untilMs) return null;
    }
  }

  rows<Row extends readonly Cell[]>(sql: string, ...bind: Cell[]): Row[] {
    return this.#query(this.#numbered(sql), bind) as unknown as Row[];
  }

  row<Row extends readonly Cell[]>(sql: string, ...bind: Cell[]): Row | undefined {
    return this.rows<Row>(sql, ...bind)[0];
  }

  run(sql: string, ...bind: Cell[]): void {
    this.#write(() => void this.#query(this.#numbered(sql), bind));
  }

  insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Cell[])[],
    on: OnConflict,
  ): void {
    if (rows.length === 0) return;
    const most = Math.floor(MOST_PARAMETERS / columns.length);
    const conflict = on === 'keep' ? ' ON CONFLICT DO NOTHING' : '';
    this.#write(() => {
      for (let from = 0; from < rows.length; from += most) {
        const some = rows.slice(from, from + most);
        let place = 0;
        const tuples = some.map((row) => `(${row.map(() => `$${++place}`).join(',')})`).join(',');
        this.#query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${tuples}${conflict}`, some.flat());
      }
    });
  }

  put(table: KeyedTable, rows: readonly KeyedRow[]): void {
    if (rows.length === 0) return;
    // Of two rows of one key the last one counts; a statement may not write a row twice.
    const last = new Map(rows);
    const sql =
      `INSERT INTO ${table} (key, data) SELECT * FROM unnest($1::bigint[], $2::bytea[]) ` +
      'ON CONFLICT (key) DO UPDATE SET data = excluded.data';
    this.#write(() => void this.#query(sql, [[...last.keys()], [...last.values()].map(hex)]));
  }

  byKeys(table: KeyedTable, keys: readonly number[]): ReadonlyMap<number, Uint8Array> {
    if (keys.length === 0) return new Map();
    const sql = `SELECT key, data FROM ${table} WHERE key = ANY($1::bigint[])`;
    return new Map(this.#query(sql, [keys]) as unknown as KeyedRow[]);
  }

  byRanges(
    table: KeyedTable,
    ranges: readonly (readonly [lo: number, hi: number])[],
  ): readonly (readonly KeyedRow[])[] {
    const found = ranges.map((): KeyedRow[] => []);
    if (ranges.length === 0) return found;
    const sql =
      'SELECT w.place, r.key, r.data FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS w(lo, hi, place) ' +
      `JOIN ${table} r ON r.key BETWEEN w.lo AND w.hi ORDER BY w.place, r.key`;
    const rows = this.#query(sql, [ranges.map(([lo]) => lo), ranges.map(([, hi]) => hi)]);
    for (const [place, key, data] of rows as [number, number, Uint8Array][])
      found[place - 1]?.push([key, data]);
    return found;
  }

  deleteKeys(table: KeyedTable, keys: readonly number[]): void {
    if (keys.length === 0) return;
    this.#write(() => void this.#query(`DELETE FROM ${table} WHERE key = ANY($1::bigint[])`, [keys]));
  }

  saveSeries(rows: readonly (readonly [id: number, saved: Uint8Array])[]): void {
    if (rows.length === 0) return;
    const sql =
      'UPDATE series SET saved = w.saved FROM unnest($1::bigint[], $2::bytea[]) AS w(id, saved) WHERE series.id = w.id';
    this.#write(() => void this.#query(sql, [rows.map(([id]) => id), rows.map(([, saved]) => hex(saved))]));
  }

  transaction(work: () => void): void {
    this.#within('BEGIN', this.#fence, work);
  }

  tellReplaced(): void {
    // A lease of another number is how those who follow know that what they hold is no more; and it is free at once.
    this.run(`UPDATE lease SET token = token + 1, until = to_timestamp(0) WHERE name = 'leader'`);
  }

  snapshot<T>(work: () => T): T {
    // The one that leads is the only writer, and does so between two calls of this thread.
    if (this.#fence !== null) return work();
    return this.#within('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', null, work);
  }

  #within<T>(begin: string, fence: number | null, work: () => T): T {
    const found = this.#ask('begin', this.#opening(begin, fence));
    this.#isInside = true;
    try {
      if (fence !== null && found.length === 0) throw new FencedError();
      const result = work();
      this.#ask('end', 'COMMIT');
      return result;
    } catch (error) {
      this.#rollback();
      throw error;
    } finally {
      this.#isInside = false;
    }
  }

  /**
   * In one trip: deadlines that hold in the database too, and the lease, held until the transaction ends. Who takes it
   * over waits for that, and finds everything written or nothing.
   */
  #opening(begin: string, fence: number | null): string {
    const deadlines =
      `SET LOCAL statement_timeout = ${this.#queryMs}; ` +
      `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MS}`;
    if (fence === null) return `${begin}; ${deadlines}`;
    const held = `SELECT token FROM lease WHERE name = 'leader' AND token = ${Math.trunc(fence)} FOR SHARE`;
    return `${begin}; ${deadlines}; ${held}`;
  }

  #rollback(): void {
    try {
      this.#ask('end', 'ROLLBACK');
    } catch {
      // The connection is gone, and the transaction with it; the first error is the one to tell.
    }
  }

  #write(work: () => void): void {
    if (this.#isInside) work();
    else this.transaction(work);
  }

  sizeBytes(): number {
    return this.row<[number]>('SELECT pg_database_size(current_database())')?.[0] ?? 0;
  }

  close(): void {
    try {
      this.#ask('close', '');
    } catch {
      // A database that does not answer will notice by itself.
    }
    this.#port.close();
    void this.#worker.terminate();
  }

  /** `?` as PostgreSQL counts them. None of our texts holds a question mark of its own. */
  #numbered(sql: string): string {
    const known = this.#texts.get(sql);
    if (known !== undefined) return known;
    let place = 0;
    const numbered = sql.replaceAll('?', () => `$${++place}`);
    this.#texts.set(sql, numbered);
    return numbered;
  }
}

/** Bytes within an array parameter, which goes as text. */
function hex(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}
