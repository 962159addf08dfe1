/** Seen from the client: `upstream` is client → server, `downstream` is server → client. */
export type Direction = 'upstream' | 'downstream';

/** Faults of a link, in the words of Toxiproxy. Each works on one direction, and on open connections too. */
export type Toxic =
  /** Delays what arrives, order kept. */
  | { type: 'latency'; latencyMs: number; jitterMs?: number }
  | { type: 'bandwidth'; bytesPerSecond: number }
  /** Delays the end of a connection. */
  | { type: 'slow_close'; delayMs: number }
  /** Accepts and stays silent: bytes wait until the toxic is removed; above 0 the connection ends after `timeoutMs`. */
  | { type: 'timeout'; timeoutMs: number }
  /** Resets the connection (RST) after `timeoutMs`. */
  | { type: 'reset_peer'; timeoutMs: number }
  /** Slow drip: pieces of `sliceBytes`, `delayMs` between them. */
  | { type: 'slicer'; sliceBytes: number; delayMs: number }
  /** Cuts the connection after `bytes`, counted for each connection from when the toxic was added. */
  | { type: 'limit_data'; bytes: number };

/** One toxic on a proxy. */
export interface PlacedToxic {
  readonly toxic: Toxic;
  readonly direction: Direction;
  /** Resolves when it is taken away. */
  readonly removed: Promise<void>;
  remove(): void;
}

/** Puts a toxic on one direction. */
export function placeToxic(toxic: Toxic, direction: Direction): PlacedToxic {
  let remove = () => {};
  const removed = new Promise<void>((resolve) => {
    remove = resolve;
  });
  return { toxic, direction, removed, remove };
}
