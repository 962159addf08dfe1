import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const REPLY = 'x'.repeat(1_000);
let target: net.Server;
let proxy: TcpProxy;
const sockets: net.Socket[] = [];

beforeEach(async () => {
  // Answers every chunk with a known reply, and closes when told so.
  target = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => (String(chunk) === 'bye' ? socket.end() : socket.write(REPLY)));
  });
  await new Promise<void>((done) => target.listen(0, '127.0.0.1', done));
  proxy = await startTcpProxy({ port: (target.address() as net.AddressInfo).port });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  await new Promise((done) => target.close(done));
});

interface Client {
  socket: net.Socket;
  received: () => number;
  closed: Promise<string>;
}

function connect(): Client {
  const socket = net.connect(proxy.port, proxy.host);
  sockets.push(socket);
  let bytes = 0;
  let fault = 'end';
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fault = error.code ?? 'unknown';
  });
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(fault)));
  return { socket, received: () => bytes, closed };
}

async function until(condition: () => boolean, withinMs = 3_000): Promise<number> {
  const startedMs = performance.now();
  while (!condition()) {
    if (performance.now() - startedMs > withinMs) throw new Error('the condition never held');
    await new Promise((next) => setTimeout(next, 2));
  }
  return performance.now() - startedMs;
}

describe('tcp proxy', () => {
  it('passes bytes through untouched and counts them when no fault is on', async () => {
    const client = connect();
    client.socket.write('hello');
    await until(() => client.received() === 1_000);
    expect(proxy.passed).toEqual({ upstream: 5, downstream: 1_000 });
    client.socket.write('bye');
    expect(await client.closed).toBe('end');
    await until(() => proxy.open === 0);
  });

  it('latency delays the reply by what was asked, and removing it ends the delay', async () => {
    const remove = proxy.add({ type: 'latency', latencyMs: 1_000 });
    const client = connect();
    client.socket.write('a');
    expect(await until(() => client.received() === 1_000)).toBeGreaterThan(950);
    remove();
    client.socket.write('b');
    expect(await until(() => client.received() === 2_000)).toBeLessThan(900);
  });

  it('refuse gives ECONNREFUSED and the same port comes back', async () => {
    const { port } = proxy;
    const before = connect();
    await until(() => proxy.open === 1);
    await proxy.setDown('refuse');
    expect(await before.closed).toBe('ECONNRESET');
    expect(await connect().closed).toBe('ECONNREFUSED');
    await proxy.heal();
    expect(proxy.port).toBe(port);
    const after = connect();
    after.socket.write('a');
    await until(() => after.received() === 1_000);
  });

  it('reset accepts and answers with RST', async () => {
    await proxy.setDown('reset');
    const client = connect();
    client.socket.write('a');
    expect(await client.closed).toBe('ECONNRESET');
    expect(proxy.accepted).toBe(1);
  });

  it('timeout 0 stays silent on an open connection and lets the bytes go when it is taken away', async () => {
    const client = connect();
    client.socket.write('a');
    await until(() => client.received() === 1_000);
    const remove = proxy.add({ type: 'timeout', timeoutMs: 0 });
    client.socket.write('b');
    // The target has answered: what is missing is held by the proxy.
    await until(() => proxy.passed.upstream === 2);
    await new Promise((later) => setTimeout(later, 60));
    expect(client.received()).toBe(1_000);
    remove();
    await until(() => client.received() === 2_000);
  });

  it('timeout above 0 ends a silent connection then', async () => {
    proxy.add({ type: 'timeout', timeoutMs: 60 });
    const client = connect();
    client.socket.write('a');
    await client.closed;
    expect(client.received()).toBe(0);
  });

  it('reset_peer resets an open connection after its time', async () => {
    const client = connect();
    await until(() => proxy.open === 1);
    proxy.add({ type: 'reset_peer', timeoutMs: 30 });
    expect(await client.closed).toBe('ECONNRESET');
  });

  it('limit_data cuts in mid reply after exactly that many bytes', async () => {
    proxy.add({ type: 'limit_data', bytes: 300 });
    const client = connect();
    client.socket.write('a');
    await client.closed;
    expect(client.received()).toBe(300);
  });

  it('slicer drips a reply slowly', async () => {
    proxy.add({ type: 'slicer', sliceBytes: 100, delayMs: 20 });
    const client = connect();
    client.socket.write('a');
    expect(await until(() => client.received() === 1_000)).toBeGreaterThan(150);
  });

  it('bandwidth holds the rate', async () => {
    proxy.add({ type: 'bandwidth', bytesPerSecond: 5_000 });
    const client = connect();
    client.socket.write('a');
    const tookMs = await until(() => client.received() === 1_000);
    expect(tookMs).toBeGreaterThan(150);
  });

  it('slow_close delays the end, not the data', async () => {
    proxy.add({ type: 'slow_close', delayMs: 120 });
    const client = connect();
    client.socket.write('a');
    await until(() => client.received() === 1_000);
    const startedMs = performance.now();
    client.socket.write('bye');
    await client.closed;
    expect(performance.now() - startedMs).toBeGreaterThan(110);
  });

  it('works on one direction only', async () => {
    proxy.add({ type: 'timeout', timeoutMs: 0 }, 'upstream');
    const client = connect();
    client.socket.write('a');
    await until(() => proxy.open === 1);
    await new Promise((later) => setTimeout(later, 40));
    expect(proxy.passed.upstream).toBe(0);
    await proxy.heal();
    await until(() => client.received() === 1_000);
  });

  it('close leaves no connection behind', async () => {
    const client = connect();
    await until(() => proxy.open === 1);
    await proxy.close();
    await client.closed;
    expect(proxy.open).toBe(0);
  });
});
