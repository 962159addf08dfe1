import 'server-only';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import { NewerSchemaError } from '../packed/newer-schema.ts';
import { SCHEMA_VERSION } from '../packed/schema-version.ts';
import { openError } from './open-errors.ts';
import { LEASE_TABLE } from './schema.ts';

/** A leader that was not heard of for so long is taken for dead, by the database's own clock. */
const LIFE_MS = 10 * SECOND_MS;
const RENEW_MS = 3 * SECOND_MS;
const QUERY_MS = 3 * SECOND_MS;

/** An instance as the others see it. */
export interface Self {
  /** For people: host and process. */
  holder: string;
  /** Where the other instances reach it, such as `http://10.0.0.7:3000`. */
  address: string;
}

/** Whoever leads, or led last. */
export interface Leader extends Self {
  token: number;
  /** What another instance shows when it passes something on. Known to those who can read the database. */
  secret: string;
  /** False once it was silent for too long. */
  isLive: boolean;
}

/** Where instances see who leads, and take over. */
export class LeaseBoard {
  private constructor(private readonly pool: pg.Pool) {}

  /** Makes the table where there is none. Rejects with one clear sentence when the database cannot be used. */
  static async open(url: string): Promise<LeaseBoard> {
    const pool = new pg.Pool({
      connectionString: url,
      max: 2,
      connectionTimeoutMillis: QUERY_MS,
      query_timeout: QUERY_MS + SECOND_MS,
      application_name: 'afterwatch lease',
    });
    // An idle connection that is cut off is made anew at the next look.
    pool.on('error', () => undefined);
    try {
      await checkVersion(pool);
      await pool.query(LEASE_TABLE);
      return new LeaseBoard(pool);
    } catch (error) {
      await pool.end();
      throw openError(url, error);
    }
  }

  /** The right to write, where nobody has it or its holder was silent for too long; null else. */
  async take(self: Self): Promise<Lease | null> {
    const secret = randomBytes(24).toString('base64url');
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      // What is given up here must not be done later all the same.
      await client.query(`SELECT set_config('statement_timeout', $1, true)`, [String(QUERY_MS)]);
      // A newer program may have led since.
      await checkVersion(client);
      const { rows } = await client.query<{ token: string }>(
        `INSERT INTO lease (name, token, holder, address, secret, until)
         VALUES ('leader', 1, $1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
         ON CONFLICT (name) DO UPDATE SET token = lease.token + 1, holder = excluded.holder,
           address = excluded.address, secret = excluded.secret, until = excluded.until
         WHERE lease.until < clock_timestamp()
         RETURNING token`,
        [self.holder, self.address, secret, LIFE_MS],
      );
      await client.query('COMMIT');
      client.release();
      return rows[0] === undefined ? null : new Lease(this.pool, Number(rows[0].token), secret);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Whoever leads, or led last; null before anybody did. */
  async leader(): Promise<Leader | null> {
    const { rows } = await this.pool.query<Omit<Leader, 'token'> & { token: string }>(
      `SELECT token, holder, address, secret, until >= clock_timestamp() AS "isLive" FROM lease WHERE name = 'leader'`,
    );
    return rows[0] === undefined ? null : { ...rows[0], token: Number(rows[0].token) };
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

/** A newer program's data are left alone, its lease too. */
async function checkVersion(pool: pg.Pool | pg.PoolClient): Promise<void> {
  const known = await pool.query<{ name: string | null }>(`SELECT to_regclass('layout')::text AS name`);
  if ((known.rows[0]?.name ?? null) === null) return;
  const { rows } = await pool.query<{ found: number | null }>('SELECT max(version) AS found FROM layout');
  const found = rows[0]?.found ?? 0;
  if (found > SCHEMA_VERSION) throw new NewerSchemaError(found, SCHEMA_VERSION);
}

/**
 * The right to write, held by one instance at a time. Its number rises with every change of hands, and every write is
 * made under it: what a leader that was taken for dead still sends is refused (`FencedError`).
 */
export class Lease {
  #timer: NodeJS.Timeout | null;
  #lost: (() => void) | null = null;

  constructor(
    private readonly pool: pg.Pool,
    readonly token: number,
    readonly secret: string,
  ) {
    this.#timer = setInterval(() => void this.#renew(), RENEW_MS);
    this.#timer.unref();
  }

  async #renew(): Promise<void> {
    try {
      const { rowCount } = await this.pool.query(
        `UPDATE lease SET until = clock_timestamp() + $2 * interval '1 millisecond' WHERE name = 'leader' AND token = $1`,
        [this.token, LIFE_MS],
      );
      if (rowCount === 0) this.lose();
    } catch {
      // While the database is away nobody else can take the lease either; the next look tells.
    }
  }

  /** Has `told` called once another instance has taken over. */
  onLost(told: () => void): void {
    this.#lost = told;
  }

  /** Ends it: another instance was seen to lead. */
  lose(): void {
    this.#end();
    this.#lost?.();
    this.#lost = null;
  }

  /** Lets the next one have it at once. */
  async release(): Promise<void> {
    if (this.#timer === null) return;
    this.#end();
    try {
      await this.pool.query(`UPDATE lease SET until = to_timestamp(0) WHERE name = 'leader' AND token = $1`, [
        this.token,
      ]);
    } catch {
      // It ends by itself.
    }
  }

  #end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
