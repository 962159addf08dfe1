import 'server-only';
import { Socket } from 'node:net';
import pg from 'pg';

// The only file of the store that knows the driver.

/** Every number of ours fits: ids, times in ms, and keys below 2^53. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** An open connection with what it runs over: whoever destroys the socket ends everything that waits for it. */
export interface Connection {
  client: pg.Client;
  socket: Socket;
  /** True once it has answered: then a loss may be the connection's alone. */
  isProven: boolean;
}

/** Connects; `onGone` is told of a loss, at rest too. Rejects with the driver's words. */
export async function openConnection(
  { url, connectMs }: { url: string; connectMs: number },
  onGone: (connection: Connection) => void,
): Promise<Connection> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    // What is idle may be cut off by something in between without a word: the kernel asks whether it still stands.
    keepAlive: true,
    application_name: 'afterwatch',
    stream: () => socket,
    pipeline: true,
  } satisfies pg.ClientConfig & { pipeline: boolean });
  const connection: Connection = { client, socket, isProven: false };
  // Without a listener the loss of an idle connection would end the process.
  client.on('error', () => onGone(connection));
  client.on('end', () => onGone(connection));
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return connection;
}

export interface Statement {
  sql: string;
  bind: readonly unknown[];
}

/** Sends statements in one flight; gives the last answer of each, in order. Rejects with the first failure. */
export async function send(
  { client }: Connection,
  statements: readonly Statement[],
): Promise<pg.QueryArrayResult<unknown[]>[]> {
  const sent = statements.map(({ sql, bind }) =>
    client.query<unknown[]>(
      bind.length === 0
        ? { text: sql, rowMode: 'array' }
        : { text: sql, values: [...bind], rowMode: 'array' },
    ),
  );
  const answers = await Promise.allSettled(sent);
  return answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    // Several statements in one text give several answers.
    return Array.isArray(answer.value) ? answer.value.at(-1) : answer.value;
  });
}
