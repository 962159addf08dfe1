import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'libsql';
import { unsealText } from '../codec/sealed.ts';
import { blob, Connection, readSeriesName, text, writeSeriesName } from './database.ts';
import { writeHistory } from './history.ts';
import { foldDays, packHours } from './packer.ts';
import type {
  CallName,
  Calls,
  Failure,
  Opened,
  Reply,
  Request,
  SeriesRow,
  Slice,
  TargetRow,
} from './protocol.ts';
import { PackedReader } from './reader.ts';
import { expire } from './retention.ts';
import { migrate } from './schema.ts';

// The only file that knows the driver. One connection, in a thread of its own: a query or a slow disk never stops
// the server. Bundled to `dist/store-worker.mjs`.

/** Past this size the check of the whole file would hold the start up; its pages are then checked as they are read. */
const CHECKED_BYTES = 64 * 1024 * 1024;
const REPLAY_ROWS = 500;

type Handlers = {
  [K in CallName]: (ask: Calls[K]['ask']) => Calls[K]['answer'] | Promise<Calls[K]['answer']>;
};

function open(file: string): Connection {
  const db = new Database(file);
  try {
    // Day rows of one or two kilobytes leave less room unused than on pages of 4 KB. Holds for a new file only.
    db.exec('PRAGMA page_size = 8192');
    // One process owns the file: the kernel drops this lock when the process dies, whatever the lock file says.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA busy_timeout = 0');
    db.exec('PRAGMA journal_mode = WAL');
    // Acknowledged means on the disk, also when the power goes.
    db.exec('PRAGMA synchronous = FULL');
    check(db);
    migrate(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return new Connection(db);
}

function check(db: Database.Database): void {
  const [pages] = db.prepare('PRAGMA page_count').raw().get() as [number];
  const [size] = db.prepare('PRAGMA page_size').raw().get() as [number];
  if (pages * size > CHECKED_BYTES) return;
  const [verdict] = db.prepare('PRAGMA quick_check(1)').raw().get() as [string];
  if (verdict !== 'ok') throw Object.assign(new Error(verdict), { code: 'SQLITE_CORRUPT' });
}

function handlers(db: Connection): Handlers {
  const reader = new PackedReader(db);
  const pause = async () => {
    await nextTurn();
  };
  const changed = (key: number) => reader.forgetDay(key);
  return {
    load: () => ({ targets: loadTargets(db), series: loadSeries(db) }),
    replay: ({ afterSeq }) => replay(db, afterSeq),
    append: (ask) => append(db, ask),
    pack: async ({ hour }) => ({ rows: await packHours(db, hour, pause) }),
    fold: async ({ hour }) => {
      await foldDays(db, hour, pause, changed);
      return {};
    },
    expire: async (ask) => {
      await expire(db, ask, pause, changed);
      return {};
    },
    history: async (ask) => {
      // Names first and at once: a visit that follows may rely on them.
      db.transaction(() => putNames(db, ask));
      await writeHistory(db, ask, pause, changed);
      return {};
    },
    grids: (ask) => ({ memory: reader.grids(ask) }),
    visits: (ask) => ({ marks: reader.visits(ask) }),
    resets: (ask) => ({ resets: reader.resets(ask) }),
    getState: ({ key }) => {
      const row = db.row<[Uint8Array]>('SELECT value FROM state WHERE key = ?', text(key));
      return { value: row === undefined ? null : unsealText(row[0]) };
    },
    putState: ({ entries }) => {
      putState(db, entries);
      return {};
    },
    listState: ({ prefix }) => ({ entries: listState(db, prefix) }),
    close: () => {
      db.close();
      return {};
    },
  };
}

function loadTargets(db: Connection): TargetRow[] {
  return db
    .rows<[number, Uint8Array, number | null, Uint8Array | null]>(
      'SELECT id, name, packed_hour, saved FROM target',
    )
    .map(([number, name, packedHour, saved]) => ({
      number,
      id: unsealText(name),
      packedHour,
      saved: saved === null ? null : unsealText(saved),
    }));
}

function loadSeries(db: Connection): SeriesRow[] {
  return db
    .rows<[number, number, Uint8Array, number, Uint8Array | null]>(
      'SELECT id, target, name, counter, saved FROM series ORDER BY id',
    )
    .map(([id, target, name, counter, saved]) => ({
      id,
      target,
      ...readSeriesName(name),
      counter: counter === 1,
      saved: saved === null ? null : unsealText(saved),
    }));
}

function replay(db: Connection, afterSeq: number): Calls['replay']['answer'] {
  const found = db.rows<[number, number, number, Uint8Array]>(
    'SELECT seq, target, at_ms, data FROM scrape WHERE seq > ? ORDER BY seq LIMIT ?',
    afterSeq,
    REPLAY_ROWS,
  );
  const bytes = new Uint8Array(found.reduce((sum, [, , , data]) => sum + data.length, 0));
  const rows: Slice[] = [];
  let offset = 0;
  for (const [, target, atMs, data] of found) {
    bytes.set(data, offset);
    rows.push({ target, atMs, offset, length: data.length });
    offset += data.length;
  }
  return { rows, bytes, lastSeq: found.length < REPLAY_ROWS ? null : (found.at(-1)?.[0] ?? null) };
}

function append(
  db: Connection,
  { targets, series, rows, bytes }: Calls['append']['ask'],
): Calls['append']['answer'] {
  const startedMs = performance.now();
  db.transaction(() => {
    putNames(db, { targets, series });
    for (const { target, atMs, offset, length } of rows) {
      const data = blob(bytes.subarray(offset, offset + length));
      db.run('INSERT INTO scrape (target, at_ms, data) VALUES (?, ?, ?)', target, atMs, data);
    }
  });
  return { commitMs: performance.now() - startedMs };
}

/** New names; those that an earlier commit has carried already stay as they are. */
function putNames(
  db: Connection,
  { targets, series }: Pick<Calls['append']['ask'], 'targets' | 'series'>,
): void {
  for (const { number, id } of targets) {
    db.run('INSERT OR IGNORE INTO target (id, name) VALUES (?, ?)', number, text(id));
  }
  for (const one of series) {
    db.run(
      'INSERT OR IGNORE INTO series (id, target, name, counter) VALUES (?, ?, ?, ?)',
      one.id,
      one.target,
      writeSeriesName(one),
      one.counter ? 1 : 0,
    );
  }
}

function putState(db: Connection, entries: readonly (readonly [string, string | null])[]): void {
  db.transaction(() => {
    for (const [key, value] of entries) {
      if (value === null) db.run('DELETE FROM state WHERE key = ?', text(key));
      else db.run('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)', text(key), text(value));
    }
  });
}

/** Keys lie sealed, so that no index leads to a beginning: every key is looked at. */
function listState(db: Connection, prefix: string): [string, string][] {
  return db
    .rows<[Uint8Array]>('SELECT key FROM state')
    .map(([key]) => unsealText(key))
    .filter((key) => key.startsWith(prefix))
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((key) => {
      const row = db.row<[Uint8Array]>('SELECT value FROM state WHERE key = ?', text(key));
      return row === undefined ? [] : [[key, unsealText(row[0])] satisfies [string, string]];
    });
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: 'Error', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, message: error.message };
}

/** Big answers are moved, not copied. */
function movable(answer: Calls[CallName]['answer']): ArrayBuffer[] {
  const parts = [
    'memory' in answer ? answer.memory.buffer : null,
    'bytes' in answer ? answer.bytes.buffer : null,
  ];
  return parts.filter((part): part is ArrayBuffer => part instanceof ArrayBuffer && part.byteLength > 0);
}

function main(port: NonNullable<typeof parentPort>): void {
  let calls: Handlers;
  try {
    calls = handlers(open(workerData.file));
  } catch (error) {
    port.postMessage({ opened: false, failure: failureOf(error) } satisfies Opened);
    return;
  }
  port.on('message', async ({ call, name, ask }: Request) => {
    try {
      // The name picks the handler, so the pair fits; TypeScript cannot follow that through a union.
      const handle = calls[name] as (
        ask: unknown,
      ) => Calls[CallName]['answer'] | Promise<Calls[CallName]['answer']>;
      const answer = await handle(ask);
      port.postMessage({ call, answer } satisfies Reply, movable(answer));
    } catch (error) {
      port.postMessage({ call, failure: failureOf(error) } satisfies Reply);
    }
    if (name === 'close') port.close();
  });
  port.postMessage({ opened: true } satisfies Opened);
}

if (parentPort !== null) main(parentPort);
