import 'server-only';
import { z } from 'zod';
import { type AddressResult, readHttpAddress } from './address.ts';
import type { Reporter } from './issues.ts';
import { address, MAX_TEXT } from './schema-parts.ts';
import { Secret } from './secret.ts';
import type { Config } from './types.ts';

const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const SECRET_HELP = `must be whsec_ and the base64 of ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes, or at least ${MIN_SECRET_BYTES} characters without spaces`;

export const webhookSchema = z
  .strictObject({
    url: address(readReceiver, 'Where decided verdicts and reminders are posted.'),
    secret: z
      .string()
      .max(MAX_TEXT, SECRET_HELP)
      .refine(isSecret, SECRET_HELP)
      .describe(`What they are signed with; best a reference such as \${WEBHOOK_SECRET}.`),
  })
  .describe('A receiver of signed messages, as Standard Webhooks describes them.');

export const notifySchema = z
  .strictObject({ webhook: webhookSchema.optional() })
  .describe('Whom to tell of decided verdicts, and of what is due.');

/** As any page, but nothing to be said of bearer tokens: what is sent is signed. */
function readReceiver(text: string): AddressResult {
  const read = readHttpAddress(text);
  return read.ok ? read : { ok: false, problem: read.problem.replace(/;.*token.*/, '') };
}

function isSecret(text: string): boolean {
  if (!text.startsWith('whsec_')) return /^[\x21-\x7e]+$/.test(text) && text.length >= MIN_SECRET_BYTES;
  const encoded = text.slice('whsec_'.length);
  const { length } = Buffer.from(encoded, 'base64');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && length >= MIN_SECRET_BYTES && length <= MAX_SECRET_BYTES;
}

/** Whom to tell, as written; nobody where nothing is. */
export function toNotify({ webhook }: z.output<typeof notifySchema>, reporter: Reporter): Config['notify'] {
  if (webhook === undefined) return { webhook: null };
  const read = readReceiver(webhook.url);
  if (!read.ok) {
    reporter.report(['notify', 'webhook', 'url'], read.problem);
    return { webhook: null };
  }
  // The address itself is what some services guard: it is kept like a secret, and only its host is shown.
  const { address: shown } = read.address;
  return { webhook: { url: new Secret(webhook.url), address: shown, secret: new Secret(webhook.secret) } };
}
