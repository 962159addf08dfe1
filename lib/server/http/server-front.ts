import 'server-only';
import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import ipaddr from 'ipaddr.js';
import { allowAddresses } from '@/lib/core/security/addresses.ts';
import { judgeRequest } from '@/lib/core/security/request-rules.ts';
import { readServerPlace } from '../config/bind-address.ts';
import { BASE_HEADERS, CLIENT_HEADER, INERT_CSP, isForgedHeader } from './headers.ts';
import { readLeaderDoor } from './leader-door.ts';
import { isLeaders, PASSED_HEADER, passOn, readPassedClient } from './pass-on.ts';

/** Node publishes every request here before any handler sees it. */
const CHANNEL = 'http.server.request.start';
const KEY = Symbol.for('afterwatch.front');
/** Who asks when nobody stamped the request: one shared client. */
const UNKNOWN = 'unknown';

interface Front {
  /** Proves that a stamp is ours: a header of the same name from outside does not know it. */
  proof: string;
  /** True when a reverse proxy of ours stands before the server. */
  behindProxy: boolean;
  /** True when nothing here switches protocols; in development Next's own page reload does. */
  refuseUpgrades: boolean;
}

/** What Node publishes on the channel. */
interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  server: Server;
}

function find(): Front | undefined {
  return (globalThis as unknown as Record<symbol, Front | undefined>)[KEY];
}

/**
 * Stands before the framework, for static files and malformed requests too, which never reach `proxy.ts`: drops
 * headers that only this server may set, stamps who asks, and puts the base headers on every response. Call it at
 * start, once a process; a second call only changes the options. `behindProxy`: a public address is set, so a private
 * peer is our own reverse proxy.
 */
export function installServerFront(options: { behindProxy: boolean; refuseUpgrades: boolean }): void {
  const known = find();
  if (known !== undefined) {
    Object.assign(known, options);
    return;
  }
  const front: Front = { ...options, proof: randomBytes(16).toString('hex') };
  (globalThis as unknown as Record<symbol, Front>)[KEY] = front;
  subscribe(CHANNEL, (message) => prepare(message as Arrival, front));
}

function prepare({ request, response, server }: Arrival, front: Front): void {
  // Without a listener Node hands such a request on as any other, and the proxy refuses it. Next's listener would
  // keep the connection open for ever.
  if (front.refuseUpgrades) server.removeAllListeners('upgrade');
  takeHostFromTarget(request);
  const door = readLeaderDoor();
  const passedClient = readPassedClient(request.headers[PASSED_HEADER], door);
  if (passedClient !== null) takeOwnName(request);
  const forwarded = request.headers['x-forwarded-for'];
  for (const name of Object.keys(request.headers)) if (isForgedHeader(name)) delete request.headers[name];
  const client =
    passedClient ??
    clientAddress(
      request.socket.remoteAddress ?? null,
      Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? null),
      front.behindProxy,
    );
  request.headers[CLIENT_HEADER] = `${front.proof} ${client}`;
  for (const [name, value] of BASE_HEADERS) response.setHeader(name, value);
  // The proxy puts the policy of a page in its place.
  response.setHeader('Content-Security-Policy', INERT_CSP);
  if (door === null) return;
  // What was passed on to this instance goes no further: it led a moment ago, or the other one is wrong.
  if (passedClient === null) passable.set(request, client);
  standBefore(server);
}

/** Requests that another instance may answer, with the client of each. */
const passable = new WeakMap<IncomingMessage, string>();
const stoodBefore = new WeakSet<Server>();

/** Lets the instance that leads answer what this one can't. The channel can't stop a request: a handler can. */
function standBefore(server: Server): void {
  if (stoodBefore.has(server)) return;
  stoodBefore.add(server);
  // Every listener of this event is of this shape, says Node.
  const handlers = server.listeners('request') as ((req: IncomingMessage, res: ServerResponse) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const answerHere = (): void => {
      for (const handle of handlers) handle.call(server, request, response);
    };
    const client = passable.get(request);
    const leader = readLeaderDoor()?.leader() ?? null;
    // What breaks a rule is refused here: the leader believes that it was looked at.
    const isOurs = client !== undefined && leader !== null && isLeaders(request) && keepsRules(request);
    if (!isOurs) answerHere();
    else passOn(request, response, { ...leader, client, answerHere });
  });
}

/** True for a request that this server would let on to a page, a route or an action, by its name and origin. */
function keepsRules({ method = 'GET', url = '/', headers }: IncomingMessage): boolean {
  const one = (name: string): string | null => {
    const value = headers[name];
    return (Array.isArray(value) ? value.join(', ') : value) ?? null;
  };
  const facts = {
    ...{ method, path: url.split('?', 1)[0] ?? '/', host: one('host'), origin: one('origin') },
    ...{ secFetchSite: one('sec-fetch-site'), authorization: one('authorization'), upgrade: one('upgrade') },
    signature: one('x-afterwatch-signature') ?? one('x-hub-signature-256'),
  };
  return judgeRequest(facts, allowAddresses(readServerPlace())) === null;
}

/** People know the other instance by a name of its own: what it has looked at comes as if it had been sent here. */
function takeOwnName(request: IncomingMessage): void {
  const place = readServerPlace();
  const { hosts, origins } = allowAddresses(place);
  const { host, origin } = request.headers;
  if (!hosts.has(host?.toLowerCase() ?? ''))
    request.headers.host = place.publicUrl?.host ?? [...hosts][0] ?? '';
  if (origin !== undefined && !origins.has(origin.toLowerCase()))
    request.headers.origin = place.publicUrl?.origin ?? `http://${request.headers.host ?? ''}`;
}

/** `GET http://name/path`: the name in the target counts and not the header, says RFC 9112; so it is the one checked. */
function takeHostFromTarget(request: IncomingMessage): void {
  const match = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/i.exec(request.url ?? '');
  if (match === null) return;
  request.headers.host = match[1] ?? '';
  request.url = match[2]?.startsWith('/') ? match[2] : `/${match[2] ?? ''}`;
}

/**
 * The address to count a client by. `X-Forwarded-For` is believed only from a private peer while a public address is
 * set, and of it only the last entry: the one that the nearest proxy wrote. The first is whatever the client sent.
 */
export function clientAddress(
  peer: string | null,
  forwardedFor: string | null,
  behindProxy: boolean,
): string {
  if (peer === null || !ipaddr.isValid(peer)) return UNKNOWN;
  const address = ipaddr.process(peer);
  if (behindProxy && forwardedFor !== null && address.range() !== 'unicast') {
    const last = forwardedFor.split(',').at(-1)?.trim() ?? '';
    if (ipaddr.isValid(last)) return networkOf(ipaddr.process(last));
  }
  return networkOf(address);
}

/** One IPv4 address, or the /64 of an IPv6 address: the rest is the client's own choice. */
function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}

/** The client that a stamped request names; `unknown` without a stamp of ours. */
export function readClient(headers: { get(name: string): string | null }): string {
  const [proof, client] = (headers.get(CLIENT_HEADER) ?? '').split(' ');
  const front = find();
  return front !== undefined && proof === front.proof && client !== undefined ? client : UNKNOWN;
}
