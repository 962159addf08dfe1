import 'server-only';
import pg from 'pg';
import { ScrapeError } from '@/lib/server/collectors/collector.ts';
import {
  codeOf,
  type NamedFault,
  nameLinkFault,
  quoteServer,
  type When,
  withinWords,
} from '../link-fault.ts';

interface Who {
  name: string;
  /** `host:port`, safe to show. */
  address: string;
  login: { user: string; database: string; password: string };
}

/**
 * Names a failure of Postgres: which kind it is, what was expected, what to do. `errors` are the caught one and the
 * connection's own, which often knows more. No credentials in the text, whatever the server said.
 */
export function toScrapeError(who: Who, when: When, errors: readonly unknown[]): ScrapeError {
  const known = errors.find((error) => error instanceof ScrapeError);
  if (known instanceof ScrapeError) return known;
  const { kind, text } = nameFailure(who, when, errors);
  return new ScrapeError(kind, `postgres: ${who.name} ${text}`, {
    cause: errors.find((error) => error != null),
  });
}

/** SQLSTATE of the server's refusal behind a scrape error; null when it was none. */
export function refusalCode(error: unknown): string | null {
  const cause = error instanceof ScrapeError ? error.cause : null;
  return cause instanceof pg.DatabaseError ? (cause.code ?? '') : null;
}

function nameFailure(who: Who, when: When, errors: readonly unknown[]): NamedFault {
  for (const error of errors) {
    const named = error instanceof Error ? nameServer(who, error) : null;
    if (named !== null) return named;
  }
  for (const error of errors) {
    const named = error instanceof Error ? nameSocket(who, when, error) : null;
    if (named !== null) return named;
  }
  if (when.aborted) return { kind: 'timeout', text: silence(when) };
  const refusal = errors.find((error) => error instanceof pg.DatabaseError);
  if (refusal instanceof pg.DatabaseError) {
    return {
      kind: 'network',
      text: `answered with an error: ${quoteServer(refusal.message, who.login.password)}; see its log`,
    };
  }
  return {
    kind: 'network',
    text: `closed the connection before it answered; see its log, and check that ${who.address} is a Postgres port`,
  };
}

/** What Postgres, a pooler or a provider's proxy says, by code and by first words: proxies reuse codes freely. */
function nameServer({ login, address }: Who, error: Error): NamedFault | null {
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
  const text = error.message;
  const user = login.user;
  if (
    /exceeded the [a-z ]*quota|quotas? and\/or contact|limit of concurrently active endpoints|active endpoints limit/i.test(
      text,
    )
  ) {
    return {
      kind: 'quota',
      text: 'has used up a quota of its plan; raise the plan or wait for the next period',
    };
  }
  if (
    code === '53300' ||
    /too many (clients|connections|database connection)|no more connections allowed|query_wait_timeout|remaining connection slots/i.test(
      text,
    )
  ) {
    return {
      kind: 'limit',
      text: 'has no free connection left; raise max_connections or the pool, or look for clients that do not share one',
    };
  }
  if (/is not permitted to log in/.test(text)) {
    return {
      kind: 'grant',
      text: `does not let role "${user}" log in; as an admin run: ALTER ROLE ${quote(user)} LOGIN`,
    };
  }
  if (/no pg_hba\.conf entry|IP address .* not allowed/i.test(text)) {
    return {
      kind: 'auth',
      text: `has no rule that lets role "${user}" in from here; add one to pg_hba.conf or the allow list`,
    };
  }
  if (
    code === '28P01' ||
    code === '28000' ||
    /password authentication failed|client password must be|no password/i.test(text)
  ) {
    return {
      kind: 'auth',
      text: `refused the role or password of "${user}"; put the right one into its url`,
    };
  }
  if (code === '3D000') {
    return {
      kind: 'grant',
      text: `has no database "${quoteServer(login.database, null)}"; correct the end of its url`,
    };
  }
  if (code === '42501') {
    return /for database/.test(text)
      ? {
          kind: 'grant',
          text: `does not let role "${user}" into the database; as an admin run: GRANT CONNECT ON DATABASE ${quote(login.database)} TO ${quote(user)}`,
        }
      : {
          kind: 'grant',
          text: `does not let role "${user}" read its statistics; as an admin run: GRANT pg_monitor TO ${quote(user)}`,
        };
  }
  if (code === '57014') {
    return {
      kind: 'timeout',
      text: 'cancelled our statement (its own statement_timeout); raise it for this role',
    };
  }
  if (code === '57P03')
    return { kind: 'network', text: 'is starting up or shutting down; it answers when that is done' };
  if (code === '57P01' || code === '57P02' || /terminating connection/.test(text)) {
    return {
      kind: 'network',
      text: 'ended the connection: it restarts, or was put to sleep by its provider',
    };
  }
  if (/unsupported startup parameter/i.test(text)) {
    return {
      kind: 'grant',
      text: 'is a pooler that refuses a startup parameter of its url; take options out of the url or use the direct host',
    };
  }
  if (/endpoint (is disabled|cannot be found)|Endpoint ID is not specified/i.test(text)) {
    return { kind: 'grant', text: `knows no such endpoint, or it is disabled (${address}); check its url` };
  }
  return null;
}

/** Failures below the protocol. */
function nameSocket(who: Who, when: When, error: Error): NamedFault | null {
  const { message } = error;
  const code = codeOf(error);
  if (
    /timeout expired|Query read timeout|ETIMEDOUT|Connection terminated due to connection timeout/.test(
      `${message} ${code}`,
    )
  ) {
    return { kind: 'timeout', text: silence(when) };
  }
  if (
    message === 'malformed answer' ||
    /^received (invalid|unexpected)|^Received unexpected|Unknown authentication/i.test(message)
  ) {
    return {
      kind: 'parse',
      text: `answered with something that is not the Postgres protocol; check that ${who.address} is a Postgres port`,
    };
  }
  if (/does not support SSL/.test(message)) {
    return {
      kind: 'network',
      text: 'and we could not agree on TLS: it offers none; drop sslmode from its url or switch TLS on there',
    };
  }
  return nameLinkFault(error, {
    address: who.address,
    product: 'Postgres',
    resetHint: 'see whether it restarted, or something between cuts it',
    plainPort: () => null,
    authorityHint: 'name the authority with sslrootcert in its url or NODE_EXTRA_CA_CERTS',
  });
}

function silence({ stage, seconds }: When): string {
  const within = withinWords(seconds);
  return stage === 'connect' ? `accepted no session ${within}` : `did not answer our statement ${within}`;
}

/** A name as it may stand in a command that people paste. */
function quote(name: string): string {
  return `"${name
    .replace(/\p{Cc}/gu, '')
    .slice(0, 63)
    .replaceAll('"', '""')}"`;
}
