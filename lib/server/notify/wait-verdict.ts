import 'server-only';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import { standingState, type VerdictAnswer, verdictAnswer } from '@/lib/core/watch/verdict-answer.ts';
import { outcomeOf } from '@/lib/core/watch/verdict-text.ts';
import { KnownError } from '../http/guards.ts';
import type { Runtime } from '../runtime.ts';
import { type DeployAsked, findDeploy } from './find-deploy.ts';
import type { WatchSource } from './watch-source.ts';

/** The longest that one request may wait; whoever waits longer asks again. */
export const MAX_WAIT_SECONDS = 60;
/** Each holds a connection and is looked at with every change. */
const MOST_WAITING = 100;
/** Looked at this often too: a watch may be opened, or a deploy known, without a change of state. */
const LOOK_AGAIN_MS = 5 * SECOND_MS;

type Deps = Pick<Runtime, 'config' | 'deploys'> & {
  watches?: Pick<WatchSource, 'get' | 'linesNow' | 'onChange'> | undefined;
};

export interface VerdictAsked extends DeployAsked {
  /** Id, release or `latest`. */
  name: string;
  /** 0 for an answer at once. */
  waitMs: number;
  /** Begin of addresses: `https://afterwatch.example`. */
  base: string;
}

let waiting = 0;

/**
 * The verdict on a deploy; with a wait, once promises are kept or not kept, its watch is over, or the time is up. Ends
 * with the request. Null when there is no such deploy; throws `KnownError` where too many wait.
 */
export async function waitForVerdict(
  deps: Deps,
  asked: VerdictAsked,
  signal: AbortSignal,
): Promise<VerdictAnswer | null> {
  const untilMs = performance.now() + asked.waitMs;
  const first = await readVerdict(deps, asked);
  if (asked.waitMs === 0 || first === null || isSettled(first)) return first;
  if (waiting >= MOST_WAITING) {
    const message = `${MOST_WAITING} requests wait for a verdict already. Ask again in a moment, or without wait.`;
    throw new KnownError('too_many', message, { retryAfterSeconds: 5 });
  }
  waiting += 1;
  // From before the next look on, so that no change falls between a look and the wait for the next.
  let wake = (): void => {};
  let isStale = true;
  const stop = deps.watches?.onChange(({ record }) => {
    if (record.deployId !== first.deploy.id && asked.name !== 'latest') return;
    isStale = true;
    wake();
  });
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (let answer: VerdictAnswer | null = first; ; ) {
      if (isStale) {
        isStale = false;
        answer = await readVerdict(deps, asked);
        if (answer === null || isSettled(answer)) return answer;
      }
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0 || signal.aborted) return answer;
      if (!isStale) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(leftMs, LOOK_AGAIN_MS));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        isStale = true;
      }
    }
  } finally {
    waiting -= 1;
    stop?.();
    signal.removeEventListener('abort', onAbort);
  }
}

async function readVerdict(
  deps: Deps,
  { name, base, ...asked }: VerdictAsked,
): Promise<VerdictAnswer | null> {
  const deploy = await findDeploy(deps, name, asked);
  if (deploy === null) return null;
  const record = (await deps.watches?.get(deploy.id)) ?? null;
  return verdictAnswer(deploy, record, `${base}/deploys/${deploy.id}`);
}

/** Nothing to wait for any more. */
function isSettled(answer: VerdictAnswer): boolean {
  return answer.closed || answer.override !== null || outcomeOf(standingState(answer)) !== null;
}
