import 'server-only';
import { createHmac } from 'node:crypto';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import type { WebhookTarget } from '../config/types.ts';
import { FetchError } from '../http/fetch-error.ts';
import type { ConnectOptions } from '../http/guarded-connect.ts';
import { safeFetch } from '../http/safe-fetch.ts';

const DEADLINE_MS = 15 * SECOND_MS;
/** What a receiver answers is not read, only counted. */
const MAX_ANSWER_BYTES = 1_000_000;
const PREFIX = 'whsec_';

/** What came of one try. `gone`: the receiver wants none of this (410), so it is not tried again. */
export type Delivery =
  | { ok: true; status: number }
  | { ok: false; error: string; retryAfterMs: number | null; gone: boolean; reached: boolean };

/**
 * Headers of Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`, in base64 after `v1,`. A secret that begins with
 * `whsec_` is base64 after it; any other is taken as its own bytes.
 */
export function webhookHeaders(
  secret: string,
  { id, body }: { id: string; body: string },
  nowMs: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const seconds = String(Math.floor(nowMs / SECOND_MS));
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
}

function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');
}

/**
 * Sends one message once; never rejects. Whatever the receiver answers with 2xx is delivered; redirects are refused. The
 * address was written by the person who runs the server, so it may lie in a private network.
 */
export async function sendWebhook(
  { url, secret, address }: WebhookTarget,
  message: { id: string; body: string },
  nowMs: number,
  options: { signal?: AbortSignal; connect?: Partial<ConnectOptions> } = {},
): Promise<Delivery> {
  try {
    const { status, retryAfterMs } = await safeFetch(
      { trust: 'config', ...options.connect },
      {
        url: url.reveal(),
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'afterwatch',
          ...webhookHeaders(secret.reveal(), message, nowMs),
        },
        body: message.body,
        deadlineMs: DEADLINE_MS,
        maxBytes: MAX_ANSWER_BYTES,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
    );
    if (status >= 200 && status < 300) return { ok: true, status };
    const error = `${address} answered ${status} where 2xx was expected`;
    return { ok: false, error, retryAfterMs, gone: status === 410, reached: true };
  } catch (error) {
    const known = error instanceof FetchError;
    return {
      ok: false,
      error: known ? error.message : `${address} could not be reached`,
      retryAfterMs: null,
      gone: false,
      reached: known && error.fault === 'redirect',
    };
  }
}
