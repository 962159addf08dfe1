import 'server-only';
import { addFound, type FoundEntry } from '@/lib/core/incidents/add-entries.ts';
import * as acts from '@/lib/core/incidents/incident-acts.ts';
import { type IncidentRow, isOpen, openFromSame } from '@/lib/core/incidents/incident-line.ts';
import { mergeIncidents } from '@/lib/core/incidents/merge-incidents.ts';
import {
  type Hypothesis,
  INCIDENT_LIMITS,
  type Incident,
  type IncidentStatus,
} from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { KnownError } from '../http/guards.ts';
import type { Store } from '../store/store.ts';
import { cleanLine, cleanNote, cleanOptional } from './clean-words.ts';
import { makeIncidentId, randomTail } from './incident-id.ts';
import { IncidentShelf } from './incident-shelf.ts';

export interface IncidentBookDeps {
  store: Pick<Store, 'getState' | 'putState'>;
  wallMs: () => number;
}

/** What an incident begins as. */
export interface NewIncident {
  scope: Scope;
  by: string;
  title: string;
  startMs: number;
  origin: Incident['origin'];
  deployId: string | null;
  /** The first line of its timeline: `Opened by hand`. */
  said: string;
}

/**
 * Every incident that is known, and all that people do to one. One a process; records are written one after the other,
 * and nothing is held before it is durable. Open ones are held in memory. Text of people comes in here without its
 * secrets, whoever calls. Acts reject with a `KnownError` that says why.
 */
