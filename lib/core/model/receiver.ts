/** Kinds of receivers of notices. */
export const RECEIVER_KINDS = ['slack', 'discord', 'webhook', 'pagerduty', 'email'] as const;
export type ReceiverKind = (typeof RECEIVER_KINDS)[number];

/** What a receiver may be told of. */
export const NOTICE_TOPICS = ['alerts', 'verdicts', 'reminders'] as const;
export type NoticeTopic = (typeof NOTICE_TOPICS)[number];

/** How it stands with one receiver. */
export interface ReceiverView {
  name: string;
  kind: ReceiverKind;
  /** `host:port`, safe to show: addresses of receivers are secrets. */
  address: string;
  topics: readonly NoticeTopic[];
  /** Messages that wait, and when the oldest of them was written. */
  waiting: number;
  oldestMs: number | null;
  delivered: number;
  lastDeliveredMs: number | null;
  /** Why the last try failed; null when it did not. */
  lastError: string | null;
  /** When it is tried again; null when nothing waits. */
  nextTryMs: number | null;
  /** The latest that nobody took in time, newest last. */
  givenUp: readonly { about: string; atMs: number; why: string }[];
}

/** The heartbeat for an outside service that notices our silence; null where none is configured. */
export interface HeartbeatView {
  address: string;
  everyMs: number;
  lastOkMs: number | null;
  lastError: string | null;
}
