import 'server-only';
import { Worker } from 'node:worker_threads';
import type { CallName, Calls, Failure, Opened, Reply, Request } from '../packed/protocol.ts';

/** A call that the worker could not do. `code` is the database's, or the name of an error. */
export class StoreCallError extends Error {
  override readonly name = 'StoreCallError';
  constructor(
    readonly code: string,
    message: string,
    /** True when the database can't be reached, or can't take it now: the same may go well later. */
    readonly isAway = false,
  ) {
    super(message);
  }
}

interface Waiting {
  name: CallName;
  sinceMs: number;
  resolve: (answer: Calls[CallName]['answer']) => void;
  reject: (error: Error) => void;
}

/** The main thread's end of the worker: calls go out in order, answers come back by number. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextCall = 1;
  #gone: StoreCallError | null = null;
  #awaySinceMs: number | null = null;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: Reply) => this.#settle(reply));
    worker.on('error', (error) => this.#end(`the store worker failed: ${error.message}`));
    worker.on('exit', () => this.#end('the store worker has ended'));
  }

  /** Starts the worker on what `place` names. Rejects with `StoreCallError` when it cannot be opened. */
  static open(workerPath: string, place: Readonly<Record<string, unknown>>): Promise<WorkerClient> {
    return new Promise((resolve, reject) => {
      // The path is a parameter, so that the builder of pages does not take the file for one of its own.
      const worker = new Worker(/* turbopackIgnore: true */ workerPath, { workerData: place });
      const failed = (failure: Failure) => {
        // The file is let go before anyone is told, so that it can be opened anew at once.
        void worker
          .terminate()
          .then(() => reject(new StoreCallError(failure.code, failure.message, failure.isAway)));
      };
      const broken = (error: Error) => failed({ code: 'WORKER', message: error.message, isAway: false });
      const ended = () =>
        failed({ code: 'WORKER', message: 'the store worker ended at once', isAway: false });
      worker.once('error', broken);
      worker.once('exit', ended);
      worker.once('message', (first: Opened) => {
        worker.off('error', broken);
        worker.off('exit', ended);
        if (first.opened) resolve(new WorkerClient(worker));
        else failed(first.failure);
      });
    });
  }

  call<K extends CallName>(
    name: K,
    ask: Calls[K]['ask'],
    move: ArrayBuffer[] = [],
  ): Promise<Calls[K]['answer']> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== null) {
        reject(this.#gone);
        return;
      }
      const call = this.#nextCall++;
      // The worker answers a call with what its name promises.
      const sinceMs = performance.now();
      this.#waiting.set(call, { name, sinceMs, resolve: resolve as Waiting['resolve'], reject });
      this.#worker.postMessage({ call, name, ask } satisfies Request<K>, move);
    });
  }

  /** Closes the connection and waits for the thread to end. */
  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    if (this.#gone !== null) return;
    await this.call('close', {});
    await ended;
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.call);
    this.#waiting.delete(reply.call);
    if (waiting === undefined) return;
    if ('answer' in reply) {
      // Blocks may come from the worker's own memory: they prove nothing.
      if (waiting.name !== 'grids') this.#awaySinceMs = null;
      waiting.resolve(reply.answer);
      return;
    }
    const { code, message, isAway } = reply.failure;
    if (isAway) this.#awaySinceMs ??= waiting.sinceMs;
    waiting.reject(new StoreCallError(code, message, isAway));
  }

  /** For how long the database has been out of reach; null while it is not known to be. */
  awayForMs(): number | null {
    return this.#awaySinceMs === null ? null : performance.now() - this.#awaySinceMs;
  }

  #end(message: string): void {
    this.#gone ??= new StoreCallError('WORKER', message);
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }
}
