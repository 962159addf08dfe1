/** A host name of Neon taken apart. */
export interface NeonHost {
  /** `ep-…`; null when the name holds none (the endpoint may then be named in the options of the connection). */
  endpointId: string | null;
  /** True for the pooler in front of the compute. */
  pooled: boolean;
}

/** What a host name under `neon.tech` says; null for any other host. */
export function parseNeonHost(host: string): NeonHost | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name !== 'neon.tech' && !name.endsWith('.neon.tech')) return null;
  const first = name.split('.')[0] ?? '';
  const pooled = first.endsWith('-pooler');
  const id = pooled ? first.slice(0, -'-pooler'.length) : first;
  return { endpointId: isEndpointId(id) ? id : null, pooled };
}

/**
 * The endpoint that a connection string reaches: by its host, else by `options=endpoint=<id>`, which clients without
 * SNI send. Null when it is no Neon host or names no endpoint.
 */
export function endpointOf(connectionString: string): string | null {
  if (!URL.canParse(connectionString)) return null;
  const url = new URL(connectionString);
  const host = parseNeonHost(url.hostname);
  if (host === null) return null;
  if (host.endpointId !== null) return host.endpointId;
  const named = /(?:^|\s|-c\s*)endpoint=([a-z0-9-]+)/.exec(url.searchParams.get('options') ?? '')?.[1] ?? '';
  const id = named.replace(/-pooler$/, '');
  return isEndpointId(id) ? id : null;
}

function isEndpointId(text: string): boolean {
  return /^ep-[a-z0-9-]{1,57}$/.test(text);
}
