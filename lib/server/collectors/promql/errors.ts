import 'server-only';
import { FetchError, type FetchFault } from '@/lib/server/http/fetch-error.ts';
import type { SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { ScrapeError } from '../collector.ts';
import { quoteServer } from '../link-fault.ts';
import { type Envelope, envelopeSchema } from './schema.ts';

/** What only the user of the query API knows about it. */
export interface PromWords {
  /** How every error text begins, such as `prometheus: main`. */
  who: string;
  /** Behind a 401: what to set or check. */
  authFix: string;
  /** Behind a 403. */
  grantFix: string;
  /** Behind a 404. */
  pathFix: string;
  /** Behind an answer that is too large. */
  sizeFix: string;
  /** Taken out of whatever the server says; null when there is none. */
  secret: string | null;
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

/** A request that gave no answer, or an error of ours. */
export function toScrapeError(error: unknown, { who, sizeFix }: PromWords): ScrapeError {
  if (error instanceof ScrapeError) return error;
  if (!(error instanceof FetchError)) {
    return new ScrapeError('internal', `${who}: the request failed inside Afterwatch`, { cause: error });
  }
  return new ScrapeError(
    KINDS[error.fault],
    `${who}: could not be read: ${error.message}${fixFor(error.fault, sizeFix)}`,
    {
      cause: error,
    },
  );
}

function fixFor(fault: FetchFault, sizeFix: string): string {
  if (fault === 'too_large') return `; ${sizeFix}`;
  return fault === 'timeout' ? '; check the network rule, or raise its timeout' : '';
}

/** The body of an answer as the API's envelope; null for anything else, such as a gateway's HTML. */
export function readEnvelope({ text }: Pick<SafeResponse, 'text'>): Envelope | null {
  try {
    const parsed = envelopeSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The error of an answer that brought no data. */
export function refusal(answer: SafeResponse, envelope: Envelope | null, words: PromWords): ScrapeError {
  const { who, secret } = words;
  const { status } = answer;
  const retry = answer.retryAfterMs === null ? {} : { retryAfterMs: answer.retryAfterMs };
  const said = envelope?.error === undefined ? '' : `: ${quoteServer(envelope.error, secret)}`;
  const is = (kind: ScrapeError['kind'], text: string) => new ScrapeError(kind, `${who}: ${text}`, retry);

  if (status === 401) return is('auth', `answered 401; ${words.authFix}`);
  if (status === 403) return is('grant', `answered 403; ${words.grantFix}`);
  if (status === 404) return is('http', `answered 404; ${words.pathFix}`);
  if (status === 429 || envelope?.errorType === 'too_many_requests') {
    return is('limit', `answered 429, too many requests${said}; raise intervalSeconds`);
  }
  if (envelope === null) return withoutEnvelope(answer, is);
  switch (envelope.errorType) {
    case 'timeout':
    case 'canceled':
      return is('timeout', `gave up on our query${said}; ask for less, or raise its query timeout`);
    case 'bad_data':
    case 'bad_request':
      return is('parse', `refused our query${said}; check the queries in the config`);
    case 'execution':
      return /too many|limit|exceed/i.test(envelope.error ?? '')
        ? is('limit', `refused our query as too large${said}; narrow it with match in the config`)
        : is('parse', `could not run our query${said}; check the queries in the config`);
    default:
      return is('http', `answered ${status} with an error${said}; see its log`);
  }
}

function withoutEnvelope(
  { status, text }: SafeResponse,
  is: (kind: ScrapeError['kind'], text: string) => ScrapeError,
): ScrapeError {
  if (status === 503 || status === 504) {
    return is(
      'http',
      `answered ${status}, expected data; it or the gateway before it is not ready; see its log`,
    );
  }
  if (status < 200 || status > 299) {
    return is('http', `answered ${status}, expected 200; see the log of the gateway before it`);
  }
  const what = /^\s*</.test(text) ? 'HTML (a login page?)' : 'something that is not its JSON, or was cut';
  return is('parse', `answered ${what}; check its url in the config, the part before /api/v1/query`);
}
