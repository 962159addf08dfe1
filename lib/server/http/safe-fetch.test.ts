import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { networkInterfaces } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createGzip, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { FetchError } from './fetch-error.ts';
import type { ConnectOptions } from './guarded-connect.ts';
import { openSafeHttp, type SafeRequest, safeFetch } from './safe-fetch.ts';
import { makeCertificate } from './test-certificate.ts';

const open: { server: TcpServer | Server; sockets: Set<Socket> }[] = [];

async function listen(server: TcpServer | Server, address = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  open.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

const serve = async (handler: RequestListener) => `http://127.0.0.1:${await listen(createServer(handler))}`;
const serveRaw = async (onSocket: (socket: Socket) => void) =>
  `http://127.0.0.1:${await listen(tcpServer(onSocket))}`;

/** Reads what it is sent: a socket that does not read never learns that the other side has gone. */
function tcpServer(onSocket: (socket: Socket) => void): TcpServer {
  return createTcpServer((socket) => onSocket(socket.resume()));
}

function get(url: string, request: Partial<SafeRequest> = {}, options: Partial<ConnectOptions> = {}) {
  return safeFetch(
    { trust: 'config', ...options },
    { url, deadlineMs: 5_000, maxBytes: 1_000_000, ...request },
  );
}

async function faultOf(answer: Promise<unknown>): Promise<FetchError> {
  const error = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FetchError)) throw new Error(`expected a FetchError, got ${inspect(error)}`);
  return error;
}

describe('an answer', () => {
  test('comes with status, lower-case headers, text, length and the server’s clock', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('Date', 'Tue, 03 Nov 2026 10:00:00 GMT');
      response.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '7', 'X-Twice': ['a', 'b'] });
      response.end('größer\n');
    });
    const answer = await get(`${url}/metrics?x=1`);
    expect(answer).toMatchObject({
      status: 503,
      contentType: 'text/plain',
      text: 'größer\n',
      bytes: 9,
      framed: true,
    });
    expect(answer.dateHeaderMs).toBe(Date.UTC(2026, 10, 3, 10));
    expect(answer.retryAfterMs).toBe(7_000);
    expect(answer.headers['x-twice']).toBe('a, b');
  });

  test('asks for gzip, sends what it was given and no cookie, and posts a body', async () => {
    let seen: unknown = null;
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen = { method: request.method, headers: request.headers, body };
      response.setHeader('Set-Cookie', 'a=b');
      response.end();
    });
    const http = openSafeHttp({ trust: 'config' });
    const request = { url, deadlineMs: 5_000, maxBytes: 10, headers: { 'x-a': '1' } } as const;
    await http.fetch(request);
    await http.fetch({ ...request, method: 'POST', body: 'hello' });
    await http.close();
    expect(seen).toMatchObject({
      method: 'POST',
      body: 'hello',
      headers: { 'x-a': '1', 'accept-encoding': 'gzip' },
    });
    expect(inspect(seen)).not.toContain('cookie');
  });

  test('is unpacked from gzip', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('Content-Encoding', 'gzip');
      response.end(gzipSync('metric 1\n'));
    });
    expect(await get(url)).toMatchObject({ text: 'metric 1\n', bytes: 9 });
  });

  test('says when only the end of the connection marks its end', async () => {
    const url = await serveRaw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nmetric 12'),
    );
    expect(await get(url)).toMatchObject({ text: 'metric 12', framed: false });
  });
});

