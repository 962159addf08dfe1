import 'server-only';

const PLUS = 0x2b;
const MINUS = 0x2d;
const DOLLAR = 0x24;
const CR = 0x0d;

/** A status, an error or a length is one line; longer ones are not Redis. */
const MAX_LINE_BYTES = 4_096;

/**
 * Looks at replies before the driver does: exactly one for each command that was sent, and only the kinds that our
 * commands have (status, error, text). The driver (ioredis 6.0) throws outside of every promise at a reply that nobody
 * waits for, which would end the process.
 */
export class ReplyCheck {
  readonly #maxBytes: number;
  #expected = 0;
  #receivedBytes = 0;
  #state: 'type' | 'line' | 'text' = 'type';
  #type = 0;
  #line: number[] = [];
  /** Bytes to pass by; the line end is among them. */
  #left = 0;

  /** `maxBytes`: no reply to a command is longer. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Called for each command before it is sent. */
  expect(): void {
    this.#expected += 1;
    this.#receivedBytes = 0;
  }

  /**
   * Takes the next bytes, in any portions. Throws at the first that the driver must not see; at an error that the
   * server sent unasked (no free connection, protected mode) with its words.
   */
  feed(chunk: Uint8Array): void {
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > this.#maxBytes) throw tooLong(this.#maxBytes);
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const passed = Math.min(this.#left, chunk.length - at);
        this.#left -= passed;
        at += passed;
      } else {
        this.#take(chunk[at] ?? 0);
        at += 1;
      }
      if (this.#state === 'text' && this.#left === 0) this.#state = 'type';
    }
  }

  #take(byte: number): void {
    if (this.#state === 'type') {
      if (byte !== PLUS && byte !== MINUS && byte !== DOLLAR) throw notRedis();
      this.#type = byte;
      this.#line = [];
      this.#state = 'line';
      return;
    }
    if (byte !== CR) {
      this.#line.push(byte);
      if (this.#line.length > MAX_LINE_BYTES) throw notRedis();
      return;
    }
    this.#endLine(Buffer.from(this.#line).toString('utf8'));
  }

  #endLine(line: string): void {
    if (this.#expected === 0) throw this.#type === MINUS ? new Error(line) : notRedis();
    this.#expected -= 1;
    // The line feed.
    this.#left = 1;
    if (this.#type === DOLLAR && line !== '-1') {
      if (!/^\d{1,10}$/.test(line)) throw notRedis();
      if (Number(line) > this.#maxBytes) throw tooLong(this.#maxBytes);
      this.#left += Number(line) + 2;
    }
    this.#state = 'text';
  }
}

function notRedis(): Error {
  return new Error('Protocol error: not a reply to our command');
}

function tooLong(maxBytes: number): Error {
  return new Error(`reply over ${maxBytes} bytes`);
}
