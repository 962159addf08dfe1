import 'server-only';
import { Worker } from 'node:worker_threads';
import type { DrawReply, DrawRequest } from './preview-protocol.ts';

/** Loading the library takes a while on a busy machine; it is no part of drawing. */
const STARTS_WITHIN_MS = 20_000;
/** The first picture of a thread takes longer: what draws has not been optimised yet. */
const FIRST_TIMES = 3;
/** A thread without work holds its memory for nothing. */
const IDLE_MS = 30_000;
const OPTIONS = {
  // Neither settings nor secrets of the server are of any use there.
  env: {},
  resourceLimits: { maxOldGenerationSizeMb: 128 },
} as const;

/** What was drawn, and how often the drawing wanted to reach the network. */
export interface Drawn {
  png: Uint8Array<ArrayBuffer>;
  refused: number;
}

/** A thread that draws one picture at a time, started when it is needed and ended when it is not, or hangs. */
export class PreviewThread {
  readonly #workerPath: string;
  readonly #limitMs: number;
  #worker: Worker | null = null;
  #hasDrawn = false;
  #idle: NodeJS.Timeout | null = null;

  /** `limitMs`: longest time for one picture; the first one of a thread gets three times as long. */
  constructor(options: { workerPath: string; limitMs: number }) {
    this.#workerPath = options.workerPath;
    this.#limitMs = options.limitMs;
  }

  /** Draws one; call it again only when it has settled. Rejects when that takes too long or cannot be done. */
  async draw(request: DrawRequest): Promise<Drawn> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    try {
      const worker = this.#worker ?? (await this.#start());
      const limitMs = this.#hasDrawn ? this.#limitMs : FIRST_TIMES * this.#limitMs;
      const reply = await ask(worker, limitMs, () => worker.postMessage(request));
      if (reply.kind !== 'drawn')
        throw new Error(reply.kind === 'failed' ? reply.message : 'the drawing thread began anew');
      this.#hasDrawn = true;
      return reply;
    } catch (error) {
      // Whatever state it is in, the next picture gets a thread of its own.
      await this.close();
      throw error;
    } finally {
      this.#idle = setTimeout(() => void this.close(), IDLE_MS);
      this.#idle.unref();
    }
  }

  /** Ends the thread; the next picture starts one. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async #start(): Promise<Worker> {
    // The path is a parameter, so that the builder of pages does not take the file for one of its own.
    const worker = new Worker(/* turbopackIgnore: true */ this.#workerPath, OPTIONS);
    this.#worker = worker;
    this.#hasDrawn = false;
    // A server that ends does not wait for it.
    worker.unref();
    worker.on('error', () => void this.close());
    await ask(worker, STARTS_WITHIN_MS, () => {});
    return worker;
  }
}

/** The next thing that a thread says after `begin`. Rejects after `limitMs`, or when the thread ends before. */
function ask(worker: Worker, limitMs: number, begin: () => void): Promise<DrawReply> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(limit);
      worker.off('message', told);
      worker.off('error', failed);
      worker.off('exit', ended);
      settle();
    };
    const told = (reply: DrawReply) => done(() => resolve(reply));
    const failed = (error: Error) => done(() => reject(error));
    const ended = () => done(() => reject(new Error('the drawing thread has ended')));
    const limit = setTimeout(() => {
      done(() => reject(new Error(`the picture was not drawn within ${limitMs} ms`)));
    }, limitMs);
    worker.on('message', told);
    worker.on('error', failed);
    worker.on('exit', ended);
    begin();
  });
}
