import 'server-only';

/** How a link stands: it leads to a copy, it did once, or it was never made. */
export type ShareStanding = 'live' | 'gone' | 'nothing';

/** What the proxy asks of the shares. */
export interface ShareDoor {
  /** From memory; any text may be asked. */
  standing: (token: string) => ShareStanding;
  /** Counts one look at a live link; anything else is no look. */
  count: (token: string) => void;
}

/** `proxy.ts` is a bundle of its own, far from the runtime; this is how it reaches the shares. */
const KEY = Symbol.for('afterwatch.share-door');

/** Called once the shares are open; null when they are closed. */
export function publishShareDoor(door: ShareDoor | null): void {
  (globalThis as unknown as Record<symbol, ShareDoor | null>)[KEY] = door;
}

/** Null while the server starts, and where the proxy runs in a process of its own: then the page tells. */
export function readShareDoor(): ShareDoor | null {
  return (globalThis as unknown as Record<symbol, ShareDoor | null | undefined>)[KEY] ?? null;
}
