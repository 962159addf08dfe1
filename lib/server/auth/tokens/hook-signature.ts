import 'server-only';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';

/** How far the sender's clock may be from ours, either way. */
const TOLERANCE_MS = 5 * MINUTE_MS;
const MOST_REMEMBERED = 50_000;

/** A call as it came. */
export interface SignedCall {
  secret: string;
  /** The bytes as sent: parsed and written again they would sign differently. */
  body: Uint8Array;
  /** `sha256=…` in hex; null when the header is missing. */
  signature: string | null;
  /**
   * Unix seconds as text, signed with the body as `timestamp.body`; null when the header is missing. Left out for a
   * sender that signs no time (GitHub): then only the delivery's id guards against a replay.
   */
  timestamp?: string | null;
  /** The sender's own id of this delivery; null: the signature stands for it. */
  deliveryId: string | null;
}

export type SignatureFault = 'missing' | 'forged' | 'expired' | 'replayed';

/**
 * Null when the call may be believed. Compares in constant time, and remembers only calls that are signed, so that
 * strangers can neither fill the memory nor spend somebody else's delivery id. For a hook of its own: one `Replays` each.
 */
export function verifyHookSignature(
  call: SignedCall,
  nowMs: number,
  replays: Replays,
): SignatureFault | null {
  const { secret, body, signature, timestamp, deliveryId } = call;
  if (signature === null || timestamp === null) return 'missing';
  const hash = createHmac('sha256', secret);
  if (timestamp !== undefined) hash.update(`${timestamp}.`);
  const expected = hash.update(body).digest();
  const given = /^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1];
  if (given === undefined || !timingSafeEqual(Buffer.from(given, 'hex'), expected)) return 'forged';
  if (timestamp !== undefined && !isNear(timestamp, nowMs)) return 'expired';
  const signed = expected.toString('hex');
  const keys = deliveryId === null ? [`signature ${signed}`] : [`id ${deliveryId}`, `signature ${signed}`];
  return replays.areNew(keys, nowMs, timestamp === undefined ? null : 2 * TOLERANCE_MS + SECOND_MS)
    ? null
    : 'replayed';
}

function isNear(timestamp: string, nowMs: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * SECOND_MS - nowMs) <= TOLERANCE_MS;
}

/** Calls that were believed. Those with a signed time are forgotten once their time alone refuses them. */
export class Replays {
  readonly #untilMs = new Map<string, number>();

  /** True when none of the keys was seen; then all are remembered, for `keepMs` or, when null, until room is needed. */
  areNew(keys: readonly string[], nowMs: number, keepMs: number | null): boolean {
    this.#forget(nowMs);
    if (keys.some((key) => this.#untilMs.has(key))) return false;
    for (const key of keys)
      this.#untilMs.set(key, keepMs === null ? Number.POSITIVE_INFINITY : nowMs + keepMs);
    return true;
  }

  #forget(nowMs: number): void {
    for (const [key, untilMs] of this.#untilMs) {
      if (untilMs > nowMs && this.#untilMs.size < MOST_REMEMBERED) break;
      this.#untilMs.delete(key);
    }
  }
}
