/** What a command answers, before it is written in RESP2 or RESP3. */
export type Reply =
  | { simple: string }
  | { error: string }
  | { bulk: string | Buffer }
  /** A text that RESP3 marks as such; RESP2 writes it as a bulk string. */
  | { text: string }
  | { map: readonly (readonly [string, Reply])[] }
  | { list: readonly Reply[] }
  | number
  | null;

/** Chosen by the client with HELLO; 2 before. */
export type RespVersion = 2 | 3;

/** The client does not speak RESP; the text is what the server says before it hangs up. */
export class RespError extends Error {
  override readonly name = 'RespError';
}

const MAX_LINE_BYTES = 64 * 1024;
const MAX_ARGS = 1_024;
const MAX_BULK_BYTES = 1024 * 1024;
/** What one client may have under way. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const CRLF = '\r\n';

/** Takes commands out of a byte stream that arrives in pieces. */
export class RespReader {
  #buffer: Buffer = Buffer.alloc(0);

  /** All commands that are whole now, each as its words. Throws `RespError` on anything that is no RESP. */
  push(chunk: Buffer): Buffer[][] {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const commands: Buffer[][] = [];
    let at = 0;
    while (at < this.#buffer.length) {
      const taken = this.#buffer[at] === 0x2a ? this.#array(at) : this.#inline(at);
      if (taken === null) break;
      at = taken.end;
      if (taken.words.length > 0) commands.push(taken.words);
    }
    this.#buffer = this.#buffer.subarray(at);
    if (this.#buffer.length > MAX_WAITING_BYTES) throw new RespError('Protocol error: too big request');
    return commands;
  }

  #array(from: number): { words: Buffer[]; end: number } | null {
    const head = this.#line(from + 1);
    if (head === null) return null;
    const count = wholeNumber(head.text);
    if (count === null || count > MAX_ARGS) throw new RespError('Protocol error: invalid multibulk length');
    const words: Buffer[] = [];
    let at = head.end;
    for (let i = 0; i < count; i += 1) {
      if (at >= this.#buffer.length) return null;
      if (this.#buffer[at] !== 0x24) throw new RespError("Protocol error: expected '$'");
      const size = this.#line(at + 1);
      if (size === null) return null;
      const length = wholeNumber(size.text);
      if (length === null || length < 0 || length > MAX_BULK_BYTES) {
        throw new RespError('Protocol error: invalid bulk length');
      }
      if (this.#buffer.length < size.end + length + 2) return null;
      words.push(this.#buffer.subarray(size.end, size.end + length));
      at = size.end + length + 2;
    }
    return { words, end: at };
  }

  #inline(from: number): { words: Buffer[]; end: number } | null {
    const line = this.#line(from);
    if (line === null) return null;
    const words = line.text.split(' ').filter((word) => word !== '');
    return { words: words.map((word) => Buffer.from(word)), end: line.end };
  }

  #line(from: number): { text: string; end: number } | null {
    const end = this.#buffer.indexOf('\n', from);
    if (end === -1) {
      if (this.#buffer.length - from > MAX_LINE_BYTES) throw new RespError('Protocol error: too big request');
      return null;
    }
    const text = this.#buffer.toString('latin1', from, end);
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text, end: end + 1 };
  }
}

/** The bytes of a reply in the version that the client asked for. */
export function writeReply(reply: Reply, version: RespVersion): Buffer {
  const parts: Buffer[] = [];
  write(reply, version, parts);
  return Buffer.concat(parts);
}

function write(reply: Reply, version: RespVersion, out: Buffer[]): void {
  if (reply === null) out.push(Buffer.from(version === 3 ? `_${CRLF}` : `$-1${CRLF}`));
  else if (typeof reply === 'number') out.push(Buffer.from(`:${reply}${CRLF}`));
  else if ('simple' in reply) out.push(Buffer.from(`+${reply.simple}${CRLF}`));
  else if ('error' in reply) out.push(Buffer.from(`-${reply.error.replace(/[\r\n]/g, ' ')}${CRLF}`));
  else if ('bulk' in reply) bulk('$', Buffer.from(reply.bulk), out);
  else if ('text' in reply) {
    if (version === 3) bulk('=', Buffer.from(`txt:${reply.text}`), out);
    else bulk('$', Buffer.from(reply.text), out);
  } else if ('list' in reply) {
    out.push(Buffer.from(`*${reply.list.length}${CRLF}`));
    for (const one of reply.list) write(one, version, out);
  } else {
    const { map } = reply;
    out.push(Buffer.from(version === 3 ? `%${map.length}${CRLF}` : `*${map.length * 2}${CRLF}`));
    for (const [key, value] of map) {
      write({ bulk: key }, version, out);
      write(value, version, out);
    }
  }
}

function bulk(mark: string, bytes: Buffer, out: Buffer[]): void {
  out.push(Buffer.from(`${mark}${bytes.length}${CRLF}`), bytes, Buffer.from(CRLF));
}

function wholeNumber(text: string): number | null {
  return /^-?\d{1,9}$/.test(text) ? Number(text) : null;
}
