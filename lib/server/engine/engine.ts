import 'server-only';

/** One thing that is worked out anew from what is stored: modes, alerts, later verdicts. */
export interface EngineStep {
  name: string;
  /** Rejects with what went wrong; the next tick tries again. */
  run(nowMs: number): Promise<void>;
}

export interface EngineDeps {
  wallMs: () => number;
  /** Told of faults of our own. */
  onFault: (message: string, error: unknown) => void;
}

/** How often the engine looks; as often as the fastest sources bring something new. */
const TICK_MS = 15_000;

/**
 * Runs its steps in order at every tick, never two ticks at once: a later step may rely on what an earlier one found.
 * A step that fails is told once until it works again, and keeps no other from running.
 */
export class Engine {
  readonly #failing = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;

  constructor(
    private readonly steps: readonly EngineStep[],
    private readonly deps: EngineDeps,
  ) {}

  start(): void {
    this.#timer = setInterval(() => void this.tick(), TICK_MS);
    this.#timer.unref();
    void this.tick();
  }

  /** One round now, or the one that is under way. Never rejects. */
  tick(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Ends the ticks and waits for the round that is under way. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#running;
  }

  async #round(): Promise<void> {
    const nowMs = this.deps.wallMs();
    for (const step of this.steps) {
      try {
        await step.run(nowMs);
        this.#failing.delete(step.name);
      } catch (error) {
        if (!this.#failing.has(step.name)) this.deps.onFault(`${step.name} could not be worked out`, error);
        this.#failing.add(step.name);
      }
    }
  }
}
