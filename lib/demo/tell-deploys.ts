import type { DemoSummary } from './summaries.ts';

/** Where Afterwatch answers, and what lets one in; without a token the request is that of a page on this machine. */
export interface Afterwatch {
  url: string;
  token: string | null;
}

const RETRY_MS = 500;
const DEADLINE_MS = 60_000;
const ANSWER_MS = 10_000;

/**
 * Sends the summaries as a pipeline would, once the server answers: they come in by its own API, like anybody's. Rejects
 * when they are refused, or when nothing answers for a minute.
 */
export async function tellDeploys(
  { url, token }: Afterwatch,
  summaries: readonly DemoSummary[],
  nowMs: () => number = () => Date.now(),
): Promise<void> {
  const untilMs = nowMs() + DEADLINE_MS;
  while (!(await isReady(url))) {
    if (nowMs() > untilMs) throw new Error('demo fleet: nobody took its deploy summaries within a minute');
    await new Promise((wake) => setTimeout(wake, RETRY_MS).unref());
  }
  for (const deploy of summaries) {
    const response = await fetch(`${url}/api/deploys`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': `demo-${deploy.release}-${deploy.time}`,
        ...(token === null ? { origin: url } : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(deploy),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.body?.cancel();
    if (!response.ok)
      throw new Error(`demo fleet: the summary of ${deploy.release} was refused (${response.status})`);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/ready`, { signal: AbortSignal.timeout(ANSWER_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