describe('a deadline holds, to the last byte', () => {
  const cases: [string, (socket: Socket) => void][] = [
    ['on a server that accepts and stays silent', () => {}],
    [
      'on a slow drip',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
        const timer = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    ['in the middle of the headers', (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-')],
  ];
  test.each(cases)('%s', async (_name, onSocket) => {
    let closed = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const url = await serveRaw((socket) => {
      socket.on('close', closed);
      onSocket(socket);
    });
    const startedMs = performance.now();
    const error = await faultOf(get(url, { deadlineMs: 200 }));
    expect(error.fault).toBe('timeout');
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ gave no complete answer within 0\.2 s$/);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    await gone;
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ address }) => address === '::1'),
  );
  test.skipIf(!hasIpv6)('on a TLS handshake over IPv6', async () => {
    await neverEndingHandshake('::1', '[::1]');
  });

  test('on a TLS handshake that never ends, whose socket is let go at once', async () => {
    await neverEndingHandshake('127.0.0.1', '127.0.0.1');
  });

  async function neverEndingHandshake(address: string, host: string): Promise<void> {
    let closed = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const port = await listen(
      tcpServer((socket) => void socket.on('close', closed)),
      address,
    );
    const http = openSafeHttp({ trust: 'config' });
    const error = await faultOf(
      http.fetch({ url: `https://${host}:${port}`, deadlineMs: 200, maxBytes: 10 }),
    );
    expect(error.fault).toBe('timeout');
    await gone;
    await http.close();
  }

  test('and the caller can end it sooner, also before it begins', async () => {
    const url = await serveRaw(() => {});
    const stop = new AbortController();
    const answer = faultOf(get(url, { signal: stop.signal }));
    stop.abort();
    expect((await answer).fault).toBe('cancelled');
    expect((await faultOf(get(url, { signal: AbortSignal.abort() }))).fault).toBe('cancelled');
  });
});

