/** What this server itself was asked to do, beside the traffic of the story. Begins again with each run. */
export class Served {
  readonly calls = new Map<string, number>();
  readonly rejected = new Map<string, number>();
  readonly failed = new Map<string, number>();
  readonly errors = new Map<string, number>();
  hits = 0;
  misses = 0;
  connections = 0;

  add(counts: Map<string, number>, name: string): void {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  total(counts: ReadonlyMap<string, number>): number {
    let sum = 0;
    for (const count of counts.values()) sum += count;
    return sum;
  }
}
