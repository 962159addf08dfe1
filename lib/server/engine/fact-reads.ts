import 'server-only';
import type { AlertFacts } from '@/lib/core/alerts/facts.ts';

/** Puts what was read where it belongs. */
export type PutFact = (facts: AlertFacts) => void;

/** Less than the time between two looks. */
const DEADLINE_MS = 10_000;

/**
 * Reads that are under way, by name. One that is slow keeps nobody waiting for longer than the deadline: it goes on, no
 * other of that name is begun meanwhile, and what it found is taken by the next look after its end.
 */
export class FactReads {
  readonly #underWay = new Map<string, Promise<PutFact>>();

  constructor(private readonly deadlineMs = DEADLINE_MS) {}

  /** What the read of that name found. Rejects with its error, or when it is not done in time. */
  async take(name: string, read: () => Promise<PutFact>): Promise<PutFact> {
    const running = this.#underWay.get(name) ?? read();
    this.#underWay.set(name, running);
    // It may fail while nobody waits for it.
    running.catch(() => undefined);
    const late = new Error(`it is not done within ${this.deadlineMs / 1_000} s`);
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(late), this.deadlineMs);
    });
    try {
      const put = await Promise.race([running, deadline]);
      this.#underWay.delete(name);
      return put;
    } catch (error) {
      if (error !== late) this.#underWay.delete(name);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
