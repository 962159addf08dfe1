import 'server-only';
import { isIP } from 'node:net';
import { Redis } from 'ioredis';
import { type CountAct, ScrapeError } from '@/lib/server/collectors/collector.ts';
import type { RedisTarget } from '@/lib/server/config/types.ts';
import type { Stage } from '../link-fault.ts';
import { raceAbort } from '../race-abort.ts';
import { isReply, toScrapeError } from './errors.ts';
import type { Reply } from './probe.ts';
import { ReplyCheck } from './replies.ts';

/** An INFO reply is a few tens of KB; far more is not INFO, and must not fill our memory. */
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/** Where a connection goes and as whom. */
export interface RedisAddress {
  host: string;
  port: number;
  tls: boolean;
  /** Null means the default user. */
  user: string | null;
  password: string | null;
}

/**
 * Takes a `redis://` or `rediss://` address apart; null when it is none. The number of a database is not kept:
 * INFO tells of all of them, and a SELECT would be one more command.
 */
export function parseRedisUrl(url: string): RedisAddress | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || (parsed.protocol !== 'redis:' && parsed.protocol !== 'rediss:')) return null;
  try {
    const user = decodeURIComponent(parsed.username);
    const password = decodeURIComponent(parsed.password);
    return {
      host: parsed.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1',
      port: parsed.port === '' ? 6379 : Number(parsed.port),
      tls: parsed.protocol === 'rediss:',
      user: user === '' ? null : user,
      password: password === '' ? null : password,
    };
  } catch {
    // A stray % in a password: the address cannot be read.
    return null;
  }
}

/**
 * One connection to one Redis. It never reconnects and never queues: when it fails it is dead, its socket is
 * destroyed and nothing stays pending. Everything sent is counted before it goes out.
 */
export class RedisLink {
  readonly #redis: Redis;
  readonly #address: RedisAddress;
  readonly #target: RedisTarget;
  readonly #count: CountAct;
  readonly #seconds: Record<Stage, number>;
  /** The socket's own reason: ioredis rejects with a bare "Connection is closed." */
  #reason: unknown = null;
  readonly #replies = new ReplyCheck(MAX_REPLY_BYTES);
  #alive = true;
  /** True when the server told us that it wants no password. */
  passwordNotNeeded = false;

  private constructor(target: RedisTarget, address: RedisAddress, timeoutSeconds: number, count: CountAct) {
    this.#target = target;
    this.#address = address;
    this.#count = count;
    // At the usual 5 s: 3 s to connect, 2 s for an answer.
    this.#seconds = { connect: timeoutSeconds * 0.6, answer: timeoutSeconds * 0.4 };
    this.#redis = new Redis({
      host: address.host,
      port: address.port,
      ...(address.tls && { tls: isIP(address.host) === 0 ? { servername: address.host } : {} }),
      protocol: 2,
      lazyConnect: true,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      disableClientInfo: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      autoResendUnfulfilledCommands: false,
      connectTimeout: this.#seconds.connect * 1000,
      commandTimeout: this.#seconds.answer * 1000,
      socketTimeout: timeoutSeconds * 1000,
    });
    this.#redis.on('error', (error) => {
      // The first reason is the true one; what follows is its echo.
      this.#reason ??= error;
    });
    // By then the driver listens to its socket, and nothing has been read from it yet.
    this.#redis.once('connect', () => this.#guard());
    this.#redis.on('end', () => {
      this.#alive = false;
    });
  }

  /** Connects and logs in. Throws `ScrapeError`. */
  static async open(
    target: RedisTarget,
    address: RedisAddress,
    timeoutSeconds: number,
    count: CountAct,
    signal: AbortSignal,
  ): Promise<RedisLink> {
    const link = new RedisLink(target, address, timeoutSeconds, count);
    await link.#run('connect', signal, async () => {
      count('connect');
      await link.#redis.connect();
    });
    if (address.password === null) return link;
    try {
      await link.#run('answer', signal, () => link.#logIn(address));
    } catch (error) {
      link.destroy();
      throw error;
    }
    return link;
  }

  get alive(): boolean {
    return this.#alive && this.#redis.status === 'ready';
  }

  /** The text of INFO for `sections`, in one command. Throws `ScrapeError`; the connection lives on if it was a refusal. */
  async info(sections: readonly string[], signal: AbortSignal): Promise<string> {
    const reply = await this.#run('answer', signal, () => this.#send('INFO', sections));
    if (typeof reply === 'string') return reply;
    this.destroy();
    throw new ScrapeError(
      'parse',
      `redis: ${this.#target.name} answered INFO with something that is no text; is this address a Redis?`,
    );
  }

  /** Whether the server runs one command; its value is not looked at. Throws `ScrapeError` when the connection breaks. */
  async ask(command: string, words: readonly string[], signal: AbortSignal): Promise<Reply> {
    return this.#run('answer', signal, async () => {
      try {
        await this.#send(command, words);
        return { error: null };
      } catch (error) {
        if (!isReply(error) || !(error instanceof Error)) throw error;
        return { error: error.message };
      }
    });
  }

  #send(command: string, words: readonly string[]): Promise<unknown> {
    this.#count('command');
    this.#replies.expect();
    return this.#redis.call(command, ...words);
  }

  destroy(): void {
    this.#alive = false;
    this.#redis.disconnect();
    // disconnect() only says goodbye, which a silent peer never hears.
    this.#redis.stream?.destroy();
  }

  async #logIn({ user, password }: RedisAddress): Promise<void> {
    if (password === null) return;
    try {
      // By hand and not by the client's own handshake: its failures are ours to name, and it would print a warning.
      await this.#send('AUTH', user === null ? [password] : [user, password]);
    } catch (error) {
      const text = error instanceof Error ? error.message : '';
      if (!/no password is set|without any password configured/.test(text)) throw error;
      this.passwordNotNeeded = true;
    }
  }

  /** Puts the check of replies between the socket and the driver's parser. */
  #guard(): void {
    const { stream } = this.#redis;
    for (const listener of stream.listeners('data')) {
      const guarded = (chunk: Buffer): void => {
        try {
          this.#replies.feed(chunk);
        } catch (error) {
          this.#reason ??= error;
          this.destroy();
          return;
        }
        Reflect.apply(listener, stream, [chunk]);
      };
      stream.on('data', guarded);
      stream.off('data', listener as (chunk: Buffer) => void);
    }
  }

  /**
   * Runs one step and names its failure. The connection is destroyed then, and at the abort; only a server that
   * answered with an error keeps it, since opening another one may be billed.
   */
  async #run<T>(stage: Stage, signal: AbortSignal, step: () => Promise<T>): Promise<T> {
    try {
      return await raceAbort(signal, step);
    } catch (error) {
      if (signal.aborted || !isReply(error)) this.destroy();
      throw toScrapeError(
        { name: this.#target.name, address: this.#target.address, login: this.#address },
        { stage, seconds: this.#seconds[stage], aborted: signal.aborted },
        [error, this.#reason],
      );
    }
  }
}