export class IncidentBook {
  readonly #shelf: IncidentShelf;
  readonly #open = new Map<string, Incident>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: IncidentBookDeps) {
    this.#shelf = new IncidentShelf(deps.store);
  }

  /** Reads the lists of these scopes, and the incidents that are open. */
  async load(scopes: readonly Scope[]): Promise<void> {
    for (const scope of scopes) {
      for (const row of await this.#shelf.rows(scope)) {
        if (!isOpen(row) || this.#open.has(row.id)) continue;
        const incident = await this.#shelf.get(row.id);
        if (incident !== null) this.#open.set(row.id, incident);
      }
    }
  }

  /** One incident; null when there is none. */
  async get(id: string): Promise<Incident | null> {
    return this.#open.get(id) ?? (await this.#shelf.get(id));
  }

  /** Incidents of a scope, the one that began last first. From memory. */
  rowsNow(scope: Scope): readonly IncidentRow[] {
    return this.#shelf.rowsInMemory(scope).toReversed();
  }

  /** Incidents that people work on. From memory. */
  openNow(): readonly Incident[] {
    return [...this.#open.values()];
  }

  /**
   * Opens one, or gives the open one that was opened from the same alert or deploy, or that such a one went into. `find`
   * gives what its timeline begins with.
   */
  open(
    asked: NewIncident,
    find: (incident: Incident) => Promise<readonly FoundEntry[]> = async () => [],
  ): Promise<{ incident: Incident; isNew: boolean }> {
    return this.#inTurn(async () => {
      const { scope, by, title, startMs, origin, deployId, said } = asked;
      const rows = await this.#shelf.rows(scope);
      const same = openFromSame(rows, origin);
      const known = same === null ? null : await this.get(same.id);
      if (known !== null) return { incident: known, isNew: false };
      if (rows.filter(isOpen).length >= INCIDENT_LIMITS.open)
        throw refused(`${INCIDENT_LIMITS.open} incidents are open: resolve or merge one first.`);
      const nowMs = this.deps.wallMs();
      const blank: Incident = {
        ...{ id: makeIncidentId(nowMs), app: scope.app, environment: scope.environment },
        ...{ title: cleanLine(title, INCIDENT_LIMITS.titleChars), cause: null, status: 'investigating' },
        ...{ startMs, endMs: null, openedMs: nowMs, openedBy: cleanLine(by), origin, deployId },
        ...{ entries: [], hypotheses: [], actions: [], mergedInto: null, merged: [] },
      };
      const why = acts.timesFault(blank, nowMs);
      if (why !== null) throw refused(why);
      const begun = settled(
        acts.wrote(blank, this.#act(by), {
          fact: { kind: 'status', status: 'investigating' },
          title: cleanLine(said),
          detail: null,
        }),
      );
      const incident = addFound(begun, await find(begun), nowMs);
      await this.#keep(scope, [incident]);
      return { incident, isNew: true };
    });
  }

  setStatus(id: string, by: string, status: IncidentStatus): Promise<Incident> {
    return this.#change(id, by, (incident, act) => acts.setStatus(incident, status, act));
  }

  /** Title, cause and times; what is left out stays. */
  edit(id: string, by: string, { title, cause, ...times }: acts.Head): Promise<Incident> {
    const head: acts.Head = {
      ...times,
      title: title === undefined ? undefined : cleanLine(title, INCIDENT_LIMITS.titleChars),
      cause: cause === undefined ? undefined : cleanOptional(cause),
    };
    return this.#change(id, by, (incident, act) => acts.editHead(incident, head, act));
  }

  addNote(id: string, by: string, markdown: string): Promise<Incident> {
    const text = cleanNote(markdown);
    return this.#change(id, by, (incident, act) => acts.addNote(incident, text, act));
  }

  addHypothesis(id: string, by: string, said: Pick<Hypothesis, 'text' | 'evidence'>): Promise<Incident> {
    const clean = { text: cleanLine(said.text), evidence: cleanOptional(said.evidence) };
    return this.#change(id, by, (incident, act) => acts.addHypothesis(incident, clean, act));
  }

  judgeHypothesis(
    id: string,
    by: string,
    hypothesisId: string,
    { state, evidence }: Pick<Hypothesis, 'state' | 'evidence'>,
  ): Promise<Incident> {
    const said = { state, evidence: cleanOptional(evidence) };
    return this.#change(id, by, (incident, act) => acts.judgeHypothesis(incident, hypothesisId, said, act));
  }

  addAction(
    id: string,
    by: string,
    { text, owner, dueMs }: { text: string; owner: string | null; dueMs: number | null },
  ): Promise<Incident> {
    const said = { text: cleanLine(text), owner: cleanOptional(owner), dueMs };
    return this.#change(id, by, (incident, act) => acts.addAction(incident, said, act));
  }

  doneAction(id: string, by: string, actionId: string, isDone: boolean): Promise<Incident> {
    return this.#change(id, by, (incident, act) => acts.doneAction(incident, actionId, isDone, act));
  }

  hideEntry(id: string, by: string, entryId: string): Promise<Incident> {
    return this.#change(id, by, (incident, act) => acts.setHidden(incident, entryId, true, act));
  }

  showEntry(id: string, by: string, entryId: string): Promise<Incident> {
    return this.#change(id, by, (incident, act) => acts.setHidden(incident, entryId, false, act));
  }

  /** Writes down that a copy of it was shared; false where there is no such incident, or its timeline is closed. */
  async noteShare(id: string, by: string): Promise<boolean> {
    const known = await this.get(id);
    if (known === null || known.mergedInto !== null) return false;
    await this.#change(id, by, acts.noteShare);
    return true;
  }

  /** Puts one into another; gives the other. */
  merge(id: string, by: string, intoId: string): Promise<Incident> {
    return this.#inTurn(async () => {
      const [from, into] = [await this.#must(id), await this.#must(intoId)];
      const merged = mergeIncidents(from, into, this.#act(by));
      if ('fault' in merged) throw refused(merged.fault);
      await this.#keep(into, [merged.from, merged.into]);
      return merged.into;
    });
  }

  /** Adds what was found and is not there yet; nothing is written where all of it is. */
  append(id: string, found: readonly FoundEntry[]): Promise<Incident | null> {
    return this.#inTurn(async () => {
      const known = await this.get(id);
      if (known === null || known.mergedInto !== null) return known;
      const next = addFound(known, found, this.deps.wallMs());
      if (next !== known) await this.#keep(known, [next]);
      return next;
    });
  }

  #change(
    id: string,
    by: string,
    step: (incident: Incident, act: acts.ActBy) => acts.Acted,
  ): Promise<Incident> {
    return this.#inTurn(async () => {
      const known = await this.#must(id);
      if (known.mergedInto !== null)
        throw refused('This incident went into another one and is read only: go on there.');
      const next = settled(step(known, this.#act(by)));
      if (next !== known) await this.#keep(known, [next]);
      return next;
    });
  }

  async #must(id: string): Promise<Incident> {
    const known = await this.get(id);
    if (known === null) throw new KnownError('not_found', 'There is no incident of that id.');
    return known;
  }

  #act(by: string): acts.ActBy {
    const nowMs = this.deps.wallMs();
    return { by: cleanLine(by), nowMs, key: `${nowMs}:${randomTail(6)}` };
  }

  async #keep(scope: Scope, incidents: readonly Incident[]): Promise<void> {
    await this.#shelf.put({ app: scope.app, environment: scope.environment }, incidents);
    for (const incident of incidents) {
      if (isOpen(incident)) this.#open.set(incident.id, incident);
      else this.#open.delete(incident.id);
    }
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#last.then(run, run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

function settled(acted: acts.Acted): Incident {
  if ('incident' in acted) return acted.incident;
  throw new KnownError(acted.isGone ? 'not_found' : 'bad_input', acted.fault);
}

function refused(why: string): KnownError {
  return new KnownError('bad_input', why);
}
