import 'server-only';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '@/lib/server/collectors/collector.ts';
import type { UpstashTarget } from '@/lib/server/config/types.ts';
import { FetchError, type FetchFault } from '@/lib/server/http/fetch-error.ts';
import type { SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { quoteServer } from '../link-fault.ts';
import { errorBodySchema } from './schema.ts';

/** What to do where there is no Developer API for a database. */
export const NOT_HERE =
  'databases made through Fly or Vercel have no Developer API: watch them by the redis source and by counters of your app';

/** A status that refuses us. `status` lets the session tell a missing database from a bad key. */
export class UpstashRefusal extends ScrapeError {
  constructor(
    readonly status: number,
    kind: ScrapeError['kind'],
    message: string,
    retryAfterMs: number | null,
  ) {
    super(kind, message, retryAfterMs === null ? {} : { retryAfterMs });
  }
}

/** `upstash: main-cache`, as every error text of this collector begins. */
export function nameTarget({ name }: Pick<UpstashTarget, 'name'>): string {
  return `upstash: ${name}`;
}

/** A fault of the configuration or the grants: only a person can mend it, so it is asked again once an hour. */
export function grantError(target: UpstashTarget, text: string): ScrapeError {
  return new ScrapeError('grant', `${nameTarget(target)}: ${text}`, { retryAfterMs: HOUR_MS });
}

/** The error of an answer that is no 2xx. `what`: such as `its statistics`. */
export function refusalOf(answer: SafeResponse, target: UpstashTarget, what: string): UpstashRefusal {
  const { status, retryAfterMs } = answer;
  const said = quoteAnswer(answer, target);
  const refuse = (kind: ScrapeError['kind'], text: string, waitMs: number | null = retryAfterMs) =>
    new UpstashRefusal(status, kind, `${nameTarget(target)}: ${text}${said}`, waitMs);
  if (status === 401) {
    return refuse(
      'auth',
      `the Developer API refused the e-mail or the API key (401); make a new management API key in the console; ${NOT_HERE}`,
    );
  }
  if (status === 403) {
    return refuse(
      'grant',
      `the API key may not read ${what} (403); give it a key of the account or team that owns the database; ${NOT_HERE}`,
      HOUR_MS,
    );
  }
  if (status === 404) {
    return refuse(
      'grant',
      `the Developer API does not know ${what} (404); check database and apiUrl; ${NOT_HERE}`,
      HOUR_MS,
    );
  }
  if (status === 429) {
    return refuse(
      'limit',
      'the Developer API answered 429, too many requests; raise the interval of this source',
    );
  }
  return refuse('http', `the Developer API answered ${status} for ${what}, expected 200; it is asked again`);
}

/** What a request that gave no answer means. */
export function fetchFailure(error: unknown, target: UpstashTarget, what: string): ScrapeError {
  if (error instanceof ScrapeError) return error;
  if (!(error instanceof FetchError)) {
    return new ScrapeError('internal', `${nameTarget(target)}: reading ${what} failed inside Afterwatch`, {
      cause: error,
    });
  }
  return new ScrapeError(
    KINDS[error.fault],
    `${nameTarget(target)}: ${what} could not be read: ${error.message}${fixFor(error.fault)}`,
    { cause: error },
  );
}

/** An answer with another shape than we rely on. The cause is not kept: it may quote the body. */
export function shapeError(target: UpstashTarget, what: string, found: string): ScrapeError {
  return new ScrapeError(
    'parse',
    `${nameTarget(target)}: ${what} came in another shape than expected: ${found}; check apiUrl, and look for an update of Afterwatch`,
  );
}

/** True for a failure that the next call would meet as well: it is not made. */
export function isForAll(error: ScrapeError): boolean {
  return (
    error.kind === 'auth' || error.kind === 'limit' || error.kind === 'network' || error.kind === 'internal'
  );
}

/** True for an answer over our own cap; a 429 is another thing. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof ScrapeError && error.kind === 'limit' && !(error instanceof UpstashRefusal);
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

function fixFor(fault: FetchFault): string {
  switch (fault) {
    case 'timeout':
      return '; check the network rule, or raise its timeout';
    case 'redirect':
    case 'too_large':
      return '; check apiUrl';
    case 'cancelled':
    case 'network':
    case 'tls':
    case 'blocked':
    case 'protocol':
      return '';
    default:
      return fault satisfies never;
  }
}

/** ` (it says: …)` with the API’s own words; empty where it has none, or a page of HTML. */
function quoteAnswer({ text }: SafeResponse, target: UpstashTarget): string {
  const words = errorWords(text.slice(0, 4_096));
  if (words === null) return '';
  const key = target.apiKey.reveal();
  const safe = quoteServer(withoutOwner(words, target), key);
  return safe === '' ? '' : ` (it says: ${safe})`;
}

/** Takes out the address of the account, and the pair as the request carries it. */
function withoutOwner(text: string, { email, apiKey }: UpstashTarget): string {
  const pair = Buffer.from(`${email}:${apiKey.reveal()}`).toString('base64');
  const hidden = [pair, email].filter((word) => word !== '');
  return hidden.reduce((rest, word) => rest.replaceAll(word, '[hidden]'), text);
}

function errorWords(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.startsWith('<')) return null;
  let body: unknown;
  try {
    body = JSON.parse(trimmed);
  } catch {
    return /^[[{]/.test(trimmed) ? null : trimmed;
  }
  if (typeof body === 'string') return body;
  const parsed = errorBodySchema.safeParse(body);
  return parsed.success ? (parsed.data.error ?? parsed.data.message ?? null) : null;
}
