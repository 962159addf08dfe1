import 'server-only';
import type { FlyTarget } from '@/lib/server/config/types.ts';
import { FetchError, type FetchFault } from '@/lib/server/http/fetch-error.ts';
import type { SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { ScrapeError } from '../collector.ts';
import { quoteServer } from '../link-fault.ts';
import { errorSchema, type GraphqlAnswer } from './schema.ts';
import { bareToken } from './token.ts';

/** What is asked from Fly, each with a right of its own. */
export const PARTS = ['machines', 'releases', 'secrets', 'metrics'] as const;
export type Part = (typeof PARTS)[number];

export const PART_WORDS: Readonly<Record<Part, string>> = {
  machines: 'machines',
  releases: 'releases',
  secrets: 'names of secrets',
  metrics: 'metrics',
};

export function nameTarget({ name }: Pick<FlyTarget, 'name'>): string {
  return `fly: ${name}`;
}

/** A command that makes the token which reads everything here, and writes nothing. */
export function tokenCommand(organization: string | null): string {
  return `fly tokens create readonly -o ${organization ?? 'ORG'} --expiry 8760h`;
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

/** A request that gave no answer, or an error of ours. */
export function toScrapeError(error: unknown, target: FlyTarget, part: Part): ScrapeError {
  if (error instanceof ScrapeError) return error;
  const who = `${nameTarget(target)}: its ${PART_WORDS[part]} could not be read`;
  if (error instanceof FetchError) {
    return new ScrapeError(KINDS[error.fault], `${who}: ${error.message}${fixFor(error.fault)}`, {
      cause: error,
    });
  }
  return new ScrapeError('internal', `${who}: the request failed inside Afterwatch`, { cause: error });
}

function fixFor(fault: FetchFault): string {
  if (fault === 'timeout') return '; check the network rule, or raise its timeout';
  return fault === 'too_large' || fault === 'redirect' ? '; check the address of the API in the config' : '';
}

/** The error of a status that is no answer. */
export function statusError(answer: SafeResponse, target: FlyTarget, part: Part): ScrapeError {
  const { status } = answer;
  const retry = answer.retryAfterMs === null ? {} : { retryAfterMs: answer.retryAfterMs };
  const who = `${nameTarget(target)}: its ${PART_WORDS[part]}`;
  const is = (kind: ScrapeError['kind'], text: string) => new ScrapeError(kind, `${who} ${text}`, retry);
  switch (status) {
    case 401:
      return is(
        'auth',
        `were refused with 401: the token is unknown, expired or revoked; make one with ${tokenCommand(target.organization)}`,
      );
    case 403:
      return is(
        'grant',
        `were refused with 403: the token has no right to them; make one with ${tokenCommand(target.organization)}`,
      );
    case 404:
      return is(
        'grant',
        `gave 404: no app ${target.flyApp} that this token may see; check its name, and that the token is of its organisation`,
      );
    case 408:
      return is('timeout', 'gave 408: Fly gave up waiting for its hosts');
    case 429:
      return is(
        'limit',
        'gave 429, too many requests; raise intervalSeconds, or see who else polls this app',
      );
    default:
      return is('http', `gave ${status}, expected 200${said(answer, target)}; see status.flyio.net`);
  }
}

/** The error inside a GraphQL answer, which comes with status 200; null when it brings the app. */
export function graphqlError(answer: GraphqlAnswer, target: FlyTarget): ScrapeError | null {
  if (answer.data?.app) return null;
  const [first] = answer.errors ?? [];
  const who = `${nameTarget(target)}: its ${PART_WORDS.releases}`;
  const code = first?.extensions?.code ?? '';
  if (
    /UNAUTHORIZED|UNAUTHENTICATED/.test(code) ||
    /authenticated|unauthorized|token/i.test(first?.message ?? '')
  ) {
    const fix = `make a token with ${tokenCommand(target.organization)}`;
    return new ScrapeError('grant', `${who} were refused: the token has no right to them; ${fix}`);
  }
  if (first === undefined && !answer.data) {
    return new ScrapeError(
      'parse',
      `${who} came as another shape than GraphQL’s; check graphqlUrl in the config`,
    );
  }
  if (first === undefined || code === 'NOT_FOUND' || /not find/i.test(first.message)) {
    return new ScrapeError(
      'grant',
      `${who}: no app ${target.flyApp} that this token may see; check its name`,
    );
  }
  const words = quoteServer(first.message, bareToken(target.token.reveal()));
  return new ScrapeError(
    'http',
    `${who} gave an error: ${words}; the API is Fly’s internal one and may have changed`,
  );
}

export function shapeError(target: FlyTarget, part: Part, answer: SafeResponse): ScrapeError {
  const what = /^\s*</.test(answer.text) ? 'HTML' : 'another shape than expected, or were cut';
  return new ScrapeError(
    'parse',
    `${nameTarget(target)}: its ${PART_WORDS[part]} came as ${what}; check the address of the API in the config`,
  );
}

function said({ text }: SafeResponse, target: FlyTarget): string {
  try {
    const parsed = errorSchema.safeParse(JSON.parse(text));
    return parsed.success ? `: ${quoteServer(parsed.data.error, bareToken(target.token.reveal()))}` : '';
  } catch {
    return '';
  }
}
