import 'server-only';

/**
 * The `Authorization` header for a token, whatever scheme it was pasted with. Macaroons (`fm1…`, `fm2_…`, what
 * `fly tokens create` prints) have a scheme of their own; older tokens are bearer tokens. The same rule as in Fly's own
 * client, on all of its APIs.
 */
export function authorizationFor(pasted: string): string {
  const token = bareToken(pasted);
  return /^fm[12][a-z]?_/.test(token) ? `FlyV1 ${token}` : `Bearer ${token}`;
}

/** The token without its scheme. */
export function bareToken(pasted: string): string {
  return pasted.trim().replace(/^(FlyV1|Bearer)\s+/i, '');
}
