import 'server-only';
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MAX_FRAME_BYTES, readRows, type TableRows } from './dump-rows.ts';

// A backup is one line for people and programs, then frames, then a frame that says how many rows there were and what
// all bytes before it add up to (SHA-256). It reads the same whichever database it came from.

const MAGIC = 'AFTERWATCH-BACKUP';
const FORMAT = 1;
const MAX_HEADER_BYTES = 4096;
const PREFIX_BYTES = 5;
const READ_BYTES = 256 * 1024;

/** The first line of a backup. */
export interface BackupHeader {
  /** Layout of its rows. */
  schema: number;
  madeAtMs: number;
  /** What it was made from: `sqlite`, `postgres`. */
  engine: string;
  /** Version of the program that made it. */
  version: string;
  /** What the store took on its disk, for people; 0 when nobody had measured. */
  storeBytes: number;
}

/** The file is no whole backup that this program can read. The text is for people. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';
  /** By name: routes are built apart from what the process holds, with a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'BackupFault';
  }
}

const KINDS = { rows: 1, end: 2 } as const;

export function writeHeader(header: BackupHeader): Uint8Array {
  return new TextEncoder().encode(`${MAGIC} ${FORMAT} ${JSON.stringify(header)}\n`);
}

export function writeFrame(kind: keyof typeof KINDS, body: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.writeUInt8(KINDS[kind], 4);
  frame.set(body, PREFIX_BYTES);
  return frame;
}

/** The last frame: how many rows there were of each table, and the SHA-256 of all bytes before. */
export function writeEnd(rows: Readonly<Record<string, number>>, sha256: string): Uint8Array {
  return writeFrame('end', new TextEncoder().encode(JSON.stringify({ rows, sha256 })));
}

/** A backup on the disk, read from its beginning to its end. Throws `BackupFault` when it is not whole. */
export class BackupFile {
  readonly header: BackupHeader;
  readonly bytes: number;
  readonly #fd: number;
  readonly #bodyAt: number;

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
    try {
      this.bytes = fstatSync(this.#fd).size;
      const { header, length } = readHeader(this.#read(0, Math.min(MAX_HEADER_BYTES, this.bytes)));
      this.header = header;
      this.#bodyAt = length;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Every frame of rows. Only when the last one was given is the file known to be whole: take nothing for true before. */
  *rows(): Generator<TableRows> {
    const counted: Record<string, number> = {};
    for (const { kind, body } of this.frames()) {
      if (kind !== KINDS.rows) {
        if (!isSameCount(counted, body)) throw damaged('rows are missing');
        return;
      }
      const rows = readFrame(body);
      counted[rows.table] = (counted[rows.table] ?? 0) + rows.rows.length;
      yield rows;
    }
  }

  /** Every frame as it lies there, the last one after everything was held against its sum. */
  *frames(): Generator<{ kind: number; body: Uint8Array }> {
    const hash = createHash('sha256');
    for (let at = 0; at < this.#bodyAt; at += READ_BYTES)
      hash.update(this.#read(at, Math.min(READ_BYTES, this.#bodyAt - at)));
    for (let at = this.#bodyAt; ; ) {
      if (at + PREFIX_BYTES > this.bytes) throw cutOff();
      const prefix = this.#read(at, PREFIX_BYTES);
      const length = prefix.readUInt32LE(0);
      const kind = prefix.readUInt8(4);
      if ((kind !== KINDS.rows && kind !== KINDS.end) || length > MAX_FRAME_BYTES)
        throw damaged('a part of it is none of ours');
      if (at + PREFIX_BYTES + length > this.bytes) throw cutOff();
      const body = this.#read(at + PREFIX_BYTES, length);
      at += PREFIX_BYTES + length;
      if (kind === KINDS.end) {
        if (readEnd(body).sha256 !== hash.digest('hex')) throw damaged('its checksum does not fit');
        if (at !== this.bytes) throw damaged('something was added to its end');
        yield { kind, body };
        return;
      }
      hash.update(prefix).update(body);
      yield { kind, body };
    }
  }

  #read(at: number, length: number): Buffer {
    const buffer = Buffer.alloc(length);
    for (let got = 0; got < length; ) {
      const some = readSync(this.#fd, buffer, got, length - got, at + got);
      if (some === 0) throw cutOff();
      got += some;
    }
    return buffer;
  }
}

/** The first line at the beginning of a backup; null when these bytes hold none. */
export function readBackupHeader(start: Uint8Array): BackupHeader | null {
  try {
    return readHeader(Buffer.from(start.subarray(0, MAX_HEADER_BYTES))).header;
  } catch {
    return null;
  }
}

function readHeader(start: Buffer): { header: BackupHeader; length: number } {
  const end = start.indexOf(0x0a);
  const line = start.subarray(0, end === -1 ? start.length : end).toString('latin1');
  const match = /^AFTERWATCH-BACKUP (\d+) (\{.*\})$/.exec(line);
  if (match === null || end === -1) throw new BackupFault('this is no backup of Afterwatch');
  if (Number(match[1]) !== FORMAT)
    throw new BackupFault(
      `the backup was written by a newer version (format ${match[1]}, this program reads ${FORMAT})`,
    );
  const value = parseObject(match[2] ?? '');
  const { schema, madeAtMs, engine, version, storeBytes } = value;
  if (
    typeof schema !== 'number' ||
    !Number.isInteger(schema) ||
    schema < 1 ||
    typeof madeAtMs !== 'number' ||
    typeof engine !== 'string' ||
    typeof version !== 'string' ||
    typeof storeBytes !== 'number'
  )
    throw damaged('its first line says too little');
  return { header: { schema, madeAtMs, engine, version, storeBytes }, length: end + 1 };
}

function readFrame(body: Uint8Array): TableRows {
  try {
    return readRows(body);
  } catch {
    throw damaged('rows of it cannot be read');
  }
}

function readEnd(body: Uint8Array): { rows: unknown; sha256: unknown } {
  const { rows, sha256 } = parseObject(Buffer.from(body).toString('utf8'));
  return { rows, sha256 };
}

function isSameCount(counted: Readonly<Record<string, number>>, end: Uint8Array): boolean {
  const { rows } = readEnd(end);
  if (typeof rows !== 'object' || rows === null) return false;
  const told = new Map<string, unknown>(Object.entries(rows).filter(([, count]) => count !== 0));
  const found = Object.entries(counted).filter(([, count]) => count !== 0);
  return told.size === found.length && found.every(([table, count]) => told.get(table) === count);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Told below.
  }
  throw damaged('a part of it cannot be read');
}

function cutOff(): BackupFault {
  return new BackupFault('the backup is cut off: its end is missing; make or fetch it again');
}

export function damaged(why: string): BackupFault {
  return new BackupFault(`the backup is damaged: ${why}; use another one`);
}
