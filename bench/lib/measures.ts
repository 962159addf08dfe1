import { setTimeout as wait } from 'node:timers/promises';

/** The value that a share `q` of all lies below; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Starts to watch the main loop; the call it gives tells the longest time in ms that the loop was held up since. */
export function watchLoop(): () => number {
  let stallMs = 0;
  let lastMs = performance.now();
  const look = (): void => {
    const nowMs = performance.now();
    stallMs = Math.max(stallMs, nowMs - lastMs - 1);
    lastMs = nowMs;
  };
  const timer = setInterval(look, 1);
  return () => {
    look();
    clearInterval(timer);
    return stallMs;
  };
}

/** What the machine alone holds the loop up in a second of doing nothing, in ms. */
export async function idleStallMs(): Promise<number> {
  const stop = watchLoop();
  await wait(1_000);
  return stop();
}

export interface Spread {
  p50: number;
  p95: number;
}

/** Time of `work` in ms over `repeats` calls one after another, after a few that are not counted. */
export async function timeCalls(
  work: (turn: number) => Promise<unknown>,
  { repeats, warm }: { repeats: number; warm: number },
): Promise<Spread> {
  const took: number[] = [];
  for (let turn = -warm; turn < repeats; turn++) {
    const startedMs = performance.now();
    await work(turn + warm);
    if (turn >= 0) took.push(performance.now() - startedMs);
  }
  return { p50: quantile(took, 0.5), p95: quantile(took, 0.95) };
}

/** CPU time of this process with all its threads, in ms. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Memory of this process in MB, after a collection where Node was started with --expose-gc. */
export function residentMb(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage.rss() / 1e6;
}
