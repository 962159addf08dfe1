import { type ChildProcess, fork } from 'node:child_process';
import { type HostCallName, type HostCalls, type HostWord, runHost } from './host.ts';

const FLAG = '--store-host';

/** The process that holds a store, seen from the bench. */
export class HostProcess {
  readonly #child: ChildProcess;
  #waiting: { resolve: (answer: unknown) => void; reject: (error: Error) => void } | null = null;
  #share: (share: number) => void = () => undefined;
  #durable: (atMs: number) => void = () => undefined;

  /** `file` is a bundle that calls `becomeHost` when it is run. */
  constructor(file: string) {
    this.#child = fork(file, [FLAG], { execArgv: ['--expose-gc', '--max-semi-space-size=4'] });
    this.#child.on('message', (word: HostWord) => this.#hear(word));
    this.#child.on('exit', (code, signal) => {
      this.#settle()?.reject(new Error(`bench: the process of the store ended with ${signal ?? code}`));
    });
    process.once('exit', () => this.#child.kill('SIGKILL'));
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  #settle(): { resolve: (answer: unknown) => void; reject: (error: Error) => void } | null {
    const waiting = this.#waiting;
    this.#waiting = null;
    return waiting;
  }

  #hear(word: HostWord): void {
    if ('share' in word) this.#share(word.share);
    else if ('durableMs' in word) this.#durable(word.durableMs);
    else if ('fault' in word) this.#settle()?.reject(new Error(word.fault));
    else this.#settle()?.resolve(word.answer);
  }

  call<K extends HostCallName>(
    name: K,
    ask: HostCalls[K]['ask'],
    onShare: (share: number) => void = () => undefined,
  ): Promise<HostCalls[K]['answer']> {
    this.#share = onShare;
    return new Promise((resolve, reject) => {
      // The answer to a call is of that call: one is asked at a time.
      this.#waiting = { resolve: resolve as (answer: unknown) => void, reject };
      this.#child.send({ name, ask });
    });
  }

  /** Goes on writing and kills the process once `count` more ticks were durable. Gives the times of those that were. */
  async killWhileWriting(ask: HostCalls['goOn']['ask'], count: number): Promise<number[]> {
    const durable: number[] = [];
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#durable = (atMs) => {
      durable.push(atMs);
      if (durable.length === count) this.#child.kill('SIGKILL');
    };
    this.call('goOn', ask).catch(() => undefined);
    await ended;
    return durable;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.disconnect();
    await ended;
  }
}

/** Makes this process the host of a store when it was started as one; false else. */
export function becomeHost(): boolean {
  if (!process.argv.includes(FLAG)) return false;
  const handle = runHost((word) => process.send?.(word));
  process.on('message', (call: { name: HostCallName; ask: unknown }) => void handle(call));
  process.on('disconnect', () => process.exit(0));
  return true;
}
