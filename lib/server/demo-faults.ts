import 'server-only';
import type { DemoFaultId, RunningFault } from '@/lib/core/model/demo-fault.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { DEMO_SCOPE, type DemoLink } from './demo-link.ts';

/** What has to be visited for a fault to be seen, and its end. */
export interface FaultPoller {
  visitNow(scope: Scope): Promise<unknown>;
}

/** A source that was refused is asked once an hour, and believed again after three good visits: nobody waits so long here. */
const VISITS_AFTER = 4;
const VISIT_PAUSE_MS = 2_000;

/**
 * Starts and ends faults of the demo, and has its sources visited as the button "Poll now" would: at once, and again
 * when a fault ends by itself.
 */
export class DemoFaults {
  readonly #ends = new Map<DemoFaultId, NodeJS.Timeout>();

  constructor(
    private readonly link: Pick<DemoLink, 'setFault' | 'runningFaults'>,
    private readonly poller: FaultPoller,
  ) {}

  running(): Promise<readonly RunningFault[]> {
    return this.link.runningFaults();
  }

  /** Gives the faults that run then; does not wait for the visits. */
  async set(id: DemoFaultId, on: boolean): Promise<readonly RunningFault[]> {
    const running = await this.link.setFault(id, on);
    clearTimeout(this.#ends.get(id));
    this.#ends.delete(id);
    const own = running.find((one) => one.id === id);
    if (own !== undefined) this.#later(id, own.endsInMs + VISIT_PAUSE_MS);
    void this.#visit(own === undefined ? VISITS_AFTER : 1);
    return running;
  }

  stop(): void {
    for (const timer of this.#ends.values()) clearTimeout(timer);
    this.#ends.clear();
  }

  #later(id: DemoFaultId, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#ends.delete(id);
      void this.#visit(VISITS_AFTER);
    }, delayMs);
    timer.unref();
    this.#ends.set(id, timer);
  }

  /** A visit that fails is written down by the poller itself. */
  async #visit(times: number): Promise<void> {
    for (let done = 0; done < times; done += 1) {
      if (done > 0) await new Promise((wake) => setTimeout(wake, VISIT_PAUSE_MS).unref());
      await this.poller.visitNow(DEMO_SCOPE).catch(() => undefined);
    }
  }
}
