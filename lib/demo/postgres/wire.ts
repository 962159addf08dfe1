/** Messages that a client may send after its start-up, protocol 3. */
export interface FrontendMessage {
  /** One letter: Q, P, B, D, E, S, C, H, X … */
  type: string;
  body: Buffer;
}

/** Types of columns: number in the catalogue and size in bytes, −1 for a varying one. */
export const TYPES = {
  bool: { oid: 16, size: 1 },
  int8: { oid: 20, size: 8 },
  int4: { oid: 23, size: 4 },
  text: { oid: 25, size: -1 },
  oid: { oid: 26, size: 4 },
  float8: { oid: 701, size: 8 },
  name: { oid: 19, size: 64 },
  timestamptz: { oid: 1184, size: 8 },
  numeric: { oid: 1700, size: -1 },
} as const;
/** Name of such a type. */
export type TypeName = keyof typeof TYPES;

/** One column of an answer. */
export interface Column {
  name: string;
  type: TypeName;
}

/** A value as the server would print it; null is SQL's NULL. */
export type Value = string | number | boolean | null;

/** What an ErrorResponse says. */
export interface ServerFault {
  severity: 'ERROR' | 'FATAL';
  /** SQLSTATE. */
  code: string;
  message: string;
  hint?: string;
}

/** The client breaks the protocol: the text goes out as a FATAL and the connection ends. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Cuts a byte stream into messages. The first one has no type letter. */
export class WireReader {
  #buffer: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
  }

  /** The body of a start-up message: SSLRequest, CancelRequest, StartupMessage; null until it is whole. */
  startup(): Buffer | null {
    return this.#take(0);
  }

  next(): FrontendMessage | null {
    const type = String.fromCharCode(this.#buffer[0] ?? 0);
    const body = this.#take(1);
    return body === null ? null : { type, body };
  }

  #take(before: number): Buffer | null {
    if (this.#buffer.length < before + 4) return null;
    const length = this.#buffer.readInt32BE(before);
    if (length < 4 || length > MAX_MESSAGE_BYTES) throw new WireError('invalid message length');
    if (this.#buffer.length < before + length) return null;
    const body = this.#buffer.subarray(before + 4, before + length);
    this.#buffer = this.#buffer.subarray(before + length);
    return body;
  }
}

/** Reads the fields of one message body. Running over its end is a `WireError`. */
export class BodyReader {
  #at = 0;
  constructor(private readonly body: Buffer) {}

  text(): string {
    const end = this.body.indexOf(0, this.#at);
    if (end === -1) throw new WireError('unterminated string in message');
    const text = this.body.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }
  int16(): number {
    return this.#number(2, (at) => this.body.readInt16BE(at));
  }
  int32(): number {
    return this.#number(4, (at) => this.body.readInt32BE(at));
  }
  byte(): string {
    return this.#number(1, (at) => String.fromCharCode(this.body.readUInt8(at)));
  }
  skip(bytes: number): void {
    this.#number(bytes, () => 0);
  }

  #number<T>(bytes: number, read: (at: number) => T): T {
    if (bytes < 0 || this.#at + bytes > this.body.length) throw new WireError('insufficient data in message');
    const value = read(this.#at);
    this.#at += bytes;
    return value;
  }
}

function message(type: string, ...parts: Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(length, 1);
  return Buffer.concat([head, ...parts]);
}

const cString = (text: string) => Buffer.from(`${text.replaceAll('\0', '')}\0`);
const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

/** Idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E';

/** Messages of the server. */
export const reply = {
  authenticationOk: () => message('R', int32(0)),
  parameterStatus: (name: string, value: string) => message('S', cString(name), cString(value)),
  backendKeyData: (processId: number, secret: number) => message('K', int32(processId), int32(secret)),
  readyForQuery: (status: TransactionStatus) => message('Z', Buffer.from(status)),
  parseComplete: () => message('1'),
  bindComplete: () => message('2'),
  closeComplete: () => message('3'),
  noData: () => message('n'),
  emptyQuery: () => message('I'),
  portalSuspended: () => message('s'),
  commandComplete: (tag: string) => message('C', cString(tag)),
  parameterDescription: (oids: readonly number[]) => message('t', int16(oids.length), ...oids.map(int32)),
  rowDescription: (columns: readonly Column[]) =>
    message('T', int16(columns.length), ...columns.map(describeColumn)),
  dataRow: (values: readonly Value[]) => message('D', int16(values.length), ...values.map(cell)),
  error: (fault: ServerFault) =>
    message(
      'E',
      ...[
        ['S', fault.severity],
        ['V', fault.severity],
        ['C', fault.code],
        ['M', fault.message],
        ...(fault.hint === undefined ? [] : [['H', fault.hint]]),
      ].map(([field, text]) => cString(`${field}${text}`)),
      Buffer.from([0]),
    ),
} as const;

function describeColumn({ name, type }: Column): Buffer {
  const { oid, size } = TYPES[type];
  // No table behind it, no modifier, text format.
  return Buffer.concat([cString(name), int32(0), int16(0), int32(oid), int16(size), int32(-1), int16(0)]);
}

function cell(value: Value): Buffer {
  if (value === null) return int32(-1);
  const text = typeof value === 'boolean' ? (value ? 't' : 'f') : String(value);
  const bytes = Buffer.from(text);
  return Buffer.concat([int32(bytes.length), bytes]);
}