describe('size is capped', () => {
  test('by the announced length, without reading', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100000000' });
      response.write('x');
    });
    const error = await faultOf(get(url));
    expect(error.fault).toBe('too_large');
  });

  test('by what comes, when 100 MB come without a length; memory stays flat', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const url = await serve((_request, response) => {
      let left = 100;
      const more = () => {
        while (left > 0) {
          left -= 1;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const before = process.memoryUsage().rss;
    const error = await faultOf(get(url, { maxBytes: 16 * 1024 * 1024 }));
    expect(error.fault).toBe('too_large');
    expect(error.message).toContain('more than 16 MB');
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
  });

  test('by what a gzip bomb unfolds to', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('Content-Encoding', 'gzip');
      const gzip = createGzip();
      gzip.on('error', () => {});
      response.on('close', () => gzip.destroy());
      gzip.pipe(response);
      const zeros = Buffer.alloc(1024 * 1024);
      for (let i = 0; i < 64; i += 1) gzip.write(zeros);
      gzip.end();
    });
    const before = process.memoryUsage().rss;
    const error = await faultOf(get(url, { maxBytes: 1024 * 1024 }));
    expect(error.fault).toBe('too_large');
    // The test's own 64 writes are part of this.
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test('by gzip members that unfold to nothing without end', async () => {
    const empty = Buffer.concat(Array.from({ length: 500 }, () => gzipSync('')));
    const url = await serve((_request, response) => {
      response.setHeader('Content-Encoding', 'gzip');
      response.on('error', () => {});
      const more = () => {
        while (!response.destroyed && response.write(empty)) {}
        response.once('drain', more);
      };
      more();
    });
    expect((await faultOf(get(url, { maxBytes: 50_000 }))).fault).toBe('too_large');
  });

  test('for headers too', async () => {
    const url = await serveRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`);
    });
    expect((await faultOf(get(url))).fault).toBe('too_large');
  });
});

describe('a failure is put into words, without path, query or credentials', () => {
  test('nobody listens', async () => {
    const port = await listen(createTcpServer());
    const closing = open.splice(0);
    await Promise.all(closing.map(({ server }) => new Promise((resolve) => server.close(resolve))));
    const error = await faultOf(get(`http://127.0.0.1:${port}/metrics?token=s3cret`));
    expect(error.fault).toBe('network');
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ refused the connection/);
    expect(inspect(error, { depth: 10 })).not.toContain('s3cret');
  });

  test('cut in mid-body, with a length and chunked', async () => {
    for (const head of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
      const url = await serveRaw((socket) => {
        socket.end(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n5\r\nhello`);
      });
      const error = await faultOf(get(url));
      expect(error.fault).toBe('network');
    }
  });

  test('cut in the middle of a gzip body; broken gzip; an encoding that was not asked for', async () => {
    const whole = gzipSync('metric 1\n'.repeat(1000));
    const bodies: [Buffer, string][] = [
      [whole.subarray(0, whole.length - 20), 'gzip'],
      [Buffer.from('this is not gzip'), 'gzip'],
      [Buffer.from('x'), 'br'],
    ];
    for (const [body, encoding] of bodies) {
      const url = await serve((_request, response) => {
        response.setHeader('Content-Encoding', encoding);
        response.end(body);
      });
      expect((await faultOf(get(url))).fault).toBe('protocol');
    }
  });

  test('something that is not HTTP, and http on a TLS port’s behalf', async () => {
    const url = await serveRaw((socket) => void socket.write('-ERR unknown command\r\n\r\n'));
    expect((await faultOf(get(url))).fault).toBe('protocol');
    const plain = await serve((_request, response) => response.end());
    const error = await faultOf(get(plain.replace('http:', 'https:')));
    expect(error.fault).toBe('protocol');
    expect(error.message).toContain('does not speak TLS');
  });

  test('a name without an address', async () => {
    const error = await faultOf(get('http://does-not-exist.invalid/'));
    expect(error.fault).toBe('network');
    expect(error.message).toContain('does-not-exist.invalid:80');
  });

  test.each([
    ['http://user:s3cret@127.0.0.1:9/'],
    ['ftp://127.0.0.1/s3cret'],
    ['file:///etc/s3cret'],
    ['s3cret'],
  ])('%s is not read at all', async (url) => {
    const error = await faultOf(get(url));
    expect(error.fault).toBe('blocked');
    expect(inspect(error)).not.toContain('s3cret');
  });
});

describe('TLS', () => {
  const DAY_MS = 86_400_000;
  const valid = { notBefore: new Date(Date.now() - 2 * DAY_MS), notAfter: new Date(Date.now() + 2 * DAY_MS) };
  const past = { notBefore: new Date(Date.now() - 9 * DAY_MS), notAfter: new Date(Date.now() - 2 * DAY_MS) };
  const authority = makeCertificate({ name: 'test authority', isAuthority: true, ...valid });
  const toLoopback = { resolve: async () => [{ address: '127.0.0.1', family: 4 }] };

  async function answerOf(certificate: { certPem: string; keyPem: string }, ca?: string) {
    const server = createTlsServer(
      { cert: certificate.certPem, key: certificate.keyPem },
      (_request, response) => response.end('fine'),
    );
    const port = await listen(server);
    return get(`https://web.test:${port}/`, {}, { ...toLoopback, ...(ca === undefined ? {} : { ca }) });
  }

  test('a good certificate of a trusted authority is accepted', async () => {
    const certificate = makeCertificate({ name: 'web.test', issuer: authority, ...valid });
    expect((await answerOf(certificate, authority.certPem)).text).toBe('fine');
  });

  test.each([
    [
      'has expired',
      () => makeCertificate({ name: 'web.test', issuer: authority, ...past }),
      authority.certPem,
    ],
    [
      'for another name',
      () => makeCertificate({ name: 'other.test', issuer: authority, ...valid }),
      authority.certPem,
    ],
    ['self-signed', () => makeCertificate({ name: 'web.test', ...valid }), undefined],
    ['issuer', () => makeCertificate({ name: 'web.test', issuer: authority, ...valid }), undefined],
  ])('a certificate is refused and the text says: %s', async (words, make, ca) => {
    const error = await faultOf(answerOf(make(), ca));
    expect(error.fault).toBe('tls');
    expect(error.message).toContain(words);
  });
});

describe('nobody is led elsewhere', () => {
  test.each([301, 302, 303, 307, 308])(
    'a redirect with %i is refused and its target gets no visit',
    async (status) => {
      let visits = 0;
      const canary = await serve((_request, response) => {
        visits += 1;
        response.end();
      });
      const url = await serve((_request, response) => {
        response.writeHead(status, {
          Location: `${canary.replace('http://', 'http://u:s3cret@')}/in?key=s3cret`,
        });
        response.end();
      });
      const error = await faultOf(get(url));
      expect(error.fault).toBe('redirect');
      expect(error.message).toContain(`answered ${status}`);
      expect(error.message).not.toContain('s3cret');
      expect(visits).toBe(0);
    },
  );

  test('addresses of loopback are refused to a page, as literal and by name, and nobody is contacted', async () => {
    let visits = 0;
    const port = await listen(createTcpServer(() => (visits += 1)));
    const hosts = ['127.0.0.1', '127.1', '0x7f.1', '2130706433', '[::ffff:7f00:1]', 'localhost'];
    for (const host of hosts) {
      expect((await faultOf(get(`http://${host}:${port}/`, {}, { trust: 'ui' }))).fault).toBe('blocked');
    }
    expect(visits).toBe(0);
  });

  test('a name that leads to metadata or to nowhere good is refused, config or not', async () => {
    for (const address of ['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '::ffff:169.254.169.254']) {
      const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
      const error = await faultOf(get('http://web.test/', {}, { resolve }));
      expect(error.fault).toBe('blocked');
      expect(error.message).toContain('web.test');
    }
  });

  test('a name that is public when asked first and private after is still not followed inside', async () => {
    let visits = 0;
    const port = await listen(createTcpServer(() => (visits += 1)));
    const answers = ['127.0.0.1', '10.0.0.1'];
    const resolve = async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }];
    const http = openSafeHttp({ trust: 'ui', resolve });
    for (let i = 0; i < 3; i += 1) {
      const error = await faultOf(
        http.fetch({ url: `http://web.test:${port}/`, deadlineMs: 2_000, maxBytes: 10 }),
      );
      expect(error.fault).toBe('blocked');
    }
    await http.close();
    expect(visits).toBe(0);
  });

  test('of several addresses only the allowed ones are tried', async () => {
    const url = await serve((_request, response) => response.end('fine'));
    const resolve = async () => [
      { address: '169.254.169.254', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect((await get(url.replace('127.0.0.1', 'web.test'), {}, { resolve })).text).toBe('fine');
  });

  test('a proxy of the environment is not used', async () => {
    const before = process.env.HTTP_PROXY;
    let visits = 0;
    const proxyPort = await listen(createTcpServer(() => (visits += 1)));
    const url = await serve((_request, response) => response.end('direct'));
    process.env.HTTP_PROXY = `http://127.0.0.1:${proxyPort}`;
    try {
      expect((await get(url)).text).toBe('direct');
    } finally {
      if (before === undefined) delete process.env.HTTP_PROXY;
      else process.env.HTTP_PROXY = before;
    }
    expect(visits).toBe(0);
  });
});

test('connections are counted before they are made, and one serves two requests of a visit', async () => {
  let connects = 0;
  const url = await serve((_request, response) => response.end('ok'));
  const http = openSafeHttp({ trust: 'config', onConnect: () => (connects += 1) });
  await http.fetch({ url, deadlineMs: 2_000, maxBytes: 10 });
  await setImmediate();
  await http.fetch({ url, deadlineMs: 2_000, maxBytes: 10 });
  await http.close();
  expect(connects).toBe(1);
});

test('close() ends what is under way', async () => {
  const url = await serveRaw(() => {});
  const http = openSafeHttp({ trust: 'config' });
  const answer = faultOf(http.fetch({ url, deadlineMs: 60_000, maxBytes: 10 }));
  await http.close();
  expect((await answer).fault).toBe('network');
});
