import 'server-only';
import type { AppTarget } from '@/lib/server/config/types.ts';
import { FetchError, type FetchFault } from '@/lib/server/http/fetch-error.ts';
import type { SafeHttp, SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { type CountAct, ScrapeError } from '../collector.ts';

export const METRICS_MAX_BYTES = 16 * 1024 * 1024;
export const HEALTH_MAX_BYTES = 1024 * 1024;

/**
 * The simplest dialect first: no exemplars, no seconds-based timestamps, no escaping schemes. What comes is read by
 * its own content type, whatever was asked for.
 */
const METRICS_ACCEPT = 'text/plain;version=0.0.4;q=1,*/*;q=0.1';
const HEALTH_ACCEPT = 'application/health+json,application/json;q=0.9,*/*;q=0.1';

/** What one visit brought. `metrics` has a 2xx status; `health` may have any, since a 503 is an answer too. */
export interface AppAnswers {
  metrics: SafeResponse | null;
  health: SafeResponse | null;
  /** Why the health endpoint could not be read while the metrics page could; null otherwise. */
  healthError: ScrapeError | null;
}

/**
 * Reads metrics page and health endpoint side by side, within one deadline. Throws `ScrapeError` when the metrics page
 * fails, or when there is only a health endpoint and that fails.
 */
export async function readApp(
  target: AppTarget,
  http: SafeHttp,
  count: CountAct,
  options: { signal: AbortSignal; deadlineMs: number },
): Promise<AppAnswers> {
  const { metricsUrl, healthUrl } = target;
  const ask = (url: string, accept: string, maxBytes: number) => {
    count('request');
    return http.fetch({ url, maxBytes, headers: headersFor(target, accept), ...options });
  };
  const [metrics, health] = await Promise.allSettled([
    metricsUrl === null ? null : ask(metricsUrl, METRICS_ACCEPT, METRICS_MAX_BYTES),
    healthUrl === null ? null : ask(healthUrl, HEALTH_ACCEPT, HEALTH_MAX_BYTES),
  ]);
  if (metrics.status === 'rejected') throw toScrapeError(metrics.reason, target, 'metrics page');
  if (metrics.value !== null) refuseStatus(metrics.value, target);
  if (health.status === 'fulfilled') {
    return { metrics: metrics.value, health: health.value, healthError: null };
  }
  const healthError = toScrapeError(health.reason, target, 'health endpoint');
  if (metrics.value === null) throw healthError;
  return { metrics: metrics.value, health: null, healthError };
}

/** `app: web-1`, as every error text of this collector begins. */
export function nameTarget({ name }: Pick<AppTarget, 'name'>): string {
  return `app: ${name}`;
}

/** The error of an HTTP status that says why there is no health answer; null when the status is an answer. */
export function refuseHealthStatus(answer: SafeResponse, target: AppTarget): ScrapeError | null {
  const { status } = answer;
  if (status === 401 || status === 403 || status === 404 || status === 410 || status === 429) {
    return statusError(answer, target, 'health endpoint', 'health');
  }
  return null;
}

function refuseStatus(answer: SafeResponse, target: AppTarget): void {
  if (answer.status < 200 || answer.status > 299)
    throw statusError(answer, target, 'metrics page', 'machines');
}

function statusError(
  { status, retryAfterMs }: SafeResponse,
  target: AppTarget,
  what: string,
  setting: string,
): ScrapeError {
  const who = nameTarget(target);
  const retry = retryAfterMs === null ? {} : { retryAfterMs };
  if (status === 401 || status === 403) {
    const fix = target.bearer === null ? 'set its token in the config' : 'check its token in the config';
    return new ScrapeError('auth', `${who}: its ${what} answered ${status}; ${fix}`, retry);
  }
  if (status === 429) {
    const text = `${who}: its ${what} answered 429, too many requests; exempt it from the rate limit`;
    return new ScrapeError('limit', text, retry);
  }
  if (status === 404 || status === 410) {
    return new ScrapeError(
      'http',
      `${who}: its ${what} answered ${status}; check its path under ${setting} in the config`,
      retry,
    );
  }
  return new ScrapeError(
    'http',
    `${who}: its ${what} answered ${status}, expected 200; see the app’s log`,
    retry,
  );
}

function headersFor({ bearer, headers: own }: AppTarget, accept: string): Record<string, string> {
  const headers = { accept, 'user-agent': 'afterwatch', ...own };
  return bearer === null ? headers : { ...headers, authorization: `Bearer ${bearer.reveal()}` };
}

const KINDS: Readonly<Record<FetchFault, ScrapeError['kind']>> = {
  timeout: 'timeout',
  cancelled: 'timeout',
  network: 'network',
  tls: 'network',
  // Only a person can mend it, by another address in the config.
  blocked: 'grant',
  redirect: 'http',
  too_large: 'limit',
  protocol: 'parse',
};

function toScrapeError(error: unknown, target: AppTarget, what: string): ScrapeError {
  if (error instanceof ScrapeError) return error;
  const kind = error instanceof FetchError ? KINDS[error.fault] : 'internal';
  const words = error instanceof FetchError ? error.message : 'the request failed inside Afterwatch';
  const fix = error instanceof FetchError ? fixFor(error.fault) : '';
  return new ScrapeError(kind, `${nameTarget(target)}: its ${what} could not be read: ${words}${fix}`, {
    cause: error,
  });
}

function fixFor(fault: FetchFault): string {
  switch (fault) {
    case 'timeout':
      return '; check the machine’s load and the network rule, or raise its timeout';
    case 'too_large':
      return '; drop labels with many values, such as full paths';
    case 'cancelled':
    case 'network':
    case 'tls':
    case 'blocked':
    case 'redirect':
    case 'protocol':
      return '';
    default:
      return fault satisfies never;
  }
}
