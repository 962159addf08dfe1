import 'server-only';

/** Bytes before the body of a message: its type and its length, which counts itself. */
const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;

const ERROR = 0x45;
const NOTICE = 0x4e;

/**
 * Looks at the messages of a server before the driver does. The driver (pg-protocol 1.x) reads an error or a notice
 * field by field until it meets the closing zero, and never stops when there is none: one bad message would hold the
 * whole process for ever. Everything else that is malformed makes it throw, which can be caught.
 */
export class FrameCheck {
  readonly #maxBytes: number;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerFilled = 0;
  #bodyLeft = 0;
  /** What an error or notice is at; null in the body of any other message. */
  #fields: 'type' | 'text' | 'closed' | null = null;

  /** `maxBytes`: no message of ours is longer. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes the next bytes, in any portions. Throws at the first message that the driver must not see. */
  feed(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerFilled < HEADER_BYTES) {
        this.#header[this.#headerFilled] = chunk[at] ?? 0;
        this.#headerFilled += 1;
        at += 1;
        if (this.#headerFilled === HEADER_BYTES) this.#beginBody();
      } else {
        const end = Math.min(chunk.length, at + this.#bodyLeft);
        if (this.#fields !== null) this.#readFields(chunk, at, end);
        this.#bodyLeft -= end - at;
        at = end;
      }
      if (this.#headerFilled === HEADER_BYTES && this.#bodyLeft === 0) this.#endBody();
    }
  }

  #beginBody(): void {
    const length = this.#header.readUInt32BE(1);
    if (length < LENGTH_BYTES || length > this.#maxBytes) throw new Error(`message of ${length} bytes`);
    this.#bodyLeft = length - LENGTH_BYTES;
    const type = this.#header[0];
    this.#fields = type === ERROR || type === NOTICE ? 'type' : null;
  }

  /** A field is one byte of type and a text that ends in zero; a zero in place of a type closes the message. */
  #readFields(chunk: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end && this.#fields !== 'closed'; at += 1) {
      const isZero = chunk[at] === 0;
      if (this.#fields === 'text') this.#fields = isZero ? 'type' : 'text';
      else this.#fields = isZero ? 'closed' : 'text';
    }
  }

  #endBody(): void {
    if (this.#fields !== null && this.#fields !== 'closed') throw new Error('error message without an end');
    this.#headerFilled = 0;
    this.#fields = null;
  }
}
