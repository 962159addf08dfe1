import 'server-only';

/** Where requests go that only the instance that leads can answer. */
export interface LeaderDoor {
  /** Base of its address and what this instance shows there; null where this one leads, or nobody is known to. */
  leader: () => { address: string; secret: string } | null;
  /** What others show to this one while it leads; null where it does not. */
  ownSecret: () => string | null;
}

/** The front of the server is a bundle of its own, far from the runtime; this is how it learns who leads. */
const KEY = Symbol.for('afterwatch.leader-door');

/** Called where several instances share a store; null when this one ends. */
export function publishLeaderDoor(door: LeaderDoor | null): void {
  (globalThis as unknown as Record<symbol, LeaderDoor | null>)[KEY] = door;
}

/** Null where one instance is all there is. */
export function readLeaderDoor(): LeaderDoor | null {
  return (globalThis as unknown as Record<symbol, LeaderDoor | null | undefined>)[KEY] ?? null;
}
