import 'server-only';
import type { ScrapeError } from '../collector.ts';
import type { Part } from './errors.ts';

/** A part that was refused is asked again once an hour: a person has to mend it, and each try is noise at Fly. */
const REFUSED_MS = 3_600_000;

/** Holds off single parts of a visit, so that one that is refused or limited does not take the others with it. */
export class PartGates {
  readonly #held = new Map<Part, { error: ScrapeError; untilMs: number }>();

  /** The error for which a part is not asked now; null when it may be. */
  heldBy(part: Part, nowMs: number): ScrapeError | null {
    const held = this.#held.get(part);
    return held !== undefined && nowMs < held.untilMs ? held.error : null;
  }

  passed(part: Part): void {
    this.#held.delete(part);
  }

  /** When nothing at all could be read, the whole visit is held off elsewhere, and a person may ask at once. */
  clear(): void {
    this.#held.clear();
  }

  failed(part: Part, error: ScrapeError, nowMs: number): void {
    const refused = error.kind === 'auth' || error.kind === 'grant';
    const waitMs = refused ? REFUSED_MS : (error.retryAfterMs ?? 0);
    this.#held.set(part, { error, untilMs: nowMs + waitMs });
  }
}
