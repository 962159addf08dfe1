import 'server-only';

/** Who answered a visit, as far as its page tells. */
export interface Answerer {
  /** Process start by the machine's clock, Unix ms; null when the page does not say. */
  startMs: number | null;
  /** How far the machine's clock is ahead of ours; 0 when unknown. */
  skewMs: number;
  /** Processor seconds used so far; null when unknown. Falls only when another process answers. */
  cpuSeconds: number | null;
}

export interface AnswererVerdict {
  /** False: this visit's counters are not those of the process that the series follow. */
  countersUsable: boolean;
  /** Several processes behind one address take turns. */
  multiWorker: boolean;
  /** Another process answered for the first time; it is not yet clear whether it took over or takes turns. */
  handover: boolean;
  /** The start under which this process was first seen: some runtimes work it out anew each time, a second off. */
  startMs: number | null;
}

/** Starts this close are one process. */
const SAME_START_MS = 2_000;
/** Visits in a row by one new process before it is believed to have taken over. */
const HANDOVER_VISITS = 4;
/** Visits without a change of process before the address counts as one process again. */
const CALM_VISITS = 20;
const REMEMBERED = 64;
/** Versions and regions that one address may tell in a session. One that changes at each visit is no version. */
const MOST_VERSIONS = 50;

/**
 * Follows which process answers at one address.
 *
 * A restart leaves a process that began after our last visit. A process that began before it, and is not the one that
 * answered then, was there all the time: a second worker, or another machine behind a balancer. Its counters have a
 * history of their own, so mixing the two would read as endless resets, each adding a worker's whole past.
 *
 * So the series follow one process, and counters of any other are left out: a wrong number is worse than none. What is
 * left is a true reading of one worker of several, and says so (quality `inferred`, notice `multi_worker`).
 * When workers cannot be told apart by their start, no counter is kept at all.
 */
export class WorkerWatch {
  /** Processes met, by the start under which each was first seen, with the start it gave last. */
  readonly #seen: { startMs: number; latestMs: number }[] = [];
  #followed: number | null = null;
  #followedAtMs = 0;
  #lastCpuSeconds: number | null = null;
  #challenger: { startMs: number; visits: number } | null = null;
  #multi = false;
  /** True while two processes with the same start take turns. */
  #alike = false;
  #calmVisits = 0;
  readonly #versions = new Set<string>();

  /** True for what a machine says it is; false once it has said too many different things. */
  believes(version: string): boolean {
    if (this.#versions.size < MOST_VERSIONS) this.#versions.add(version);
    return this.#versions.has(version);
  }

  /** Takes one good visit at `nowMs`. */
  step({ startMs: rawStartMs, skewMs, cpuSeconds }: Answerer, nowMs: number): AnswererVerdict {
    if (rawStartMs === null) return this.#verdict(true, false, null);
    const known = this.#seen.find(({ latestMs }) => Math.abs(latestMs - rawStartMs) <= SAME_START_MS);
    // Against the latest, since a start that is worked out from the uptime drifts with the clock, a little each day.
    if (known !== undefined) known.latestMs = rawStartMs;
    const startMs = known?.startMs ?? this.#remember(rawStartMs);
    if (this.#followed === null) return this.#follow(startMs, cpuSeconds, nowMs);
    if (startMs === this.#followed) return this.#sameStart(startMs, cpuSeconds, nowMs);
    if (startMs - skewMs > this.#followedAtMs - SAME_START_MS) {
      // Began after the last visit: a restart, or a worker that was replaced.
      return this.#follow(startMs, cpuSeconds, nowMs);
    }
    return this.#otherProcess(startMs, known !== undefined, cpuSeconds, nowMs);
  }

  #sameStart(startMs: number, cpuSeconds: number | null, nowMs: number): AnswererVerdict {
    const fell = cpuSeconds !== null && this.#lastCpuSeconds !== null && cpuSeconds < this.#lastCpuSeconds;
    if (this.#challenger !== null) this.#noticeTurns();
    if (fell) {
      this.#noticeTurns();
      this.#alike = true;
    }
    this.#calmVisits += 1;
    if (this.#calmVisits > CALM_VISITS) {
      this.#multi = false;
      this.#alike = false;
    }
    return this.#follow(startMs, cpuSeconds, nowMs);
  }

  #otherProcess(
    startMs: number,
    seenBefore: boolean,
    cpuSeconds: number | null,
    nowMs: number,
  ): AnswererVerdict {
    const visits = this.#challenger?.startMs === startMs ? this.#challenger.visits + 1 : 1;
    if (seenBefore && visits === 1) this.#noticeTurns();
    this.#challenger = { startMs, visits };
    const needed = this.#multi ? CALM_VISITS : HANDOVER_VISITS;
    if (visits < needed) return this.#verdict(false, !this.#multi, startMs);
    this.#multi = false;
    this.#alike = false;
    return this.#follow(startMs, cpuSeconds, nowMs);
  }

  #follow(startMs: number, cpuSeconds: number | null, nowMs: number): AnswererVerdict {
    this.#followed = startMs;
    this.#followedAtMs = nowMs;
    this.#lastCpuSeconds = cpuSeconds;
    this.#challenger = null;
    return this.#verdict(!this.#alike, false, startMs);
  }

  #noticeTurns(): void {
    this.#multi = true;
    this.#calmVisits = 0;
  }

  #remember(startMs: number): number {
    this.#seen.push({ startMs, latestMs: startMs });
    if (this.#seen.length > REMEMBERED) this.#seen.shift();
    return startMs;
  }

  #verdict(countersUsable: boolean, handover: boolean, startMs: number | null): AnswererVerdict {
    return { countersUsable, multiWorker: this.#multi, handover, startMs };
  }
}
