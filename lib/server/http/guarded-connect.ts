import 'server-only';
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction, Socket } from 'node:net';
import { buildConnector } from 'undici';
import { type AddressTrust, refuseAddress } from './address-policy.ts';
import { FetchError } from './fetch-error.ts';

export interface ConnectOptions {
  trust: AddressTrust;
  /** Called before each new connection, for the ledger of what watching costs. */
  onConnect?: () => void;
  /** PEM of an authority to trust in place of the system's. */
  ca?: string;
  /** All addresses of a name; the system's resolver by default. */
  resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** undici's connector with our DNS check, and with the handshakes under way in view. */
export function trackingConnector(
  options: ConnectOptions,
  connecting: Map<Socket, string>,
): buildConnector.connector {
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup: checkedLookup(options),
    // `buildConnector` wants the options of one connection; host and port come with each call.
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  } as buildConnector.BuildOptions);
  return (target, callback) => {
    options.onConnect?.();
    // Returns its socket, though its type does not say so.
    const socket = connect(target, callback) as unknown as Socket | undefined;
    if (socket === undefined) return;
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    // Written as in a URL, where an IPv6 address has brackets.
    const host = target.hostname.includes(':') ? `[${target.hostname}]` : target.hostname;
    connecting.set(socket, `${host}:${port}`);
    const settled = () => connecting.delete(socket);
    socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', settled);
    socket.once('close', settled);
  };
}

/**
 * The lookup of the connection itself: whatever DNS says a moment later, the socket goes to an address checked here.
 * IP literals never come through a lookup; those are checked with the URL.
 */
export function checkedLookup({ trust, resolve = resolveBySystem }: ConnectOptions): LookupFunction {
  return (hostname, options, callback) => {
    const wanted =
      options.family === 4 || options.family === 'IPv4'
        ? 4
        : options.family === 6 || options.family === 'IPv6'
          ? 6
          : 0;
    resolve(hostname).then(
      (found) => {
        const fitting = found.filter(({ family }) => wanted === 0 || family === wanted);
        const allowed = fitting.filter(({ address }) => refuseAddress(address, trust) === null);
        const [first] = allowed;
        if (first === undefined) return callback(noAddress(hostname, fitting, trust), '', 0);
        if (options.all === true) return callback(null, allowed);
        callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

function noAddress(hostname: string, found: readonly LookupAddress[], trust: AddressTrust): Error {
  const [first] = found;
  const refusal = first === undefined ? 'has no address in DNS' : refuseAddress(first.address, trust);
  const words =
    first === undefined ? `${hostname} ${refusal}` : `${hostname} leads to an address that ${refusal}`;
  return new FetchError(first === undefined ? 'network' : 'blocked', words);
}

function resolveBySystem(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    dnsLookup(hostname, { all: true, verbatim: true }, (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
}

/** With an error, since undici hears of a handshake that ended only through one. */
export function giveUp(socket: Socket): void {
  socket.destroy(new FetchError('cancelled', 'the connection was given up before it was made'));
}
