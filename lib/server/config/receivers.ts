import 'server-only';
import type { AlertSeverity } from '@/lib/core/model/alert.ts';
import type { NoticeTopic } from '@/lib/core/model/receiver.ts';
import type { Secret } from './secret.ts';

interface ReceiverIdentity {
  /** Unique among the receivers. */
  name: string;
  /** `host:port`, safe to show: the rest of an address is what some services guard. */
  address: string;
  topics: readonly NoticeTopic[];
  /** Only alerts of at least this severity. */
  severity: AlertSeverity;
}

/** An incoming webhook of Slack, or of what speaks like it. */
export interface SlackReceiver extends ReceiverIdentity {
  kind: 'slack';
  url: Secret;
}

export interface DiscordReceiver extends ReceiverIdentity {
  kind: 'discord';
  url: Secret;
}

/** A receiver of signed messages. */
export interface WebhookReceiver extends ReceiverIdentity {
  kind: 'webhook';
  url: Secret;
  /** `whsec_` and base64, or any other text. Each message is signed with all of them: so a secret is changed without a gap. */
  secrets: readonly [Secret, ...Secret[]];
}

export interface PagerDutyReceiver extends ReceiverIdentity {
  kind: 'pagerduty';
  /** Begin of the address: `https://events.pagerduty.com`. */
  url: Secret;
  routingKey: Secret;
}

export interface EmailReceiver extends ReceiverIdentity {
  kind: 'email';
  /** `smtp://` or `smtps://`, with credentials. */
  url: Secret;
  from: string;
  to: readonly string[];
}

/** Somebody who is told of alerts, verdicts and what is due. */
export type Receiver = SlackReceiver | DiscordReceiver | WebhookReceiver | PagerDutyReceiver | EmailReceiver;

/** An outside service that notices when we fall silent. */
export interface HeartbeatTarget {
  url: Secret;
  /** `host:port`, safe to show. */
  address: string;
  everyMs: number;
}

/** Whom to tell, and who listens to our heartbeat. */
export interface NotifySettings {
  receivers: readonly Receiver[];
  /** Null: nobody listens. */
  heartbeat: HeartbeatTarget | null;
}
