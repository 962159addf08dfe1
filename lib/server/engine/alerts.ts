import 'server-only';
import { randomBytes } from 'node:crypto';
import { acknowledge, endMaintenance, planMaintenance, silence, wake } from '@/lib/core/alerts/alert-acts.ts';
import { type AlertBook, stepLook } from '@/lib/core/alerts/alert-book.ts';
import { lookAround } from '@/lib/core/alerts/look.ts';
import { type Maintenance, maintenanceFault } from '@/lib/core/alerts/maintenance.ts';
import { type AlertSettings, DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { type Sparks, sparkOf, stepSparks } from '@/lib/core/alerts/sparks.ts';
import { type Scope, scopesOf, targetId } from '@/lib/core/model/target.ts';
import { readAlertFacts } from './alert-facts.ts';
import type { AlertNotices } from './alert-notices.ts';
import { AlertShelf } from './alert-shelf.ts';
import type { EngineStep } from './engine.ts';
import { FactReads } from './fact-reads.ts';
import type { FactDeps } from './facts/fact-reader.ts';

export interface AlertDeps extends FactDeps {
  settings?: AlertSettings;
  /** Told of facts that could not be read, once until they can be again. */
  onFault?: (message: string, error: unknown) => void;
}

/** What a person does to an alert. `untilMs` is the end of a silence. */
export type AlertAct = { kind: 'acknowledge' } | { kind: 'silence'; untilMs: number } | { kind: 'wake' };

interface Fault {
  what: string;
  error: unknown;
}

/** A window that somebody asks for. */
export type NewMaintenance = Pick<Maintenance, 'startMs' | 'endMs' | 'reason' | 'rules' | 'by'>;

/**
 * Evaluates the alert rules of every scope at each tick. All of it is in the store, so that a restart neither fires again
 * what fires nor forgets who took it up or whom it told.
 */
export class AlertStep implements EngineStep, AlertNotices {
  readonly name = 'Alerts';
  readonly settings: AlertSettings;
  readonly #shelf: AlertShelf;
  readonly #sparks = new Map<string, Sparks>();
  readonly #reads = new FactReads();
  readonly #failing = new Map<string, ReadonlySet<string>>();

  constructor(private readonly deps: AlertDeps) {
    this.settings = deps.settings ?? DEFAULT_ALERT_SETTINGS;
    this.#shelf = new AlertShelf(deps.store, deps.onFault);
  }

  async run(nowMs: number): Promise<void> {
    const faults: unknown[] = [];
    for (const scope of scopesOf(this.deps.config.targets))
      await this.#look(scope, nowMs).catch((error: unknown) => faults.push(error));
    if (faults.length > 0) throw faults[0];
  }

  /** Reads the alerts of a scope as they are kept, where no tick of this process evaluates them. */
  open(scope: Scope): Promise<void> {
    return this.#shelf.open(scope);
  }

  /** The alerts of a scope as the last tick or act left them; null before the first tick. */
  current(scope: Scope): AlertBook | null {
    return this.#shelf.current(scope);
  }

  onNotice(run: (scope: Scope) => void): () => void {
    return this.#shelf.onNotice(run);
  }

  /** How near an alert was to its trigger in each minute of the last hour, oldest first; null where nothing was known. */
  spark(scope: Scope, id: string, nowMs: number): readonly (number | null)[] {
    return sparkOf(this.#sparks.get(nameOf(scope)) ?? {}, id, nowMs);
  }

  /** Resolves once it is durable: false when no such alert is open. */
  act(scope: Scope, id: string, act: AlertAct, by: string | null, nowMs: number): Promise<boolean> {
    return this.#update(scope, nowMs, (book) => applied(book, id, act, by, nowMs));
  }

  /** Plans a window; durable when resolved. A text says why it cannot be; null where the scope is not watched. */
  async planMaintenance(
    scope: Scope,
    asked: NewMaintenance,
    nowMs: number,
  ): Promise<Maintenance | string | null> {
    let fault: string | null = null;
    const window: Maintenance = { ...asked, id: randomBytes(12).toString('base64url'), createdMs: nowMs };
    const isPlanned = await this.#update(scope, nowMs, (book) => {
      fault = maintenanceFault(asked, book.maintenance, nowMs);
      return fault === null ? planMaintenance(book, window, nowMs) : null;
    });
    return isPlanned ? window : fault;
  }

  /** Ends a window, or calls it off; durable when resolved. False when none of that id runs or is to come. */
  endMaintenance(scope: Scope, id: string, nowMs: number): Promise<boolean> {
    return this.#update(scope, nowMs, (book) => endMaintenance(book, id, nowMs));
  }

  async #update(scope: Scope, nowMs: number, step: (book: AlertBook) => AlertBook | null): Promise<boolean> {
    // What a caller names is kept only where it is something that we watch.
    if (!scopesOf(this.deps.config.targets).some((known) => nameOf(known) === nameOf(scope))) return false;
    return this.#shelf.update(scope, nowMs, step);
  }

  async #look(scope: Scope, nowMs: number): Promise<void> {
    const { deps, settings } = this;
    const statuses = deps.config.targets
      .filter(({ app, environment }) => app === scope.app && environment === scope.environment)
      .flatMap((target) => deps.poller.status(targetId(target), nowMs) ?? []);
    await this.#shelf.open(scope);
    const { facts, unread, faults } = await readAlertFacts({ deps, scope, statuses }, nowMs, {
      reads: this.#reads,
    });
    const broken: Fault[] = faults.map(({ part, error }) => ({ what: `${part} could not be read`, error }));
    const look = lookAround(facts, settings, unread, (rule, error) =>
      broken.push({ what: `the rule ${rule} failed`, error }),
    );
    this.#report(scope, broken);
    const key = nameOf(scope);
    this.#sparks.set(key, stepSparks(this.#sparks.get(key) ?? {}, look.seen, nowMs));
    // What a person did while the facts were read is in the book by now.
    await this.#shelf.update(scope, nowMs, (book) => stepLook(book, look, facts, settings));
  }

  /** A fault is told when it begins. */
  #report(scope: Scope, faults: readonly Fault[]): void {
    const key = nameOf(scope);
    const before = this.#failing.get(key) ?? new Set();
    for (const { what, error } of faults)
      if (!before.has(what)) this.deps.onFault?.(`alerts: ${what}`, error);
    this.#failing.set(key, new Set(faults.map(({ what }) => what)));
  }
}

function applied(
  book: AlertBook,
  id: string,
  act: AlertAct,
  by: string | null,
  nowMs: number,
): AlertBook | null {
  switch (act.kind) {
    case 'acknowledge':
      return acknowledge(book, id, by, nowMs);
    case 'silence':
      return silence(book, id, act.untilMs, by, nowMs);
    case 'wake':
      return wake(book, id, by, nowMs);
    default:
      return act satisfies never;
  }
}

function nameOf({ app, environment }: Scope): string {
  return `${app}/${environment}`;
}
