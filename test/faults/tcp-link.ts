import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Direction, PlacedToxic } from './toxics.ts';

/** The reading side is paused when this much waits behind a toxic. */
const QUEUE_BYTES = 1 << 20;
const BANDWIDTH_TICK_MS = 20;

interface Arrived {
  atMs: number;
  /** Null is the end of the stream. */
  chunk: Buffer | null;
}

/** One client connection through the proxy: two sockets and, for each direction, a queue that obeys the toxics. */
export class TcpLink {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #toxics: ReadonlySet<PlacedToxic>;
  readonly #closed = new AbortController();
  readonly #gone: Promise<void>;
  readonly #left = new Map<PlacedToxic, number>();

  constructor(
    client: Socket,
    server: Socket,
    toxics: ReadonlySet<PlacedToxic>,
    hooks: { passed: (direction: Direction, bytes: number) => void; closed: () => void },
  ) {
    this.#client = client;
    this.#server = server;
    this.#toxics = toxics;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      // The other side learns of a broken link in the same way: by a reset.
      socket.on('error', () => this.reset());
      socket.on('close', () => {
        if (client.destroyed && server.destroyed) this.#closed.abort();
      });
    }
    this.#gone = new Promise((resolve) => {
      this.#closed.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    void this.#gone.then(hooks.closed);
    this.#carry(client, server, 'upstream', hooks.passed);
    this.#carry(server, client, 'downstream', hooks.passed);
    for (const placed of toxics) this.feel(placed);
  }

  /** Resets both sides at once. */
  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
    this.#closed.abort();
  }

  /** Starts the clock of a toxic that ends the connection by time, whether bytes flow or not. */
  feel(placed: PlacedToxic): void {
    const { toxic } = placed;
    if (toxic.type === 'reset_peer') void this.#later(placed, toxic.timeoutMs, () => this.reset());
    if (toxic.type === 'timeout' && toxic.timeoutMs > 0) {
      void this.#later(placed, toxic.timeoutMs, () => this.#end());
    }
  }

  async #later(placed: PlacedToxic, delayMs: number, act: () => void): Promise<void> {
    if ((await this.#pause(delayMs)) && this.#toxics.has(placed)) act();
  }

  /** False when the link closed meanwhile. */
  async #pause(ms: number): Promise<boolean> {
    try {
      if (ms > 0) await wait(ms, undefined, { signal: this.#closed.signal });
      return !this.#closed.signal.aborted;
    } catch {
      return false;
    }
  }

  #end(): void {
    this.#client.destroy();
    this.#server.destroy();
    this.#closed.abort();
  }

  #carry(
    from: Socket,
    to: Socket,
    direction: Direction,
    passed: (d: Direction, bytes: number) => void,
  ): void {
    const queue: Arrived[] = [];
    let waiting = 0;
    let busy = false;
    const drain = async () => {
      if (busy) return;
      busy = true;
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (!(await this.#deliver(next, to, direction, passed))) return;
        waiting -= next.chunk?.length ?? 0;
        if (from.isPaused() && waiting < QUEUE_BYTES) from.resume();
      }
      busy = false;
    };
    from.on('data', (chunk: Buffer) => {
      queue.push({ atMs: performance.now(), chunk });
      waiting += chunk.length;
      if (waiting >= QUEUE_BYTES) from.pause();
      void drain();
    });
    from.on('end', () => {
      queue.push({ atMs: performance.now(), chunk: null });
      void drain();
    });
  }

  /** Passes one chunk on as the toxics of now say; false when the link is gone. */
  async #deliver(
    { atMs, chunk }: Arrived,
    to: Socket,
    direction: Direction,
    passed: (d: Direction, bytes: number) => void,
  ): Promise<boolean> {
    for (const placed of this.#of(direction)) {
      const { toxic } = placed;
      if (toxic.type === 'timeout') await Promise.race([placed.removed, this.#gone]);
      if (toxic.type === 'latency') {
        const jitterMs = (toxic.jitterMs ?? 0) * (2 * Math.random() - 1);
        await this.#pause(toxic.latencyMs + jitterMs - (performance.now() - atMs));
      }
      if (toxic.type === 'slow_close' && chunk === null) await this.#pause(toxic.delayMs);
    }
    if (this.#closed.signal.aborted) return false;
    if (chunk === null) {
      to.end();
      return true;
    }
    for (let offset = 0; offset < chunk.length; ) {
      const step = this.#step(direction, chunk.length - offset);
      const piece = chunk.subarray(offset, offset + step.bytes);
      offset += piece.length;
      if (piece.length > 0) {
        passed(direction, piece.length);
        if (!to.write(piece)) await Promise.race([drained(to), this.#gone]);
      }
      if (step.cut) {
        // The bytes up to the limit still arrive; then both sides see an end in mid reply.
        to.end(() => this.#end());
        return false;
      }
      if (!(await this.#pause(step.pauseMs))) return false;
    }
    return true;
  }

  /** How many bytes may go now, how long to wait after them, and whether the limit is reached with them. */
  #step(direction: Direction, available: number): { bytes: number; pauseMs: number; cut: boolean } {
    let bytes = available;
    let pauseMs = 0;
    for (const { toxic } of this.#of(direction)) {
      if (toxic.type === 'slicer' && bytes > toxic.sliceBytes) bytes = toxic.sliceBytes;
      if (toxic.type === 'slicer') pauseMs += toxic.delayMs;
      if (toxic.type === 'bandwidth') {
        bytes = Math.min(bytes, Math.max(1, Math.floor((toxic.bytesPerSecond * BANDWIDTH_TICK_MS) / 1000)));
        pauseMs += (bytes * 1000) / toxic.bytesPerSecond;
      }
    }
    let cut = false;
    for (const placed of this.#of(direction)) {
      if (placed.toxic.type !== 'limit_data') continue;
      const left = this.#left.get(placed) ?? placed.toxic.bytes;
      if (bytes >= left) {
        bytes = left;
        cut = true;
      }
      this.#left.set(placed, left - bytes);
    }
    return { bytes, pauseMs, cut };
  }

  #of(direction: Direction): PlacedToxic[] {
    return [...this.#toxics].filter((placed) => placed.direction === direction);
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('drain', () => resolve()));
}
