import 'server-only';
import ipaddr from 'ipaddr.js';

/**
 * Where an address came from decides what it may point at.
 * `config`: written by the person who runs the server; private networks and loopback are legitimate.
 * `ui`: typed into a page; only public unicast addresses, so that a page cannot be used to look around inside.
 */
export type AddressTrust = 'config' | 'ui';

/** Why an address is refused, in words that end a sentence. */
export type AddressRefusal = string;

type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/** Ranges that a config file may name: public, Fly's 6PN and other private networks, Tailscale (carrier-grade NAT). */
const CONFIG_RANGES: ReadonlySet<string> = new Set([
  'unicast',
  'private',
  'loopback',
  'uniqueLocal',
  'carrierGradeNat',
]);

/** Metadata services that stand outside the link-local ranges: they give out credentials, so nobody may name them. */
const METADATA = ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '192.0.0.192', '168.63.129.16'].map(
  (text) => ipaddr.parse(text).toNormalizedString(),
);

/**
 * Null when a connection to this IP address is allowed; else the reason. Text that is no IP address is refused.
 * IPv4 inside IPv6 (mapped, and NAT64 for `config`) is judged as the IPv4 address that it reaches.
 */
export function refuseAddress(address: string, trust: AddressTrust): AddressRefusal | null {
  if (!ipaddr.isValid(address)) return 'is not an IP address';
  const ip = reachedAddress(ipaddr.parse(address), trust);
  if (METADATA.includes(ip.toNormalizedString())) return 'is a cloud metadata address, which is never read';
  if (isIpv4Compatible(ip)) return 'is an outdated spelling of an IPv4 address';
  const range = ip.range();
  if (range === 'linkLocal') return 'is link-local (metadata services live there), which is never read';
  switch (trust) {
    case 'config':
      return CONFIG_RANGES.has(range) ? null : `is in the ${range} range, which no machine serves from`;
    case 'ui':
      return range === 'unicast'
        ? null
        : `is in the ${range} range; an address like this may only stand in the config file`;
    default:
      return trust satisfies never;
  }
}

/** The IP address that a URL host spells, or null when the host is a name. `host` comes from a parsed URL. */
export function literalAddress(host: string): string | null {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  // A URL parser has already turned 127.1, 0x7f.1 and 2130706433 into four decimal parts.
  return ipaddr.isValid(bare) ? bare : null;
}

/** `::a.b.c.d`, long withdrawn, yet counted as public by range tables. */
function isIpv4Compatible(ip: Ip): boolean {
  return ip instanceof ipaddr.IPv6 && ip.parts.slice(0, 6).every((part) => part === 0) && ip.parts[6] !== 0;
}

function reachedAddress(ip: Ip, trust: AddressTrust): Ip {
  if (ip instanceof ipaddr.IPv4) return ip;
  if (ip.isIPv4MappedAddress()) return ip.toIPv4Address();
  // DNS64 networks reach every IPv4 host this way; the last 32 bits are the true destination.
  const wellKnownNat64 = ip.parts[0] === 0x64 && ip.parts[1] === 0xff9b && ip.parts[2] === 0;
  if (trust === 'config' && wellKnownNat64) return new ipaddr.IPv4(ip.toByteArray().slice(12));
  return ip;
}
