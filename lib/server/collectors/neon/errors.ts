import 'server-only';
import { FetchError, type FetchFault } from '@/lib/server/http/fetch-error.ts';
import type { SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { ScrapeError } from '../collector.ts';
import { quoteServer } from '../link-fault.ts';
import { errorBodySchema } from './schema.ts';

/** What a text about a failed call must name. */
export interface CallWords {
  /** Name of the target. */
  target: string;
  /** What was asked, such as `the list of endpoints`. */
  what: string;
  /** Taken out of whatever the server says. */
  apiKey: string;
}

/** A quota of the project or account that is used up: contact changes nothing until a person or a new period does. */
const QUOTA =
  /exceeded the [a-z ]*quota|quotas? and\/or contact|limit of concurrently active endpoints|active endpoints limit|_QUOTA_EXCEEDED|_LIMIT_EXCEEDED/i;

/** The error of an answer that is no 2xx. */
export function statusError(answer: SafeResponse, words: CallWords): ScrapeError {
  const { status, retryAfterMs } = answer;
  const who = `neon: ${words.target}`;
  const said = whatNeonSaid(answer, words);
  const retry = retryAfterMs === null ? {} : { retryAfterMs };
  const make = (kind: ScrapeError['kind'], text: string) => new ScrapeError(kind, `${who}: ${text}`, retry);

  if (QUOTA.test(said.raw)) {
    return make(
      'quota',
      `Neon says that a quota is used up${said.quoted}; raise the plan or the quota, or wait for the next billing period`,
    );
  }
  // A personal key belongs to no organisation, and lists are by organisation.
  if (status === 400 && /org_id/i.test(said.raw)) {
    return make(
      'grant',
      `Neon wants to know the organisation for ${words.what}; name the project to watch as "project" in the config`,
    );
  }
  switch (status) {
    case 401:
      return make(
        'auth',
        `Neon refused the API key (401) for ${words.what}; make a new key under Settings, API keys, and put it into NEON_API_KEY`,
      );
    case 402:
      return make('quota', `Neon wants a payment first (402) for ${words.what}; look at its billing page`);
    case 403:
      return make(
        'grant',
        `the API key may not read ${words.what} (403)${said.quoted}; a project-scoped key reads its own project only, so name that project in the config, or use a key of the organisation`,
      );
    case 404:
      return make(
        'grant',
        `Neon knows no such project, or the API key does not see it (404) for ${words.what}; check "project" in the config (such as shiny-wind-028834) and the scope of the key`,
      );
    case 406:
      return make('http', `Neon does not keep ${words.what} for the asked time (406)`);
    case 423:
      return make(
        'http',
        `Neon has locked the project for another operation (423)${said.quoted}; it answers when that is done`,
      );
    case 429:
      return make(
        'limit',
        `Neon answered 429, too many requests, for ${words.what}; its 700 a minute are shared with the console and everything else of the account, so raise intervalSeconds if that goes on`,
      );
    default:
      return make(
        'http',
        `Neon answered ${status} for ${words.what}, expected 200${said.quoted}; it is asked again, see neonstatus.com if that goes on`,
      );
  }
}

/** Names any failure of a call. */
export function toScrapeError(error: unknown, words: CallWords): ScrapeError {
  if (error instanceof ScrapeError) return error;
  const who = `neon: ${words.target}`;
  if (error instanceof FetchError) {
    return new ScrapeError(
      KINDS[error.fault],
      `${who}: ${words.what} could not be read: ${error.message}${fixFor(error.fault)}`,
      { cause: error },
    );
  }
  return new ScrapeError(
    'internal',
    `${who}: ${words.what} could not be read: the request failed inside Afterwatch`,
    { cause: error },
  );
}

/** An answer that is not what the API describes. */
export function parseError(words: CallWords, detail: string): ScrapeError {
  return new ScrapeError(
    'parse',
    `neon: ${words.target}: ${words.what} is not what Neon’s API v2 describes (${detail}); check apiUrl, and what lies between us and console.neon.tech`,
  );
}

/** Order in which one error stands for a visit where every call failed: the one that a person can do most about. */
const TELLING: readonly ScrapeError['kind'][] = [
  'auth',
  'quota',
  'grant',
  'limit',
  'parse',
  'internal',
  'http',
  'network',
  'timeout',
];

export function mostTelling(errors: readonly ScrapeError[]): ScrapeError | null {
  return errors.toSorted((a, b) => TELLING.indexOf(a.kind) - TELLING.indexOf(b.kind))[0] ?? null;
}

const KINDS: Readonly<Record<FetchFault, ScrapeError['kind']>> = {
  timeout: 'timeout',
  cancelled: 'timeout',
  network: 'network',
  tls: 'network',
  blocked: 'grant',
  redirect: 'http',
  too_large: 'limit',
  protocol: 'parse',
};

function fixFor(fault: FetchFault): string {
  if (fault === 'timeout') return '; check the network rule, or raise its timeout';
  return fault === 'too_large' || fault === 'redirect' ? '; check apiUrl' : '';
}

function whatNeonSaid(
  { text, contentType }: SafeResponse,
  { apiKey }: CallWords,
): { raw: string; quoted: string } {
  if (contentType === null || !/\bjson\b/i.test(contentType)) return { raw: '', quoted: '' };
  try {
    const { code, message } = errorBodySchema.parse(JSON.parse(text));
    const words = quoteServer(message, apiKey);
    return { raw: `${code} ${message}`, quoted: words === '' ? '' : `: "${words}"` };
  } catch {
    return { raw: '', quoted: '' };
  }
}
