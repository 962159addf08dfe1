import 'server-only';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { RawEvent, RawMachine } from './schema.ts';

/** Why a machine's process ended. Closed set; `requested` by a person, a deploy or auto-stop. */
export const EXIT_REASONS = ['oom', 'crash', 'requested', 'clean', 'unknown'] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** The reason of an event of type `exit`; null for other events. */
export function exitReason({ type, request }: RawEvent): ExitReason | null {
  if (type !== 'exit') return null;
  const exit = request?.exit_event ?? request?.MonitorEvent?.exit_event ?? null;
  if (exit === null) return 'unknown';
  if (exit.oom_killed === true) return 'oom';
  if (exit.requested_stop === true) return 'requested';
  const code = exit.guest_exit_code ?? exit.exit_code ?? null;
  if (code === null) return 'unknown';
  return code === 0 ? 'clean' : 'crash';
}

/** Events carry Fly's time, visits ours. */
const CLOCKS_APART_MS = 30_000;

/**
 * Counts ends of processes from the events that Fly lists, each once. A list holds the newest few only, so what came
 * before our first visit is not counted, and neither is what fell off the list between two visits.
 */
export class ExitCounter {
  readonly #seen = new Map<string, Set<string>>();
  readonly #counts = new Map<string, Map<ExitReason, number>>();
  #sinceMs: number | null = null;
  #visits = 0;

  step(machines: readonly RawMachine[], ids: ReadonlySet<string>, nowMs: number): Sample[] {
    this.#visits += 1;
    for (const { id, events } of machines) {
      if (!ids.has(id)) continue;
      const before = this.#seen.get(id);
      // While its host is silent a machine comes without its list, which is no empty one.
      if (!events) continue;
      const keys = new Set<string>();
      const counts = this.#counts.get(id) ?? new Map<ExitReason, number>();
      this.#counts.set(id, counts);
      for (const event of events) {
        const key = `${event.type} ${event.timestamp}`;
        const reason = exitReason(event);
        keys.add(key);
        if (reason === null) continue;
        // A machine that we meet later than the rest was made since: all of its events are new.
        const isNew = before === undefined ? this.#visits > 1 : !before.has(key);
        if (isNew && event.timestamp >= (this.#sinceMs ?? nowMs) - CLOCKS_APART_MS) {
          counts.set(reason, (counts.get(reason) ?? 0) + 1);
        }
      }
      this.#seen.set(id, keys);
    }
    for (const id of this.#seen.keys()) if (!ids.has(id)) this.#forget(id);
    const first = this.#sinceMs === null;
    this.#sinceMs ??= nowMs;
    // The count begins just after the first visit, so that what the next one adds lies inside it.
    return first ? [] : this.#samples(this.#sinceMs + 1);
  }

  #samples(startMs: number): Sample[] {
    const start = { marker: `counted ${startMs}`, atMs: startMs };
    return [...this.#counts].flatMap(([machine, counts]) =>
      EXIT_REASONS.map((reason): Sample => {
        const value = counts.get(reason) ?? 0;
        return { metric: 'fly_machine_exits_total', labels: { machine, reason }, value, start };
      }),
    );
  }

  #forget(id: string): void {
    this.#seen.delete(id);
    this.#counts.delete(id);
  }
}
