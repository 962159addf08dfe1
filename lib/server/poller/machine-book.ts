import 'server-only';
import { z } from 'zod';
import { type Scope, type TargetId, targetId } from '@/lib/core/model/target.ts';
import type { MarkView } from '@/lib/core/model/view.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { machineTargets } from '../collectors/fly/machine-targets.ts';
import type { FlyMachine } from '../collectors/fly/machines.ts';
import type { FlyTarget, Target } from '../config/types.ts';
import type { Store } from '../store/store.ts';
import type { Poller } from './poller.ts';

const changeSchema = z.strictObject({
  machine: z.string().max(64),
  what: z.enum(['started', 'stopped']),
  atMs: z.number(),
});
type Change = z.output<typeof changeSchema>;
const pageSchema = z.strictObject({
  /** Machines that ran at the latest look; null before the first one. */
  running: z.array(z.string().max(64)).nullable(),
  changes: z.array(changeSchema),
});
type Page = z.output<typeof pageSchema>;

/** Older changes are forgotten: a fleet that scales by the minute has some a thousand a day. */
const MOST_CHANGES = 2_000;

export interface MachineBookDeps {
  /** All that are watched; found ones are added and taken away in place, so that every reader sees them. */
  targets: Target[];
  poller: () => Pick<Poller, 'setFound'>;
  store: Pick<Store, 'getState' | 'putState'>;
  onFault: (message: string, error: unknown) => void;
}

/** What is known of machines that come and go: their targets, and when each began and ceased to run. */
export class MachineBook {
  readonly #pages = new Map<TargetId, Page>();
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly deps: MachineBookDeps) {}

  /** Reads what earlier processes have seen. */
  async load(): Promise<void> {
    for (const target of this.deps.targets) {
      if (target.kind !== 'fly' || target.scrape == null) continue;
      const id = targetId(target);
      const parsed = pageSchema.safeParse(await this.deps.store.getState(keyOf(id)));
      if (parsed.success) this.#pages.set(id, parsed.data);
    }
  }

  /** Takes in a list of machines as a Fly source has just read it. */
  see(source: FlyTarget, machines: readonly FlyMachine[], atMs: number): void {
    if (source.scrape == null) return;
    const id = targetId(source);
    const found = machineTargets(source, machines);
    this.#replaceTargets(id, found);
    this.deps.poller().setFound(id, found);
    this.#note(id, machines, atMs);
  }

  /** When machines of a scope started and stopped, as marks on its charts. */
  marks({ app, environment }: Scope, range: TimeRange): MarkView[] {
    return this.deps.targets.flatMap((target): MarkView[] => {
      if (target.kind !== 'fly' || target.app !== app || target.environment !== environment) return [];
      const { changes } = this.#pages.get(targetId(target)) ?? { changes: [] };
      return changes
        .filter(({ atMs }) => atMs >= range.startMs && atMs < range.endMs)
        .map((change) => markOf(target.name, change));
    });
  }

  /** Waits until everything is written down. */
  async stop(): Promise<void> {
    await this.#writing;
  }

  #replaceTargets(source: TargetId, found: readonly Target[]): void {
    const { targets } = this.deps;
    const own = new Set(found.map(targetId));
    const kept = targets.filter(
      (target) => !(target.kind === 'app' && target.machine?.source === source) && !own.has(targetId(target)),
    );
    targets.splice(0, targets.length, ...kept, ...found);
  }

  #note(id: TargetId, machines: readonly FlyMachine[], atMs: number): void {
    const before = this.#pages.get(id) ?? { running: null, changes: [] };
    // A machine whose host is silent, or that is on its way, is taken to be as it was.
    const unsure = new Set(
      machines
        .filter(({ state, hostOk }) => !hostOk || state === 'unknown' || state === 'changing')
        .map((one) => one.id),
    );
    const running = machines
      .filter(({ state, hostOk, id: machine }) =>
        unsure.has(machine) ? (before.running ?? []).includes(machine) : state === 'started' && hostOk,
      )
      .map((one) => one.id);
    const changes = before.running === null ? [] : changesOf(before.running, running, atMs);
    if (before.running !== null && changes.length === 0) return;
    const page = { running, changes: [...before.changes, ...changes].slice(-MOST_CHANGES) };
    this.#pages.set(id, page);
    this.#writing = this.#writing
      .then(() => this.deps.store.putState({ [keyOf(id)]: page }))
      .catch((error: unknown) => this.deps.onFault('comings and goings of machines were not saved', error));
  }
}

function changesOf(before: readonly string[], now: readonly string[], atMs: number): Change[] {
  const started = now.filter((machine) => !before.includes(machine));
  const stopped = before.filter((machine) => !now.includes(machine));
  return [
    ...started.map((machine) => ({ machine, what: 'started', atMs }) as const),
    ...stopped.map((machine) => ({ machine, what: 'stopped', atMs }) as const),
  ];
}

function markOf(source: string, { machine, what, atMs }: Change): MarkView {
  return {
    id: `${source}/${machine}/${what}/${atMs}`,
    release: `${machine} ${what}`,
    kind: 'scale',
    startMs: atMs,
    endMs: atMs,
    rolled: null,
    minor: true,
    href: null,
  };
}

function keyOf(id: TargetId): string {
  return `machines/${id}`;
}
