import 'server-only';
import pg from 'pg';
import type { z } from 'zod';
import { type CountAct, ScrapeError } from '@/lib/server/collectors/collector.ts';
import type { PostgresTarget } from '@/lib/server/config/types.ts';
import type { Stage } from '../link-fault.ts';
import { raceAbort } from '../race-abort.ts';
import { toScrapeError } from './errors.ts';
import { FrameCheck } from './frames.ts';

/** Our answers are some tens of KB; far more must not fill our memory. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** A farewell may take this long before the socket is destroyed. */
const FAREWELL_MS = 500;

/** Startup parameters that a transaction pooler refuses; deadlines are ours to hold. */
const REFUSED_BY_POOLERS = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'query_timeout',
  'replication',
];

/** What the driver may be given, and as whom. */
export interface PostgresAddress {
  /** For the driver: the url without parameters that poolers refuse. */
  connectionString: string;
  host: string;
  user: string;
  database: string;
  password: string;
}

/** Takes a `postgres://` or `postgresql://` address apart; null when it is none. */
export function parsePostgresUrl(url: string): PostgresAddress | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:')) return null;
  for (const name of REFUSED_BY_POOLERS) parsed.searchParams.delete(name);
  // The driver checks the certificate for each of these alike and prints a warning about it.
  const mode = parsed.searchParams.get('sslmode');
  if (mode === 'prefer' || mode === 'require' || mode === 'verify-ca') {
    if (!parsed.searchParams.has('uselibpqcompat')) parsed.searchParams.set('sslmode', 'verify-full');
  }
  try {
    const user = decodeURIComponent(parsed.username);
    return {
      connectionString: parsed.href,
      host: parsed.hostname,
      user,
      database: decodeURIComponent(parsed.pathname.slice(1)) || user,
      password: decodeURIComponent(parsed.password),
    };
  } catch {
    // A stray % in a password: the address cannot be read.
    return null;
  }
}

/**
 * One connection to one Postgres, fit for a pooler in transaction mode: simple queries, nothing kept in the session.
 * It never reconnects: when it fails it is dead, its socket is destroyed and nothing stays pending.
 */
export class PostgresLink {
  readonly #client: pg.Client;
  readonly #target: PostgresTarget;
  readonly #address: PostgresAddress;
  readonly #count: CountAct;
  readonly #seconds: Record<Stage, number>;
  /** The socket's own reason: the driver often rejects with "Connection terminated". */
  #reason: unknown = null;
  #receivedBytes = 0;
  #alive = true;

  private constructor(
    target: PostgresTarget,
    address: PostgresAddress,
    timeoutSeconds: number,
    count: CountAct,
  ) {
    this.#target = target;
    this.#address = address;
    this.#count = count;
    // A cold start may take most of a visit, a statement of ours must not.
    this.#seconds = { connect: timeoutSeconds * 0.8, answer: timeoutSeconds * 0.4 };
    this.#client = new pg.Client({
      connectionString: address.connectionString,
      application_name: 'afterwatch',
      connectionTimeoutMillis: this.#seconds.connect * 1000,
      // Held by us, so it holds on a silent socket too; a statement_timeout would be the server's.
      query_timeout: this.#seconds.answer * 1000,
      keepAlive: true,
    });
    // Without a listener a reset of the idle connection would end the process.
    this.#client.on('error', (error) => {
      this.#reason ??= error;
      this.#alive = false;
    });
    this.#client.on('end', () => {
      this.#alive = false;
    });
  }

  /** Connects and logs in. Throws `ScrapeError`. */
  static async open(
    target: PostgresTarget,
    address: PostgresAddress,
    timeoutSeconds: number,
    count: CountAct,
    signal: AbortSignal,
  ): Promise<PostgresLink> {
    let link: PostgresLink;
    try {
      link = new PostgresLink(target, address, timeoutSeconds, count);
    } catch (cause) {
      // The driver reads certificate files at once.
      throw new ScrapeError(
        'internal',
        `postgres: ${target.name} has a url that the driver cannot use; check its port and the files of sslrootcert, sslcert and sslkey`,
        { cause },
      );
    }
    await link.#run('connect', signal, async () => {
      count('connect');
      const connected = link.#client.connect();
      link.#guard();
      await connected;
    });
    return link;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Rows of one statement, each of the given shape. Throws `ScrapeError`; the connection is dead then, unless the
   * server itself refused the statement (`cause` holds its code).
   */
  async query<T>(text: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T[]> {
    const { rows } = await this.#run('answer', signal, () => {
      this.#receivedBytes = 0;
      this.#count('query');
      return this.#client.query<Record<string, unknown>>(text);
    });
    return rows.map((row) => {
      const parsed = schema.safeParse(row);
      if (parsed.success) return parsed.data;
      const column = parsed.error.issues[0]?.path.join('.') ?? '';
      throw new ScrapeError(
        'parse',
        `postgres: ${this.#target.name} answered without a usable ${column === '' ? 'row' : `column ${column}`}; check what lies between us and Postgres: something rewrites queries`,
      );
    });
  }

  /** Says farewell if the server listens, and leaves no socket behind. */
  async close(): Promise<void> {
    if (!this.#alive) return this.destroy();
    this.#alive = false;
    let timer: NodeJS.Timeout | null = null;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FAREWELL_MS);
    });
    await Promise.race([this.#client.end().catch(() => undefined), patience]);
    if (timer !== null) clearTimeout(timer);
    this.destroy();
  }

  destroy(): void {
    this.#alive = false;
    this.#client.connection.stream.destroy();
  }

  /**
   * The driver parses inside the socket's event: a malformed answer would throw there and end the process, or hold it
   * for ever. So its listener is wrapped, and the same place counts what comes in. With TLS once the inner stream is
   * there.
   */
  #guard(): void {
    const { connection } = this.#client;
    const wrap = (): void => {
      const { stream } = connection;
      const frames = new FrameCheck(MAX_ANSWER_BYTES);
      for (const listener of stream.listeners('data')) {
        const guarded = (chunk: Buffer): void => {
          this.#receivedBytes += chunk.length;
          try {
            if (this.#receivedBytes > MAX_ANSWER_BYTES) throw new Error('answer too long');
            frames.feed(chunk);
            Reflect.apply(listener, stream, [chunk]);
          } catch (cause) {
            stream.destroy(new Error('malformed answer', { cause }));
          }
        };
        stream.on('data', guarded);
        stream.off('data', listener as (chunk: Buffer) => void);
      }
    };
    if (this.#client.ssl) connection.once('sslconnect', wrap);
    else wrap();
  }

  /** Runs one step; on a failure of the connection or at the abort it is destroyed and a named error thrown. */
  async #run<T>(stage: Stage, signal: AbortSignal, step: () => Promise<T>): Promise<T> {
    try {
      return await raceAbort(signal, step);
    } catch (error) {
      const isRefusal = stage === 'answer' && error instanceof pg.DatabaseError && this.#alive;
      if (!isRefusal) this.destroy();
      throw toScrapeError(
        { name: this.#target.name, address: this.#target.address, login: this.#address },
        { stage, seconds: this.#seconds[stage], aborted: signal.aborted },
        [error, this.#reason],
      );
    }
  }
}
