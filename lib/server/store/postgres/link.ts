import 'server-only';
import { type MessagePort, workerData } from 'node:worker_threads';
import { Line } from './line.ts';
import { LineError } from './line-error.ts';

// The link talks to the database in a thread of its own, so that the store worker can wait for an answer the way it
// waits for a disk: see `postgres-db.ts`. Bundled to `dist/postgres-link.mjs`.

/** What the store worker hands over when it starts the link. */
export interface LinkData {
  url: string;
  port: MessagePort;
  /** Its first number counts the answers. */
  signal: Int32Array;
  connectMs: number;
  queryMs: number;
}

export interface LinkAsk {
  id: number;
  sql: string;
  bind: readonly unknown[];
  /**
   * Part of a transaction, or a read by itself: one that `begin`s may hold several statements and binds nothing, and
   * what comes `inside` fails when the connection it began on is gone.
   */
  part: 'begin' | 'inside' | 'end' | 'read' | 'close';
}

/** `isLost`: the connection is gone, and with it a transaction that was open. */
export type LinkReply = { id: number } & (
  | { rows: unknown[][] }
  | { failure: { code: string; message: string; isLost: boolean } }
);

const { url, port, signal, connectMs, queryMs } = workerData as LinkData;
const line = new Line({ url, connectMs, queryMs });

async function answer({ id, ...ask }: LinkAsk): Promise<LinkReply> {
  try {
    return { id, rows: await line.ask(ask) };
  } catch (error) {
    if (!(error instanceof LineError))
      return { id, failure: { code: 'LINK', message: String(error), isLost: true } };
    const { code, message, isLost } = error;
    return { id, failure: { code, message, isLost } };
  }
}

port.on('message', async (ask: LinkAsk) => {
  port.postMessage(await answer(ask));
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
});
