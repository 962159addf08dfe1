import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientAddress, installServerFront, readClient } from './server-front.ts';

interface Seen {
  url: string;
  headers: IncomingHttpHeaders;
}
let server: Server;
let seen: Seen[];
let port: number;

beforeEach(async () => {
  installServerFront({ behindProxy: false, refuseUpgrades: true });
  seen = [];
  server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Sends bytes as they are; gives the whole answer. */
function send(head: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n`));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('installServerFront', () => {
  it('every response carries the base headers, whoever makes it', async () => {
    const answer = await send(['GET / HTTP/1.1', 'Host: a', 'Connection: close']);
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    for (const name of [
      'X-Content-Type-Options',
      'Referrer-Policy',
      'Cross-Origin-Opener-Policy',
      'Content-Security-Policy',
    ])
      expect(answer).toContain(`${name}: `);
  });

  it('headers that only the server may set do not come in', async () => {
    await send([
      'GET / HTTP/1.1',
      'Host: a',
      'Connection: close',
      'X-Middleware-Subrequest: proxy:proxy:proxy:proxy:proxy',
      "Content-Security-Policy: script-src 'nonce-evil'",
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: https',
      'X-Nextjs-Data: 1',
      'X-Afterwatch-Path: /evil',
      'X-Afterwatch-Client: proof 8.8.8.8',
      'Accept: text/html',
    ]);
    const { headers } = seen[0] as Seen;
    expect(Object.keys(headers).sort()).toEqual(['accept', 'connection', 'host', 'x-afterwatch-client']);
    expect(readClient({ get: (name) => String(headers[name] ?? '') })).toBe('127.0.0.1');
  });

  it('the signature of a sender comes in whole', async () => {
    const signed = ['X-Afterwatch-Hook: h', 'X-Afterwatch-Timestamp: 1', 'X-Afterwatch-Signature: sha256=00'];
    await send(['GET / HTTP/1.1', 'Host: a', 'Connection: close', ...signed]);
    expect(seen[0]?.headers).toMatchObject({
      'x-afterwatch-hook': 'h',
      'x-afterwatch-timestamp': '1',
      'x-afterwatch-signature': 'sha256=00',
    });
  });

  it('a stamp that is not ours names nobody', () => {
    expect(readClient(new Headers({ 'x-afterwatch-client': 'guess 8.8.8.8' }))).toBe('unknown');
    expect(readClient(new Headers())).toBe('unknown');
  });

  it('a target with a name of its own is judged by that name', async () => {
    await send(['GET http://evil.example/x?y=1 HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close']);
    await send(['GET http://evil.example HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close']);
    expect(seen.map(({ url, headers }) => [headers.host, url])).toEqual([
      ['evil.example', '/x?y=1'],
      ['evil.example', '/'],
    ]);
  });

  it('an upgrade is answered as any other request and the connection does not stay', async () => {
    server.on('upgrade', () => {});
    await send(['GET / HTTP/1.1', 'Host: a', 'Connection: close']);
    const answer = await send([
      'GET /ws HTTP/1.1',
      'Host: a',
      'Connection: Upgrade, close',
      'Upgrade: websocket',
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect(seen[1]?.headers.upgrade).toBe('websocket');
  });
});

describe('clientAddress', () => {
  it.each<
    [what: string, peer: string | null, forwarded: string | null, behindProxy: boolean, client: string]
  >([
    ['the peer', '198.51.100.7', null, false, '198.51.100.7'],
    ['a mapped peer', '::ffff:198.51.100.7', null, false, '198.51.100.7'],
    ['the /64 of an IPv6 peer', '2001:db8:1:2:3:4:5:6', null, false, '2001:db8:1:2::/64'],
    ['not what the client says of itself', '198.51.100.7', '203.0.113.9', false, '198.51.100.7'],
    [
      'not even behind a proxy, from a peer on the internet',
      '203.0.114.7',
      '203.0.113.9',
      true,
      '203.0.114.7',
    ],
    ['the last hop that our own proxy wrote', '127.0.0.1', '203.0.114.1, 203.0.114.9', true, '203.0.114.9'],
    ['the proxy, when it wrote nonsense', '10.0.0.5', 'unknown', true, '10.0.0.5'],
    ['nobody', null, '203.0.113.9', true, 'unknown'],
    ['nobody, for a broken peer', 'x', null, true, 'unknown'],
  ])('counts %s', (_what, peer, forwarded, behindProxy, client) => {
    expect(clientAddress(peer, forwarded, behindProxy)).toBe(client);
  });
});
