const BEGINNING = /^(?:https?:\/\/[^/\\]|mailto:[^/\\])/i;
/** A name with a dot and an ending, as people read an address in running text. */
const ADDRESS_LIKE = /(?:[\p{L}\p{N}-]{1,63}\.)+\p{L}{2,63}/u;

/**
 * The address of a link that may be followed, in its normal form; null for any other. Only whole `http:`, `https:` and
 * `mailto:` addresses: none of the page itself, no `//host`, and no name or password in front of the host, which makes
 * one host look like another.
 */
export function safeHref(address: string): string | null {
  if (address.length > 2_000 || /[\p{Cc}\p{Cf}\s\\]/u.test(address) || !BEGINNING.test(address)) return null;
  if (!URL.canParse(address)) return null;
  const { protocol, username, password, href } = new URL(address);
  if (!['http:', 'https:', 'mailto:'].includes(protocol) || username !== '' || password !== '') return null;
  return href;
}

/** The host that a link leads to where its words look like another address; null where they do not. */
export function hostToName(href: string, words: string): string | null {
  const { protocol, host, pathname } = new URL(href);
  const place = protocol === 'mailto:' ? pathname : host;
  const named = ADDRESS_LIKE.exec(words)?.[0];
  return named === undefined || named.toLowerCase() === place.toLowerCase() ? null : place;
}
