import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { type PostgresPeer, startPostgres } from '../../test/peers.ts';
import type { Place } from './places.ts';

export const ENGINES = ['sqlite', 'postgres'] as const;
export type EngineName = (typeof ENGINES)[number];
export const ENGINE_WORDS: Record<EngineName, string> = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/** Bytes on the disk. */
export interface Weight {
  /** Files or relations as they lie, freed pages included. */
  lying: number;
  /** The same without freed pages. */
  compact: number;
  samples: number;
  blocks: number;
  visits: number;
}

/** A place for one measured store, and what only its owner can do there. */
export interface Engine {
  readonly name: EngineName;
  readonly place: Place;
  /** After a killed process: the next one may open the store at once. */
  free(): void;
  /** Only while nobody has it open. */
  weigh(): Weight;
  stop(): Promise<void>;
}

/** A new and empty place. PostgreSQL runs as it would for a team: every commit reaches the disk. */
export function startEngine(name: EngineName): Promise<Engine> {
  switch (name) {
    case 'sqlite':
      return Promise.resolve(startSqlite());
    case 'postgres':
      return startServer();
    default:
      return name satisfies never;
  }
}

function startSqlite(): Engine {
  const dir = mkdtempSync(join(tmpdir(), 'afterwatch-bench-'));
  return {
    name: 'sqlite',
    place: { engine: 'sqlite', dir },
    free: () => undefined,
    weigh: () => weighFile(join(dir, 'afterwatch.db')),
    stop: async () => rmSync(dir, { recursive: true, force: true }),
  };
}

function weighFile(file: string): Weight {
  const db = new Database(file);
  const copy = `${file}.copy`;
  const bytes = (table: string): number => {
    const row = db.prepare(`SELECT coalesce(sum(length(data)), 0) FROM ${table}`).raw().get();
    return Number((row as number[])[0]);
  };
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.exec(`VACUUM INTO '${copy}'`);
    return {
      lying: bytesUnder(file),
      compact: bytesUnder(copy),
      samples: bytes('chunk'),
      blocks: bytes('block') + bytes('recent') + bytes('hourly'),
      visits: bytes('visits'),
    };
  } finally {
    db.close();
    rmSync(copy, { force: true });
  }
}

async function startServer(): Promise<Engine> {
  const server = await startPostgres({ statements: false, settings: { fsync: 'on' } });
  if (server.psql('SHOW fsync') !== 'on') throw new Error('bench: this PostgreSQL runs without fsync');
  return {
    name: 'postgres',
    place: { engine: 'postgres', url: server.url },
    // Its lease would run out by itself after ten seconds.
    free: () => void server.psql(`UPDATE lease SET until = to_timestamp(0)`),
    weigh: () => weighTables(server),
    stop: () => server.stop(),
  };
}

const TABLES = ['target', 'series', 'scrape', 'state', 'visits', 'chunk', 'recent', 'block', 'hourly'];

function weighTables(server: PostgresPeer): Weight {
  const total = () =>
    Number(server.psql(`SELECT ${TABLES.map((t) => `pg_total_relation_size('${t}')`).join(' + ')}`));
  const bytes = (...tables: string[]) =>
    tables.reduce(
      (sum, table) => sum + Number(server.psql(`SELECT coalesce(sum(octet_length(data)), 0) FROM ${table}`)),
      0,
    );
  server.psql('VACUUM');
  const lying = total();
  const parts = {
    samples: bytes('chunk'),
    blocks: bytes('block', 'recent', 'hourly'),
    visits: bytes('visits'),
  };
  server.psql('VACUUM FULL');
  return { ...parts, lying, compact: total() };
}

/** Bytes of a file, or of all files in a folder; 0 where there is none. */
export function bytesUnder(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesUnder(join(path, name)), 0);
}
