import 'server-only';
import type { PagerDutyReceiver } from '../../config/receivers.ts';
import type { NoticeBody } from '../notice-body.ts';
import { type PlainNotice, plainNotice, type Tone } from '../plain-notice.ts';
import { type Delivery, postJson, type Sending, type SendOptions } from './channel.ts';

/** Limits of Events API v2. */
const MOST_SUMMARY = 1_024;
const MOST_KEY = 255;

type Act = 'trigger' | 'acknowledge' | 'resolve';

/** An event as Events API v2 takes it, without the key that routes it. */
export interface PagerDutyEvent {
  event_action: Act;
  /** What makes one incident of several events. */
  dedup_key: string;
  client: 'Afterwatch';
  client_url?: string;
  links: readonly { href: string; text: string }[];
  /** Only of a trigger. */
  payload?: {
    summary: string;
    source: string;
    severity: 'critical' | 'error' | 'warning' | 'info';
    timestamp: string;
    custom_details: Readonly<Record<string, string>>;
  };
}

const SEVERITIES: Record<Tone, 'critical' | 'warning' | 'info'> = {
  critical: 'critical',
  warning: 'warning',
  unknown: 'warning',
  info: 'info',
  good: 'info',
};

/**
 * A message as events: an incident for each firing of an alert, and one for each deploy, which a kept promise resolves.
 * A test opens an incident and resolves it.
 */
export function renderPagerDuty(id: string, body: NoticeBody): readonly PagerDutyEvent[] {
  const plain = plainNotice(body);
  switch (body.type) {
    case 'alert.firing':
      return [eventOf('trigger', body.data.incident, body, plain)];
    case 'alert.acknowledged':
      return [eventOf('acknowledge', body.data.incident, body, plain)];
    case 'alert.resolved':
      return [eventOf('resolve', body.data.incident, body, plain)];
    case 'verdict.decided':
      return [eventOf(plain.tone === 'good' ? 'resolve' : 'trigger', body.data.deploy.id, body, plain)];
    case 'review.due':
    case 'followup.due':
    case 'digest':
      return [eventOf('trigger', id, body, plain)];
    case 'test':
      return [eventOf('trigger', id, body, plain), eventOf('resolve', id, body, plain)];
    default:
      return body satisfies never;
  }
}

function eventOf(
  act: Act,
  key: string,
  body: NoticeBody,
  { tone, title, lines, command, url }: PlainNotice,
): PagerDutyEvent {
  const common = {
    event_action: act,
    dedup_key: key.slice(0, MOST_KEY),
    client: 'Afterwatch' as const,
    ...(url === null ? {} : { client_url: url }),
    links: url === null ? [] : [{ href: url, text: 'Open in Afterwatch' }],
  };
  if (act !== 'trigger') return common;
  return {
    ...common,
    payload: {
      summary: title.slice(0, MOST_SUMMARY),
      source: sourceOf(body),
      severity: SEVERITIES[tone],
      timestamp: body.timestamp,
      custom_details: { text: lines.join('\n'), ...(command === null ? {} : { command }) },
    },
  };
}

function sourceOf(body: NoticeBody): string {
  switch (body.type) {
    case 'alert.firing':
    case 'alert.acknowledged':
    case 'alert.resolved':
      return `${body.data.alert.app} ${body.data.alert.environment}`;
    case 'verdict.decided':
    case 'review.due':
    case 'followup.due':
      return `${body.data.deploy.app} ${body.data.deploy.environment}`;
    case 'digest':
    case 'test':
      return 'afterwatch';
    default:
      return body satisfies never;
  }
}

/** Sends the events of a message one after the other; the first that is not taken ends it. */
export async function sendPagerDuty(
  { url, address, routingKey }: PagerDutyReceiver,
  { id, body }: Sending,
  options: SendOptions,
): Promise<Delivery> {
  const to = { url: new URL('/v2/enqueue', url.reveal()).href, address };
  for (const event of renderPagerDuty(id, body)) {
    const text = JSON.stringify({ routing_key: routingKey.reveal(), ...event });
    const delivery = await postJson(to, { text }, options);
    if (!delivery.ok) return delivery;
  }
  return { ok: true };
}
