import { setTimeout as pause } from 'node:timers/promises';
import { parseDurationMs } from '@/lib/core/time/named-range.ts';
import { HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { standingState, type VerdictAnswer, verdictAnswerSchema } from '@/lib/core/watch/verdict-answer.ts';
import { outcomeOf } from '@/lib/core/watch/verdict-text.ts';
import { askServer, type ServerAnswer } from './ask-server.ts';
import { type CommandIo, EXIT, type ExitCode } from './command.ts';
import { plainText } from './text.ts';

/** What one request may wait for; longer waits ask again, and so outlive a restart of the server. */
const ONE_REQUEST_SECONDS = 60;
/** Between two questions that were answered at once: from the first to the last, doubling. */
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 3 * SECOND_MS;
const LONGEST_MS = 8 * 24 * HOUR_MS;

export interface VerdictAsked {
  /** Id, release or `latest`. */
  id: string;
  app?: string | undefined;
  environment?: string | undefined;
  /** 0: what stands now. */
  waitMs: number;
}

export type VerdictRead = { answer: VerdictAnswer; raw: unknown } | { fault: string };

/** A length of `--wait` such as `30m`, ms; a text says what was expected. */
export function readWait(text: string): number | string {
  const waitMs = parseDurationMs(text);
  return waitMs === null || waitMs === 0 || waitMs > LONGEST_MS
    ? '--wait takes a length such as 90s, 30m or 24h, up to 8d'
    : waitMs;
}

/**
 * The verdict as it stands, or once promises are kept or not kept, or the watch is over, or the time is up. A server that
 * goes away and comes back is asked again, told once on stderr; one that never answered is a fault at once. Never throws.
 */
export async function awaitVerdict(
  io: CommandIo,
  command: string,
  asked: VerdictAsked,
): Promise<VerdictRead> {
  const endMs = performance.now() + asked.waitMs;
  let wasReached = false;
  let isTold = false;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const startMs = performance.now();
    const leftMs = Math.max(0, endMs - startMs);
    const waitSeconds = Math.min(ONE_REQUEST_SECONDS, Math.ceil(leftMs / SECOND_MS));
    const got = await askServer(io, {
      method: 'GET',
      path: pathOf(asked, waitSeconds),
      waitMs: waitSeconds * SECOND_MS,
    });
    const read = readAnswer(got);
    const isLast = performance.now() >= endMs;
    if ('answer' in read) {
      if (isLast || isSettled(read.answer)) return read;
      wasReached = true;
      isTold = false;
    } else {
      if (isLast || !mayPass(got, wasReached)) return { fault: read.fault };
      if (!isTold)
        io.err(plainText(`afterwatch ${command}: ${read.fault}; asking again until the time is up`));
      isTold = true;
    }
    // An answer that came at once, though it was to wait, must not make a storm of questions.
    if (performance.now() - startMs >= LAST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
    else {
      await pause(Math.min(pauseMs, Math.max(0, endMs - performance.now())));
      pauseMs = Math.min(LAST_PAUSE_MS, 2 * pauseMs);
    }
  }
}

function pathOf({ id, app, environment }: VerdictAsked, waitSeconds: number): string {
  const query = new URLSearchParams({
    ...(waitSeconds > 0 ? { wait: String(waitSeconds) } : {}),
    ...(app === undefined ? {} : { app }),
    ...(environment === undefined ? {} : { environment }),
  });
  return `/api/deploys/${encodeURIComponent(id)}/verdict${query.size === 0 ? '' : `?${query}`}`;
}

function readAnswer(got: ServerAnswer): VerdictRead {
  if ('fault' in got) return { fault: got.fault };
  const parsed = verdictAnswerSchema.safeParse(got.raw);
  return parsed.success
    ? { answer: parsed.data, raw: got.raw }
    : { fault: `${got.origin} gave no verdict that we can read: is it an Afterwatch of this version?` };
}

/** Whether a fault may be gone in a moment: a server that restarts, too many at once. */
function mayPass(got: ServerAnswer, wasReached: boolean): boolean {
  if (!('fault' in got)) return false;
  const { status } = got;
  if (status === 429 || status === 503) return true;
  return wasReached && (status === null || status >= 500);
}

function isSettled(answer: VerdictAnswer): boolean {
  return answer.closed || outcomeOf(standingState(answer)) !== null;
}

/** 0 where promises are kept, 1 where they are not, 2 where nobody knows. */
export function exitOf(answer: VerdictAnswer): ExitCode {
  switch (outcomeOf(standingState(answer))) {
    case 'kept':
      return EXIT.fine;
    case 'broken':
      return EXIT.firing;
    case null:
      return EXIT.cannotTell;
  }
}
