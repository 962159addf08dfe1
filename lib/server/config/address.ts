import 'server-only';

/** What may be said about a URL, and what tells its target from another. */
export interface Address {
  /** `host:port`, safe to show. */
  address: string;
  /** Equal for two URLs that reach the same thing: host, port and database, or host, port and path. */
  key: string;
  /** True when the URL carries a password. */
  hasPassword: boolean;
}

/** `problem` is what is wrong, in words that hold nothing of the URL. */
export type AddressResult = { ok: true; address: Address } | { ok: false; problem: string };

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'redis:': '6379',
  'rediss:': '6379',
  'postgres:': '5432',
  'postgresql:': '5432',
  'http:': '80',
  'https:': '443',
  'smtp:': '587',
  'smtps:': '465',
};

/** Reads `redis://` and `rediss://`; the path may be a database number. */
export function readRedisAddress(text: string): AddressResult {
  const read = readUrl(text, ['redis', 'rediss']);
  if (typeof read === 'string') return { ok: false, problem: read };
  if (!/^\/?\d{0,4}$/.test(read.pathname)) {
    return { ok: false, problem: 'may only have a database number after the host, such as /0' };
  }
  return found(read, String(Number(read.pathname.slice(1))));
}

/** Reads `postgres://` and `postgresql://`; without a host, `?host=` must name the folder of a local socket. */
export function readPostgresAddress(text: string): AddressResult {
  const read = readUrl(text, ['postgres', 'postgresql']);
  if (typeof read === 'string') return { ok: false, problem: read };
  const socket = read.searchParams.get('host');
  const database = read.pathname.slice(1) || read.username;
  if (read.hostname !== '') return found(read, database);
  if (socket === null) return { ok: false, problem: 'names no host' };
  return {
    ok: true,
    address: { address: 'local socket', key: `${socket}|${database}`, hasPassword: read.password !== '' },
  };
}

/** Reads an `http://` or `https://` page of a machine. Credentials belong into `token`, never into this URL. */
export function readHttpAddress(text: string): AddressResult {
  const read = readUrl(text, ['http', 'https']);
  if (typeof read === 'string') return { ok: false, problem: read };
  if (read.username !== '' || read.password !== '') {
    return { ok: false, problem: 'must not hold a user or password; give a bearer token with `token`' };
  }
  return found(read, `${read.pathname}${read.search}`);
}

/** Reads `smtp://` and `smtps://`; nothing may follow the port. */
export function readSmtpAddress(text: string): AddressResult {
  const read = readUrl(text, ['smtp', 'smtps']);
  if (typeof read === 'string') return { ok: false, problem: read };
  if (!/^\/?$/.test(read.pathname) || read.search !== '' || read.hash !== '')
    return { ok: false, problem: 'must end with the host and port, such as smtp://mail.example.com:587' };
  if ((read.username === '') !== (read.password === ''))
    return { ok: false, problem: 'must hold both a user and a password, or neither' };
  return found(read, read.username);
}

function readUrl(text: string, schemes: readonly string[]): URL | string {
  const wanted = `must begin with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  if (!schemes.some((scheme) => text.toLowerCase().startsWith(`${scheme}://`))) return wanted;
  if (/\s/.test(text)) return 'holds a space or line break';
  const url = URL.canParse(text) ? new URL(text) : null;
  // A raw `/`, `?` or `#` in a password ends the host early, and the rest would be taken for a path.
  const isCut = url !== null && `${url.pathname}${url.search}${url.hash}`.includes('@');
  if (url === null || isCut) {
    return 'is not a complete URL; characters such as / ? # @ in a password must be percent-encoded';
  }
  if (!isDecodable(`${url.username}:${url.password}${url.pathname}`)) {
    return 'has a % that no two hex digits follow; write % in a password as %25';
  }
  if (url.hostname === '' && !schemes.includes('postgres')) return 'names no host';
  return url;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function found(url: URL, part: string): AddressResult {
  const address = `${url.hostname.toLowerCase()}:${url.port || DEFAULT_PORTS[url.protocol]}`;
  return { ok: true, address: { address, key: `${address}|${part}`, hasPassword: url.password !== '' } };
}

/** True for `localhost` and the addresses of this machine's loopback. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
