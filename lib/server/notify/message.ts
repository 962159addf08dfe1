import 'server-only';
import { createHash } from 'node:crypto';
import type { AlertSeverity } from '@/lib/core/model/alert.ts';
import { scrubText } from '../log/index.ts';
import type { NoticeBody, NoticeType } from './notice-body.ts';

/** Something to tell others, before it is known to whom. */
export interface Message {
  /** Stays the same however often it is made: by it a receiver knows a repeat. */
  id: string;
  type: NoticeType;
  /** What belongs together and goes in order: an incident, a deploy. */
  incident: string;
  /** Of alerts; null for everything else. */
  severity: AlertSeverity | null;
  /** What it tells, for a person: `v1203: met`. */
  about: string;
  /** When it happened. */
  atMs: number;
  /** JSON of a `NoticeBody`. */
  body: string;
}

/** With texts as long as these, the largest message is about 60 KB. */
const MOST_CHARS = 600;
const MOST_ABOUT = 200;

/** A message of its body; `name` makes its id, so that the same thing told twice is the same message. */
export function messageOf(
  name: string,
  body: NoticeBody,
  told: { about: string; incident: string; severity?: AlertSeverity },
): Message {
  return {
    id: messageId(name),
    type: body.type,
    incident: told.incident,
    severity: told.severity ?? null,
    about: scrubText(told.about).slice(0, MOST_ABOUT),
    atMs: Date.parse(body.timestamp),
    body: JSON.stringify(body),
  };
}

/** `msg_` and 128 bits of the hash of what it tells. */
export function messageId(name: string): string {
  return `msg_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

/** Text as it may leave the product: secrets were out before it was stored; what looks like one goes here at the latest. */
export function told(text: string): string {
  const clean = scrubText(text);
  return clean.length > MOST_CHARS ? `${clean.slice(0, MOST_CHARS)}…` : clean;
}

/** ISO text of a time; one that no calendar has becomes the nearest that it has. */
export function iso(atMs: number): string {
  return new Date(Math.min(Math.max(atMs, -8.64e15), 8.64e15)).toISOString();
}
