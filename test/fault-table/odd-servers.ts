import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { makeCertificate } from '@/lib/server/http/test-certificate.ts';

/** A server that no client gets anywhere with. */
export interface OddServer {
  readonly port: number;
  /** What clients said to it, in clear. */
  readonly heard: string;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
const SSL_REQUEST_BYTES = 8;

/** Speaks TLS with a certificate that nobody knows. `asPostgres`: only after Postgres’ question for it. */
export function startUntrustedTls({ asPostgres }: { asPostgres: boolean }): Promise<OddServer> {
  const { certPem, keyPem } = makeCertificate({
    name: 'elsewhere.example.test',
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
  });
  const secureContext = tls.createSecureContext({ cert: certPem, key: keyPem });
  const speak = (socket: net.Socket, hear: (text: string) => void) => {
    const secure = new tls.TLSSocket(socket, { isServer: true, secureContext });
    secure.on('error', () => socket.destroy());
    secure.on('data', (chunk: Buffer) => hear(chunk.toString('latin1')));
  };
  return listen((socket, hear) => {
    if (!asPostgres) {
      speak(socket, hear);
      return;
    }
    socket.once('readable', () => {
      socket.read(SSL_REQUEST_BYTES);
      socket.write('S', () => speak(socket, hear));
    });
  });
}

/** Greets like a secure shell, and takes what comes. */
export function startOtherProtocol(): Promise<OddServer> {
  return listen((socket) => {
    socket.on('data', () => undefined);
    socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n');
  });
}

/** Hears whatever comes: where nothing may be sent. */
export function startSink(): Promise<OddServer> {
  return listen((socket, hear) => {
    socket.on('data', (chunk) => hear(chunk.toString('latin1')));
    socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
  });
}

async function listen(serve: (socket: net.Socket, hear: (text: string) => void) => void): Promise<OddServer> {
  let heard = '';
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, (text) => {
      heard += text;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get heard() {
      return heard;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
