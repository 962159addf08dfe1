import 'server-only';
import { z } from 'zod';
import { ALERT_SEVERITIES } from '@/lib/core/model/alert.ts';
import { NOTICE_TOPICS } from '@/lib/core/model/receiver.ts';
import { type AddressResult, readHttpAddress, readSmtpAddress } from './address.ts';
import { address, MAX_TEXT, seconds } from './schema-parts.ts';

const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const SECRET_HELP = `must be whsec_ and the base64 of ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes, or at least ${MIN_SECRET_BYTES} characters without spaces`;
const NAME_HELP = 'must be up to 32 letters, digits, - or _';
const KEY_HELP = 'must be the integration key of a service at PagerDuty: 32 letters and digits';
const MAIL_HELP = 'must be an address such as team@example.com';
const MOST_SECRETS = 3;
const MOST_READERS = 20;

const secretText = z.string().max(MAX_TEXT, SECRET_HELP).refine(isSecret, SECRET_HELP);
const mailAddress = z.string().max(254, MAIL_HELP).refine(isMailAddress, MAIL_HELP);

const common = {
  name: z
    .string()
    .refine((text) => /^[\w-]{1,32}$/.test(text), NAME_HELP)
    .describe('Name of the receiver, unique among them. Default: its kind.')
    .optional(),
  topics: z
    .array(z.enum(NOTICE_TOPICS))
    .min(1, 'names nothing; leave it out for all, or take the receiver out')
    .describe('What it is told of. Default: all; alerts only for pagerduty.')
    .optional(),
  severity: z
    .enum(ALERT_SEVERITIES)
    .describe('Only alerts of at least this severity. Default: info, which is all.')
    .optional(),
};

const hookUrl = (what: string) => address(readReceiver, what);

const secrets = {
  secret: z
    .union(
      [
        secretText,
        z.array(secretText).min(1, SECRET_HELP).max(MOST_SECRETS, `must be at most ${MOST_SECRETS} secrets`),
      ],
      {
        error: SECRET_HELP,
      },
    )
    .describe(
      `What messages are signed with; best a reference such as \${WEBHOOK_SECRET}. Two in a list while it is changed.`,
    ),
};

export const slackSchema = z.strictObject({
  kind: z.literal('slack'),
  url: hookUrl('Address of the incoming webhook; it is a credential.'),
  ...common,
});
export const discordSchema = z.strictObject({
  kind: z.literal('discord'),
  url: hookUrl('Address of the webhook of a channel; it is a credential.'),
  ...common,
});
export const webhookReceiverSchema = z.strictObject({
  kind: z.literal('webhook'),
  url: hookUrl('Where signed messages are posted.'),
  ...secrets,
  ...common,
});
export const pagerdutySchema = z.strictObject({
  kind: z.literal('pagerduty'),
  routingKey: z
    .string()
    .refine((text) => /^[A-Za-z0-9]{32}$/.test(text), KEY_HELP)
    .describe('Integration key of an Events API v2 integration.'),
  url: hookUrl('Where events are posted. Default: https://events.pagerduty.com.').optional(),
  ...common,
});
export const emailSchema = z.strictObject({
  kind: z.literal('email'),
  url: address(
    readSmtpAddress,
    'Mail server, smtp:// or smtps://, with user and password where it asks for them.',
  ),
  from: mailAddress.describe('Address of the sender.'),
  to: z
    .union([z.string().max(MAX_TEXT), z.array(mailAddress).min(1, MAIL_HELP).max(MOST_READERS)], {
      error: MAIL_HELP,
    })
    .transform((written, context) => {
      const found = typeof written === 'string' ? written.split(',').map((one) => one.trim()) : written;
      if (found.length <= MOST_READERS && found.every(isMailAddress)) return found;
      context.addIssue({ code: 'custom', message: `${MAIL_HELP}, up to ${MOST_READERS} of them` });
      return z.NEVER;
    })
    .describe('Addresses of the readers: a list, or a text with commas.'),
  ...common,
});

/** Schema of one receiver, by kind. */
export const RECEIVER_SCHEMAS = {
  slack: slackSchema,
  discord: discordSchema,
  webhook: webhookReceiverSchema,
  pagerduty: pagerdutySchema,
  email: emailSchema,
} as const;

export const receiverSchema = z
  .discriminatedUnion('kind', [
    slackSchema,
    discordSchema,
    webhookReceiverSchema,
    pagerdutySchema,
    emailSchema,
  ])
  .describe('Somebody who is told.');

/** The one receiver of earlier versions. */
export const webhookSchema = z
  .strictObject({ url: hookUrl('Where signed messages are posted.'), ...secrets })
  .describe(
    'A receiver of signed messages, as Standard Webhooks describes them; short for one of the receivers.',
  );

export const heartbeatSchema = z
  .strictObject({
    url: hookUrl('Address that is asked while all is well; it is a credential.'),
    every: seconds(30, 86_400, 'Time between two heartbeats. Default: 60s.').optional(),
  })
  .describe('An outside service that notices when Afterwatch falls silent.');

/** As any page, but nothing to be said of bearer tokens: what is sent is signed, or the address is the credential. */
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

/** Plain addresses only: no names, no comments, nothing that could end a header. */
function isMailAddress(text: string): boolean {
  return /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188}[A-Za-z0-9])?$/.test(text);
}
