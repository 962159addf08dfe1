import 'server-only';
import type { IncidentFacts, WatchFact } from '@/lib/core/incidents/incident-facts.ts';
import type { Incident } from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { alignDown, DAY_MS, HOUR_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { ShelfRow } from '../deploys/deploy-shelf.ts';
import type { Runtime } from '../runtime.ts';
import { readVain } from './vain.ts';

/** Its timeline and its charts begin so long before an incident did. */
export const BEFORE_MS = HOUR_MS;
/** A watch of a deploy that began so long before may still change in the incident. */
const WATCHED_MS = 2 * DAY_MS;
const MOST_WATCHES = 20;
/** Less is the edge of a deploy, not a time in which a switch did not do what was asked. */
const LEAST_VAIN_MS = 2 * MINUTE_MS;

/** The range of an incident’s timeline: from a while before it began to its end, or to now. */
export function timelineRange(
  { startMs, endMs }: Pick<Incident, 'startMs' | 'endMs'>,
  nowMs: number,
): TimeRange {
  return { startMs: startMs - BEFORE_MS, endMs: (endMs ?? nowMs) + 1 };
}

/** Everything that the timeline of an incident is written from. */
export async function readIncidentFacts(
  runtime: Runtime,
  scope: Scope,
  range: TimeRange,
  nowMs: number,
): Promise<IncidentFacts> {
  const rows = runtime.deploys?.listNow(scope) ?? [];
  const book = runtime.alerts?.current(scope) ?? null;
  const vain = await readVain(runtime, scope, range, nowMs);
  const entries = Object.values(book?.entries ?? {});
  return {
    deploys: rows.filter(
      ({ startMs, endMs }) => startMs < range.endMs && (endMs ?? startMs) >= range.startMs,
    ),
    modes: runtime.modes?.history(scope, range) ?? [],
    vain: (vain?.stretches ?? []).filter(
      // What was so at the first look began before it, nobody knows when.
      ({ startMs, endMs }) =>
        startMs > range.startMs + MINUTE_MS && (endMs ?? nowMs) - startMs >= LEAST_VAIN_MS,
    ),
    alerts: book?.events ?? [],
    alertDetails: Object.fromEntries(
      entries.flatMap(({ id, detail, track }) =>
        detail === null || track.fired === null ? [] : [[`${id}:${track.fired.atMs}`, detail]],
      ),
    ),
    watches: await readWatches(runtime, watchedIn(runtime, rows, scope, range)),
  };
}

/** A text that changes when there may be something new to tell; from memory, for every tick. */
export function factsMark(runtime: Runtime, scope: Scope, incident: Incident): string {
  const range = timelineRange(incident, runtime.clock.wallMs());
  const rows = runtime.deploys?.listNow(scope) ?? [];
  const events = runtime.alerts?.current(scope)?.events ?? [];
  const open = runtime.watches?.openNow() ?? [];
  return JSON.stringify([
    [incident.startMs, incident.endMs],
    rows.filter(({ startMs }) => startMs >= range.startMs).map(({ id, endMs }) => [id, endMs]),
    runtime.modes?.history(scope, range).at(-1)?.atMs ?? null,
    vainMark(runtime, scope),
    [events.length, events.at(-1)?.atMs ?? null],
    watchedIn(runtime, rows, scope, range).map(
      ({ id }) => open.find(({ deployId }) => deployId === id)?.changes.length ?? 'over',
    ),
  ]);
}

/** While machines are asked in vain it is looked at again and again: it is told once it has lasted. */
function vainMark({ modes, clock }: Pick<Runtime, 'modes' | 'clock'>, scope: Scope): readonly unknown[] {
  const names = modes?.current(scope)?.askedInVain ?? [];
  return names.length === 0 ? [] : [...names, alignDown(clock.wallMs(), LEAST_VAIN_MS)];
}

function watchedIn(
  { watches }: Pick<Runtime, 'watches'>,
  rows: readonly ShelfRow[],
  scope: Scope,
  range: TimeRange,
): readonly ShelfRow[] {
  const watched = watches?.linesNow(scope) ?? new Map<string, unknown>();
  return rows
    .filter(
      ({ id, startMs }) => watched.has(id) && startMs >= range.startMs - WATCHED_MS && startMs < range.endMs,
    )
    .slice(-MOST_WATCHES);
}

async function readWatches(runtime: Runtime, rows: readonly ShelfRow[]): Promise<WatchFact[]> {
  const facts: WatchFact[] = [];
  for (const { id } of rows) {
    const record = (await runtime.watches?.get(id)) ?? null;
    const deploy = record === null ? null : ((await runtime.deploys?.get(id)) ?? null);
    if (record === null || deploy === null) continue;
    const claims = Object.fromEntries(deploy.claims.map((claim) => [claim.id, claim.text]));
    facts.push({ deployId: id, release: record.release, changes: record.changes, claims });
  }
  return facts;
}
