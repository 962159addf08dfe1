import { DEMO_FAULTS, type DemoFaultId, type RunningFault } from '../core/model/demo-fault.ts';

/** A stretch of time, its end left out. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** One run of a fault. */
export interface FaultRun extends Span {
  id: DemoFaultId;
}

/** Long after it ended a run still shows in what was counted then; more of them than this nobody starts in a sitting. */
const MOST_RUNS = 500;

/**
 * What was broken and when. The world is a pure function of time and of this list, and a change of the list reaches the
 * time after it only: what was told before stays true.
 */
export class FaultRuns {
  #runs: readonly FaultRun[] = [];
  #version = 0;

  /** Changes with every change of the list. */
  get version(): number {
    return this.#version;
  }

  /** Runs of one fault, oldest first. */
  of(id: DemoFaultId): readonly FaultRun[] {
    return this.#runs.filter((run) => run.id === id);
  }

  /** Does nothing while it runs already. */
  start(id: DemoFaultId, atMs: number): void {
    const fault = DEMO_FAULTS.find((one) => one.id === id);
    if (fault === undefined || this.#runs.length >= MOST_RUNS || this.isRunning(id, atMs)) return;
    this.#runs = [...this.#runs, { id, fromMs: atMs, toMs: atMs + fault.lastsMs }];
    this.#version += 1;
  }

  /** Does nothing when it does not run. */
  stop(id: DemoFaultId, atMs: number): void {
    if (!this.isRunning(id, atMs)) return;
    this.#runs = this.#runs.map((run) =>
      run.id === id && isWithin(run, atMs) ? { ...run, toMs: atMs } : run,
    );
    this.#version += 1;
  }

  isRunning(id: DemoFaultId, atMs: number): boolean {
    return this.#runs.some((run) => run.id === id && isWithin(run, atMs));
  }

  running(atMs: number): RunningFault[] {
    return this.#runs
      .filter((run) => isWithin(run, atMs))
      .map(({ id, toMs }) => ({ id, endsInMs: toMs - atMs }));
  }
}

/** True from its start until just before its end. */
export function isWithin({ fromMs, toMs }: Span, atMs: number): boolean {
  return atMs >= fromMs && atMs < toMs;
}
