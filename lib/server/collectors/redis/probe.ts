import 'server-only';
import type { RedisMode } from '@/lib/core/model/redis-mode.ts';
import { type Refusal, readRefusal } from './refusals.ts';

/** A key that nobody uses; reading it changes nothing. */
export const PROBE_KEY = 'afterwatch:probe';
/** Real commands beside the visit's own INFO. */
export const MOST_PROBES = 3;

/** A reply to one command: whether the server ran it, and its error text if not. */
export interface Reply {
  error: string | null;
}

/** What the real commands of one visit told. */
export interface ProbeResult {
  /** `active`: none was refused, which alone proves little. */
  mode: Extract<
    RedisMode,
    'active' | 'quota_exhausted' | 'throttled' | 'suspended_by_provider' | 'unreachable' | 'unknown'
  >;
  /** Commands that got a reply, the visit's own INFO among them. */
  answered: number;
  refused: number;
  /** The last refusal; null when none was read. */
  refusal: Refusal | null;
}

/**
 * Judges replies in their order. One refusal proves the limit, whatever else was answered: an exhausted Upstash still
 * answers about two commands of three. `lost`: the connection broke under a probe.
 */
export function judgeReplies(replies: readonly Reply[], lost: boolean): ProbeResult {
  const refusals = replies.flatMap(({ error }) => (error === null ? [] : (readRefusal(error) ?? [])));
  const refusal = refusals.at(-1) ?? null;
  const counts = { answered: replies.length, refused: refusals.length, refusal };
  if (refusal !== null) return { mode: refusal.kind, ...counts };
  if (lost) return { mode: 'unreachable', ...counts };
  // An error of another kind (loading, a command that is switched off) says neither yes nor no.
  const ran = replies.filter(({ error }) => error === null).length;
  return { mode: ran > 0 && ran === replies.length ? 'active' : 'unknown', ...counts };
}

/**
 * Sends up to three GETs of a key that nobody uses, one after another. PING would prove nothing: it may be answered
 * where real commands are refused, and the other way round. Where the ACL forbids GET, INFO is asked again.
 * `ask` rejects when the connection breaks.
 */
export async function probe(
  first: Reply,
  ask: (command: 'GET' | 'INFO', ...words: string[]) => Promise<Reply>,
  untilRefused: boolean,
): Promise<ProbeResult> {
  const replies: Reply[] = [first];
  let command: 'GET' | 'INFO' = 'GET';
  try {
    for (let sent = 0; sent < MOST_PROBES; sent += 1) {
      const reply = await (command === 'GET' ? ask('GET', PROBE_KEY) : ask('INFO', 'server'));
      if (command === 'GET' && /\bNOPERM\b|unknown command/i.test(reply.error ?? '')) {
        command = 'INFO';
        continue;
      }
      replies.push(reply);
      if (untilRefused && judgeReplies([reply], false).refused > 0) break;
    }
  } catch {
    return judgeReplies(replies, true);
  }
  return judgeReplies(replies, false);
}
