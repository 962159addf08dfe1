import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const SERIES_A_MACHINE = 40;

/** Machines that all three visit: `/m/N/metrics` gives 40 series of machine N. */
export interface Fleet {
  port: number;
  stop(): Promise<void>;
}

export async function startFleet(): Promise<Fleet> {
  const startSeconds = Math.floor(Date.now() / 1000) - 3600;
  const server: Server = createServer((request, response) => {
    const machine = Number(/^\/m\/(\d+)\//.exec(request.url ?? '')?.[1] ?? 0);
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(pageOf(machine, startSeconds));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // It listens on a port, so its address is no path.
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pageOf(machine: number, startSeconds: number): string {
  const seconds = Date.now() / 1000 - startSeconds;
  const lines = ['# TYPE http_requests_total counter'];
  for (let i = 0; i < SERIES_A_MACHINE - 1; i++) {
    const count = Math.floor(seconds * (i + 1 + (machine % 7)));
    lines.push(`http_requests_total{status="${200 + i}"} ${count}`);
  }
  lines.push('# TYPE process_start_time_seconds gauge', `process_start_time_seconds ${startSeconds}`);
  return `${lines.join('\n')}\n`;
}
