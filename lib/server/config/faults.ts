import 'server-only';
import type { ConfigFault } from './types.ts';

/** Enough to mend a file by; a file with more is not one that a person wrote. */
const MAX_FAULTS = 200;

/** Gathers faults, so that a person sees all of them at once. A fault never holds a configured value. */
export class FaultList {
  readonly #faults = new Map<string, ConfigFault>();

  add(where: string, line: number | null, message: string): void {
    if (this.#faults.size >= MAX_FAULTS) return;
    this.#faults.set(`${where}:${line}:${message}`, { where, line, message });
  }

  get size(): number {
    return this.#faults.size;
  }

  /** By place: variables first, then the file from top to bottom. */
  sorted(): ConfigFault[] {
    return [...this.#faults.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }
}

/** One line each: `afterwatch.yml:12: sources[0].url: must begin with redis:// or rediss://`. */
export function describeFaults(faults: readonly ConfigFault[]): string {
  return faults.map((f) => `${f.where}${f.line === null ? '' : `:${f.line}`}: ${f.message}`).join('\n');
}
