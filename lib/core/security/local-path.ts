/** Stands for the origin only while parsing; a path that leaves it is not local. */
const HERE = 'http://local.invalid';

/**
 * A path of this site with its query, fit to send a person back to after login; `/` for anything else: other sites,
 * other schemes, `//host`, backslashes, control characters, the login page itself and everything under `/api`.
 */
export function toLocalPath(text: string | null | undefined): string {
  if (typeof text !== 'string' || text.length > 2048) return '/';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are exactly what must not pass
  if (!/^\/(?![/\\])/.test(text) || /[\\\u0000-\u001f\u007f]/.test(text)) return '/';
  let url: URL;
  try {
    url = new URL(text, HERE);
  } catch {
    return '/';
  }
  // Dot segments can turn /x/..//host into //host.
  if (url.origin !== HERE || url.pathname.startsWith('//')) return '/';
  if (/^\/(login|api)(\/|$)/i.test(url.pathname)) return '/';
  return `${url.pathname}${url.search}`;
}
