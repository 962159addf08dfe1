import type { CollectResult } from '@/lib/core/model/scrape.ts';
import type { TargetIdentity } from '@/lib/core/model/target.ts';
import {
  type Collector,
  type CollectorSession,
  type ObserverAct,
  ScrapeError,
} from '@/lib/server/collectors/collector.ts';

/** What a session has sent so far, by act. */
export type Sent = Record<ObserverAct, number>;

/** Opens a session whose acts are counted; its closing is left in `closers`. */
export function openCounted<T extends TargetIdentity>(
  collector: Collector<T>,
  target: T,
  closers: (() => Promise<unknown>)[],
): { session: CollectorSession; sent: Sent } {
  const sent: Sent = { command: 0, connect: 0, query: 0, request: 0 };
  const session = collector.open(target, {
    count: (act, times = 1) => {
      sent[act] += times;
    },
  });
  closers.push(() => session.close());
  return { session, sent };
}

/** One visit with the session's own deadline. */
export function visitNow(session: CollectorSession): Promise<CollectResult> {
  const { timeoutSeconds } = session.pace();
  return session.collect({ signal: AbortSignal.timeout(timeoutSeconds * 1000), nowMs: Date.now() });
}

/** The error of a visit that must fail; throws when it succeeds or fails in another way. */
export async function failure(session: CollectorSession): Promise<ScrapeError> {
  const error = await visitNow(session).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ScrapeError)) throw new Error(`expected a ScrapeError, got ${String(error)}`);
  return error;
}
