/** A token: 32 random bytes in base64url. */
const TOKEN = /^[\w-]{43}$/;

/** True for every address under `/s`, however its first part is written. */
export function isSharePath(path: string): boolean {
  const [, first = ''] = path.replace(/^\/+/, '/').split('/');
  return decode(first) === 's';
}

/** The token that an address under `/s/` names, as written there, and what stands behind it; null without one. */
export function readSharePath(path: string): { token: string; rest: string } | null {
  if (!isSharePath(path)) return null;
  const [, , token = '', ...rest] = path.replace(/^\/+/, '/').split('/');
  const clean = decode(token);
  return TOKEN.test(clean) ? { token: clean, rest: rest.join('/') } : null;
}

/** True for a text that could be a token. */
export function isTokenText(text: string): boolean {
  return TOKEN.test(text);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
