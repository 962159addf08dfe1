import 'server-only';

/**
 * What is asked for. `read`, `ingest` and `deploy`: a made token with that scope will do. `owner`: only the person of this server or
 * its own token, since made tokens must not act as people do.
 */
export type Need = 'read' | 'ingest' | 'deploy' | 'owner';

/** How somebody came to be allowed in. */
export type Grant = { kind: 'open' | 'session' | 'token' };

/** Why somebody was not. `message` is fit to be shown; `ended` when they had a session that is over. */
export type AccessRefusal = { code: 'not_signed_in' | 'forbidden'; message: string; ended: boolean };
export type Access = { ok: true; grant: Grant } | { ok: false; refusal: AccessRefusal };

/** All that the decision rests on. */
export interface AccessFacts {
  /** The request used a name of ours. Checked here again: an open server has no other wall behind the proxy. */
  hostAllowed: boolean;
  /** Bound to loopback, no public address, no password: whoever reaches it sits at this machine. */
  open: boolean;
  passwordSet: boolean;
  /** `unused`: no token was sent, or this server has none. `narrow`: one that may do other things. */
  token: 'unused' | 'right' | 'wrong' | 'narrow';
  session: 'none' | 'live' | 'ended';
}

/** Who may read and act. A token that is sent and wrong is never overlooked in favour of something else. */
export function judgeAccess(facts: AccessFacts): Access {
  if (!facts.hostAllowed) {
    return refuse('forbidden', 'This server does not answer under that name.');
  }
  if (facts.token === 'wrong') return refuse('not_signed_in', 'The token is not the one of this server.');
  if (facts.token === 'narrow')
    return refuse('forbidden', 'This token may not do that: its scopes do not include it.');
  if (facts.token === 'right') return { ok: true, grant: { kind: 'token' } };
  if (facts.session === 'live') return { ok: true, grant: { kind: 'session' } };
  if (facts.open) return { ok: true, grant: { kind: 'open' } };
  if (!facts.passwordSet) {
    return refuse(
      'forbidden',
      'This server can be reached from elsewhere and has no password: set AFTERWATCH_PASSWORD, or send AFTERWATCH_TOKEN as a bearer token.',
    );
  }
  return facts.session === 'ended'
    ? refuse('not_signed_in', 'Your session has ended. Log in again.', true)
    : refuse('not_signed_in', 'Log in first, or send AFTERWATCH_TOKEN as a bearer token.');
}

function refuse(code: AccessRefusal['code'], message: string, ended = false): Access {
  return { ok: false, refusal: { code, message, ended } };
}
