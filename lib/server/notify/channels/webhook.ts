import 'server-only';
import { createHmac } from 'node:crypto';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import type { WebhookReceiver } from '../../config/receivers.ts';
import { type Delivery, postJson, type Sending, type SendOptions } from './channel.ts';

const PREFIX = 'whsec_';

/**
 * Headers of Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`, in base64 after `v1,`, once for each secret, with a
 * space between. A secret that begins with `whsec_` is base64 after it; any other is taken as its own bytes.
 */
export function webhookHeaders(
  secrets: readonly string[],
  { id, text, nowMs }: Pick<Sending, 'id' | 'text' | 'nowMs'>,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const seconds = String(Math.floor(nowMs / SECOND_MS));
  const signatures = secrets.map((secret) =>
    createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${text}`).digest('base64'),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
}

function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');
}

/** Sends the message as it is kept, signed with every secret. */
export function sendWebhook(
  { url, address, secrets }: WebhookReceiver,
  sending: Sending,
  options: SendOptions,
): Promise<Delivery> {
  const headers = webhookHeaders(
    secrets.map((secret) => secret.reveal()),
    sending,
  );
  return postJson({ url: url.reveal(), address }, { text: sending.text, headers }, options);
}
