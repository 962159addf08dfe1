import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { unsealText } from '../codec/sealed.ts';
import { Dump } from './dump.ts';
import { writeHistory } from './history.ts';
import { loadSeries, loadTargets, readRows } from './load.ts';
import { type PackedDb, text, writeSeriesName } from './packed-db.ts';
import { foldDays, packHours } from './packer.ts';
import type { CallName, Calls, Failure, Opened, Reply, Request } from './protocol.ts';
import { oldestHour, readRaw } from './raw.ts';
import { PackedReader } from './reader.ts';
import { restoreDump } from './restore-dump.ts';
import { expire } from './retention.ts';
import { SCHEMA_VERSION } from './schema-version.ts';
import { readGridsBeside, readTail } from './tail.ts';
import { Turns } from './turns.ts';

type Handlers = {
  [K in CallName]: (ask: Calls[K]['ask']) => Calls[K]['answer'] | Promise<Calls[K]['answer']>;
};

function handlers(db: PackedDb, follows: boolean): Handlers {
  const reader = new PackedReader(db);
  const pause = async () => {
    await nextTurn();
  };
  const changed = (key: number) => reader.forgetDay(key);
  // What moves packed rows never goes on while another does, nor while a backup is being read.
  const turns = new Turns();
  let dump: { rows: Dump; end: () => void } | null = null;
  const calls: Handlers = {
    load: () => ({ targets: loadTargets(db), series: loadSeries(db) }),
    replay: ({ afterSeq }) => readRows(db, afterSeq),
    append: (ask) => append(db, ask),
    pack: ({ hour }) => turns.run(async () => ({ rows: await packHours(db, hour, pause) })),
    fold: ({ hour }) =>
      turns.run(async () => {
        await foldDays(db, hour, pause, changed);
        return {};
      }),
    expire: (ask) =>
      turns.run(async () => {
        await expire(db, ask, pause, changed);
        return {};
      }),
    history: (ask) => {
      // Names first and at once: a visit that follows may rely on them.
      db.transaction(() => putNames(db, ask));
      return turns.run(async () => {
        await writeHistory(db, ask, pause, changed);
        return {};
      });
    },
    grids: (ask) => ({ memory: follows ? readGridsBeside(db, ask) : reader.grids(ask) }),
    visits: (ask) => ({ marks: reader.visits(ask) }),
    resets: (ask) => ({ resets: reader.resets(ask) }),
    raw: (ask) => readRaw(db, ask),
    rawFrom: () => ({ hour: oldestHour(db) }),
    getState: ({ key }) => {
      const row = db.row<[Uint8Array]>('SELECT value FROM state WHERE key = ?', text(key));
      return { value: row === undefined ? null : unsealText(row[0]) };
    },
    putState: ({ entries }) => {
      dump?.rows.beforeState(entries.map(([key]) => key));
      putState(db, entries);
      return {};
    },
    listState: ({ prefix }) => ({ entries: listState(db, prefix) }),
    tail: (ask) => readTail(db, ask),
    size: () => ({ bytes: db.sizeBytes() }),
    openDump: async () => {
      const end = await turns.take();
      try {
        dump = { rows: new Dump(db), end };
      } catch (error) {
        end();
        throw error;
      }
      return { schema: SCHEMA_VERSION };
    },
    readDump: () => {
      if (dump === null) throw new Error('no backup is being read');
      return dump.rows.next();
    },
    closeDump: () => {
      dump?.end();
      dump = null;
      return {};
    },
    restore: ({ path }) => {
      const replacing = () => {
        const refusal = new ReplacedError();
        refuseFromNow(calls, refusal);
        turns.refuse(refusal);
      };
      return turns.run(() => restoreDump(db, path, pause, replacing));
    },
    close: () => {
      db.close();
      return {};
    },
  };
  return calls;
}

/** Another store lies here than the one that the main thread knows: what it still sends belongs nowhere. */
class ReplacedError extends Error {
  override readonly name = 'ReplacedError';
  readonly code = 'REPLACED';
  constructor() {
    super('a backup has taken the place of the store; it is opened anew');
  }
}

/** All but closing. */
function refuseFromNow(calls: Handlers, error: Error): void {
  const refuse = () => {
    throw error;
  };
  for (const name of Object.keys(calls)) if (name !== 'close') Object.assign(calls, { [name]: refuse });
}

function append(
  db: PackedDb,
  { targets, series, rows, bytes }: Calls['append']['ask'],
): Calls['append']['answer'] {
  const startedMs = performance.now();
  db.transaction(() => {
    putNames(db, { targets, series });
    db.insert(
      'scrape',
      ['target', 'at_ms', 'data'],
      rows.map(({ target, atMs, offset, length }) => [target, atMs, bytes.subarray(offset, offset + length)]),
      'fail',
    );
  });
  return { commitMs: performance.now() - startedMs };
}

/** New names; those that an earlier commit has carried already stay as they are. */
function putNames(
  db: PackedDb,
  { targets, series }: Pick<Calls['append']['ask'], 'targets' | 'series'>,
): void {
  db.insert(
    'target',
    ['id', 'name'],
    targets.map(({ number, id }) => [number, text(id)]),
    'keep',
  );
  db.insert(
    'series',
    ['id', 'target', 'name', 'counter'],
    series.map((one) => [one.id, one.target, writeSeriesName(one), one.counter ? 1 : 0]),
    'keep',
  );
}

function putState(db: PackedDb, entries: readonly (readonly [string, string | null])[]): void {
  db.transaction(() => {
    for (const [key, value] of entries) {
      // Always a new row: where instances follow, its place in the order of changes is given when it is made.
      db.run('DELETE FROM state WHERE key = ?', text(key));
      if (value !== null) db.insert('state', ['key', 'value'], [[text(key), text(value)]], 'fail');
    }
  });
}

/** Keys lie sealed, so that no index leads to a beginning: every key is looked at. */
function listState(db: PackedDb, prefix: string): [string, string][] {
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
  if (!(error instanceof Error)) return { code: 'Error', message: String(error), isAway: false };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, message: error.message, isAway: 'isAway' in error && error.isAway === true };
}

/** Big answers are moved, not copied. */
function movable(answer: Calls[CallName]['answer']): ArrayBuffer[] {
  const parts = [
    'memory' in answer ? answer.memory.buffer : null,
    'bytes' in answer && typeof answer.bytes === 'object' ? answer.bytes.buffer : null,
  ];
  return parts.filter((part): part is ArrayBuffer => part instanceof ArrayBuffer && part.byteLength > 0);
}

/**
 * Answers calls on `port` over what `open` gives; what goes wrong there is told as the first message. `follows`: another
 * process writes to the same tables.
 */
export function serveCalls(port: MessagePort, open: () => PackedDb, { follows = false } = {}): void {
  let calls: Handlers;
  try {
    calls = handlers(open(), follows);
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
