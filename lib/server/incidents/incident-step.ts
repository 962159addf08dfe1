import 'server-only';
import type { Incident } from '@/lib/core/model/incident.ts';
import type { EngineStep } from '../engine/engine.ts';
import type { Runtime } from '../runtime.ts';
import { catchUp } from './catch-up.ts';
import type { IncidentBook } from './incident-book.ts';
import { factsMark } from './read-facts.ts';

export interface IncidentStepDeps {
  runtime: Runtime;
  incidents: IncidentBook;
}

/**
 * Writes the timelines of open incidents on: what is not there yet is added at each tick, and nothing else. Where nothing
 * new can have happened, nothing is read.
 */
export class IncidentStep implements EngineStep {
  readonly name = 'incidents';
  /** By incident: what the last look saw. */
  readonly #seen = new Map<string, string>();

  constructor(private readonly deps: IncidentStepDeps) {}

  async run(nowMs: number): Promise<void> {
    const open = this.deps.incidents.openNow();
    for (const id of this.#seen.keys()) if (!open.some((one) => one.id === id)) this.#seen.delete(id);
    const faults: unknown[] = [];
    for (const incident of open)
      await this.#look(incident, nowMs).catch((error: unknown) => faults.push(error));
    if (faults.length > 0) throw faults[0];
  }

  async #look(incident: Incident, nowMs: number): Promise<void> {
    const { runtime, incidents } = this.deps;
    const mark = factsMark(runtime, incident, incident);
    if (this.#seen.get(incident.id) === mark) return;
    await catchUp(runtime, incidents, incident, nowMs);
    this.#seen.set(incident.id, mark);
  }
}
