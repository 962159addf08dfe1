import 'server-only';
import type { Receiver } from '../../config/receivers.ts';
import type { Delivery, Sending, SendOptions } from './channel.ts';
import { sendDiscord } from './discord.ts';
import { sendEmail } from './email.ts';
import { sendPagerDuty } from './pagerduty.ts';
import { sendSlack } from './slack.ts';
import { sendWebhook } from './webhook.ts';

/** Sends one message to one receiver once, in the receiver's own form. Never rejects. */
export function sendTo(receiver: Receiver, sending: Sending, options: SendOptions = {}): Promise<Delivery> {
  switch (receiver.kind) {
    case 'slack':
      return sendSlack(receiver, sending, options);
    case 'discord':
      return sendDiscord(receiver, sending, options);
    case 'webhook':
      return sendWebhook(receiver, sending, options);
    case 'pagerduty':
      return sendPagerDuty(receiver, sending, options);
    case 'email':
      return sendEmail(receiver, sending, options);
    default:
      return receiver satisfies never;
  }
}
