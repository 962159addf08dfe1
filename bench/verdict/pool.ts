import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Job, type Measure, type Measures, runJob } from './jobs.ts';

const ROLE = 'verdict-bench';
/** Seeds that one thread takes at a time: enough to be worth the message, few enough to keep all threads busy. */
const CHUNK = 20;

/** Work for the threads, given out piece by piece. */
export interface Pool {
  /** One outcome a seed, in their order. Rejects where a piece of work throws. */
  run: <K extends Measure>(
    measure: K,
    params: Measures[K]['params'],
    seeds: readonly number[],
  ) => Promise<Measures[K]['outcome'][]>;
  /** Ends the threads. */
  close: () => Promise<void>;
}

interface Waiting {
  job: Job;
  done: (outcomes: unknown[]) => void;
  refuse: (error: Error) => void;
}

/** Threads that run the module at `file`, which must call `serveJobs`. `tell` hears how many pieces are done, and of how many. */
export function openPool(
  file: string,
  threads: number,
  tell: (done: number, of: number) => void = () => undefined,
): Pool {
  const queue: Waiting[] = [];
  let done = 0;
  let given = 0;
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(file, { workerData: { role: ROLE } });
    let current: Waiting | null = null;
    const next = () => {
      current = queue.shift() ?? null;
      if (current !== null) worker.postMessage(current.job);
    };
    worker.on('message', (outcomes: unknown[]) => {
      current?.done(outcomes);
      done += 1;
      tell(done, given);
      next();
    });
    worker.on('error', (error: unknown) => {
      current?.refuse(error instanceof Error ? error : new Error(String(error)));
      current = null;
    });
    return { worker, wake: () => current === null && next() };
  });
  const give = <K extends Measure>(job: Job<K>) =>
    new Promise<Measures[K]['outcome'][]>((resolve, refuse) => {
      given += 1;
      // A queue holds work of every kind; the thread answers a job with outcomes of its own kind.
      const waiting = { job: job as unknown as Job, done: resolve as (outcomes: unknown[]) => void, refuse };
      // What cannot be cut into pieces takes longest: it goes first, so that no thread is left alone with it at the end.
      if (job.seeds.length === 1) queue.unshift(waiting);
      else queue.push(waiting);
      for (const { wake } of workers) wake();
    });
  return {
    run: async (measure, params, seeds) => {
      const chunks = Array.from({ length: Math.ceil(seeds.length / CHUNK) }, (_, i) =>
        seeds.slice(i * CHUNK, (i + 1) * CHUNK),
      );
      const answers = await Promise.all(chunks.map((some) => give({ measure, params, seeds: some })));
      return answers.flat(1) as Measures[typeof measure]['outcome'][];
    },
    close: async () => {
      await Promise.all(workers.map(({ worker }) => worker.terminate()));
    },
  };
}

/** In a thread of the pool: does what is asked, until it is ended. Elsewhere it does nothing. */
export function serveJobs(): void {
  const data: unknown = workerData;
  const isOurs = typeof data === 'object' && data !== null && 'role' in data && data.role === ROLE;
  if (isMainThread || !isOurs || parentPort === null) return;
  const port = parentPort;
  port.on('message', (job: Job) => port.postMessage(runJob(job)));
}
