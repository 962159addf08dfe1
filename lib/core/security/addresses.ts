/** Where the server listens and under which name people know it. */
export interface ServerPlace {
  /** As given to listen(): a name, an IPv4 or IPv6 address, without brackets. */
  host: string;
  port: number;
  /** Null when the server is only reached by its bind address. */
  publicUrl: URL | null;
  /** Addresses of this machine; looked at only when the bind address is a wildcard. */
  localAddresses: readonly string[];
}

/** The closed lists that `Host` and `Origin` are held against; all lower case. */
export interface AllowedAddresses {
  hosts: ReadonlySet<string>;
  origins: ReadonlySet<string>;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'] as const;
const WILDCARDS = new Set(['0.0.0.0', '::', '']);

/** True for names and addresses that only this machine can reach: localhost, 127.0.0.0/8 and ::1. */
export function isLoopbackHost(host: string): boolean {
  const bare = stripBrackets(host.toLowerCase());
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/** True for a bind address that means every address of the machine. */
export function isWildcardHost(host: string): boolean {
  return WILDCARDS.has(stripBrackets(host));
}

/**
 * Every `Host` and `Origin` that a request may carry. A foreign name that was pointed at this machine (DNS rebinding)
 * is in neither list. Loopback names are added for a wildcard too: a page of another site cannot carry them.
 */
export function allowAddresses(place: ServerPlace): AllowedAddresses {
  const hosts = new Set<string>();
  const origins = new Set<string>();
  const wildcard = isWildcardHost(place.host);
  const names = new Set<string>(wildcard ? place.localAddresses : [place.host]);
  if (wildcard || isLoopbackHost(place.host)) for (const name of LOOPBACK_NAMES) names.add(name);
  for (const name of names) {
    const authority = `${bracket(stripBrackets(name.toLowerCase()))}:${place.port}`;
    hosts.add(authority);
    origins.add(`http://${authority}`);
    // Browsers leave the default port out.
    if (place.port === 80) {
      hosts.add(authority.slice(0, -':80'.length));
      origins.add(`http://${authority.slice(0, -':80'.length)}`);
    }
  }
  if (place.publicUrl !== null) {
    hosts.add(place.publicUrl.host);
    if (place.publicUrl.port === '') {
      hosts.add(`${place.publicUrl.host}:${place.publicUrl.protocol === 'https:' ? 443 : 80}`);
    }
    origins.add(place.publicUrl.origin);
  }
  return { hosts, origins };
}

/** True when `host`, the value of a `Host` header, is one of ours. Null (no header) never is. */
export function isAllowedHost(host: string | null, allowed: AllowedAddresses): boolean {
  return host !== null && allowed.hosts.has(host.toLowerCase());
}

function stripBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

function bracket(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
