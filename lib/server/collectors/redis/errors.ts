import 'server-only';
import { ScrapeError } from '@/lib/server/collectors/collector.ts';
import {
  codeOf,
  type NamedFault,
  nameLinkFault,
  quoteServer,
  type When,
  withinWords,
} from '../link-fault.ts';
import { type Refusal, readRefusal, refusalWords } from './refusals.ts';

interface Who {
  name: string;
  /** `host:port`, safe to show. */
  address: string;
  login: { user: string | null; password: string | null; tls: boolean };
}

/**
 * Names a failure of Redis: which kind it is, what was expected, what to do. `errors` are the caught one and the
 * socket's own, which often knows more. No credentials in the text, whatever the server said.
 */
export function toScrapeError(who: Who, when: When, errors: readonly unknown[]): ScrapeError {
  const known = errors.find((error) => error instanceof ScrapeError);
  if (known instanceof ScrapeError) return known;
  const { kind, text } = nameFailure(who, when, errors);
  return new ScrapeError(kind, `redis: ${who.name} ${text}`, { cause: bareCause(who, errors) });
}

/** The first error without what the driver hangs on it: the command with its words, the password of AUTH among them. */
function bareCause(who: Who, errors: readonly unknown[]): Error | undefined {
  const error = errors.find((one) => one instanceof Error);
  if (!(error instanceof Error)) return undefined;
  const bare = new Error(quoteServer(error.message, who.login.password));
  bare.name = error.name;
  return bare;
}

function nameFailure(who: Who, when: When, errors: readonly unknown[]): NamedFault {
  const texts = errors.map((error) => (error instanceof Error ? error.message : ''));
  for (const text of texts) {
    const named = nameReply(who, text);
    if (named !== null) return named;
  }
  for (const error of errors) {
    const named = nameSocket(who, when, error);
    if (named !== null) return named;
  }
  if (when.aborted) return { kind: 'timeout', text: silence(who, when) };
  const said = texts
    .map((text) => quoteServer(text, who.login.password))
    .find((text) => text !== '' && !isBareClose(text));
  if (said !== undefined && errors.some(isReply)) {
    return { kind: 'network', text: `answered with an error: ${said}; see its log` };
  }
  const reason = said === undefined ? '' : ` (${said})`;
  return {
    kind: 'network',
    text: `closed the connection before it answered${reason}; see its log, and check that ${who.address} is a Redis port, with rediss:// if it wants TLS`,
  };
}

/** Error replies of the server, by their first words. */
function nameReply({ login, address }: Who, text: string): NamedFault | null {
  const user = login.user ?? 'default';
  if (/\bWRONGPASS\b|invalid password|invalid username-password/i.test(text)) {
    return {
      kind: 'auth',
      text: `refused the user name or password of user "${user}"; put the right one into its url`,
    };
  }
  if (/\bNOAUTH\b|Authentication required/.test(text)) {
    return { kind: 'auth', text: 'asks for a password and the url has none; add it to its url' };
  }
  if (/\bNOPERM\b/.test(text)) {
    return {
      kind: 'grant',
      text: `does not let user "${user}" run INFO; as an admin run: ACL SETUSER ${aclWord(user)} +info`,
    };
  }
  const refusal = readRefusal(text);
  if (refusal !== null) return nameRefusal(refusal);
  if (/\bDENIED\b.*protected mode/is.test(text)) {
    return {
      kind: 'grant',
      text: 'runs in protected mode and answers only its own machine; set a password or bind it to a private address',
    };
  }
  if (/\bLOADING\b/.test(text)) {
    return { kind: 'network', text: 'is loading its data from disk; it answers when that is done' };
  }
  if (/unknown command/i.test(text)) {
    return {
      kind: 'grant',
      text: `does not know the command INFO: it is renamed or switched off there; allow INFO, or check that ${address} is a Redis`,
    };
  }
  return null;
}

/** A refusal that is no matter of login or grant, in words that follow the name of the target. */
export function nameRefusal(refusal: Refusal): NamedFault {
  switch (refusal.kind) {
    case 'quota_exhausted':
      return {
        kind: 'quota',
        text: `refuses commands: ${refusalWords(refusal)}; raise the plan or wait for the next period`,
      };
    case 'throttled':
      return refusal.what === 'connections'
        ? {
            kind: 'limit',
            text: 'has no free connection left; raise maxclients or look for clients that do not share a pool',
          }
        : { kind: 'limit', text: `refuses commands: ${refusalWords(refusal)}; raise the plan or send less` };
    case 'suspended_by_provider':
      return {
        kind: 'auth',
        text: `refuses commands: ${refusalWords(refusal)}; look into the provider’s console, payments first`,
      };
    default:
      return refusal.kind satisfies never;
  }
}

/** Failures below the protocol. */
function nameSocket(who: Who, when: When, error: unknown): NamedFault | null {
  if (!(error instanceof Error)) return null;
  const { message } = error;
  const code = codeOf(error);
  if (/Command timed out|Socket timeout|ETIMEDOUT/.test(`${message} ${code}`)) {
    return { kind: 'timeout', text: silence(who, when) };
  }
  if (/Unknown RESP type|Protocol error|Please report this/.test(message)) {
    return {
      kind: 'parse',
      text: `answered with something that is not the Redis protocol; check that ${who.address} is a Redis port, with rediss:// if it wants TLS`,
    };
  }
  if (/^reply over/.test(message)) {
    return {
      kind: 'parse',
      text: `sent a reply far longer than any INFO; check that ${who.address} is a Redis port`,
    };
  }
  return nameLinkFault(error, {
    address: who.address,
    product: 'Redis',
    resetHint: 'see whether it restarted, or wants TLS (rediss://)',
    plainPort: (tlsCode, text) =>
      tlsCode === 'EPROTO' || /wrong version number|packet length too long/i.test(text)
        ? 'the port does not speak TLS; use redis:// or the TLS port'
        : null,
    authorityHint: 'give Node the authority with NODE_EXTRA_CA_CERTS',
  });
}

function silence({ login }: Who, { stage, seconds }: When): string {
  const within = withinWords(seconds);
  if (stage === 'answer') return `gave no INFO reply ${within}`;
  // A plain Redis port waits in silence for the rest of what it takes for a command.
  return login.tls
    ? `made no TLS connection ${within}; is it a port without TLS (redis://)?`
    : `accepted no connection ${within}`;
}

/** True for an error that the server itself sent. */
export function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function isBareClose(text: string): boolean {
  return /^Connection is closed|^Stream isn't writeable|^Command aborted due to connection close/.test(text);
}

/** A user name as it may stand in a command that people paste. */
function aclWord(user: string): string {
  return /^[\w.@-]+$/.test(user) ? user : '<user>';
}
