import 'server-only';
import { collectEntries } from '@/lib/core/incidents/collect-entries.ts';
import type { Head } from '@/lib/core/incidents/incident-acts.ts';
import { isBadState, type TitledClaim, verdictTitle } from '@/lib/core/incidents/incident-titles.ts';
import type { Incident, IncidentStatus } from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { KnownError } from '../http/guards.ts';
import { deployOfAlert } from '../queries/alerts.ts';
import { readScopes } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import { catchUp } from './catch-up.ts';
import type { IncidentBook, NewIncident } from './incident-book.ts';
import { readIncidentFacts, timelineRange } from './read-facts.ts';

/** What a person asks for; what is null is taken from the alert or the verdict. */
export interface AskedIncident {
  by: string;
  title: string | null;
  startMs: number | null;
  origin: Incident['origin'];
}

/**
 * Opens an incident with the timeline of what has happened so far; durable when resolved. Where one is open from the same
 * alert or deploy already, that one is given. Throws `KnownError` for what can’t be.
 */
export async function openFrom(
  runtime: Runtime,
  scope: Scope,
  asked: AskedIncident,
): Promise<{ id: string; isNew: boolean }> {
  const incidents = bookOf(runtime);
  const isWatched = readScopes(runtime).some(
    ({ app, environment }) => app === scope.app && environment === scope.environment,
  );
  if (!isWatched) throw new KnownError('not_found', 'Nothing of that app and environment is watched here.');
  const { incident, isNew } = await incidents.open(await draftOf(runtime, scope, asked), async (begun) => {
    const nowMs = runtime.clock.wallMs();
    const range = timelineRange(begun, nowMs);
    return collectEntries(await readIncidentFacts(runtime, scope, range, nowMs), range);
  });
  return { id: incident.id, isNew };
}

/** Moves one on its ladder; a resolved one has all that happened until then in its timeline. */
export async function moveTo(
  runtime: Runtime,
  { id, by, status }: { id: string; by: string; status: IncidentStatus },
): Promise<Incident> {
  const incidents = bookOf(runtime);
  const incident = await incidents.setStatus(id, by, status);
  if (status === 'resolved') await catchUp(runtime, incidents, incident, runtime.clock.wallMs());
  return incident;
}

/** Changes the head; with other times its timeline gets what happened in them, whether it is resolved or not. */
export async function editHead(
  runtime: Runtime,
  { id, by, ...head }: Head & { id: string; by: string },
): Promise<Incident> {
  const incidents = bookOf(runtime);
  const incident = await incidents.edit(id, by, head);
  const hasTimes = head.startMs !== undefined || head.endMs !== undefined;
  if (hasTimes) await catchUp(runtime, incidents, incident, runtime.clock.wallMs());
  return incident;
}

/** Incidents as they are kept. Throws `KnownError` before the server is ready. */
export function bookOf({ incidents }: Pick<Runtime, 'incidents'>): IncidentBook {
  if (incidents === undefined)
    throw new KnownError('not_ready', 'Incidents are not open yet. Try again in a moment.');
  return incidents;
}

function draftOf(runtime: Runtime, scope: Scope, asked: AskedIncident): Promise<NewIncident> {
  const { kind, ref } = asked.origin;
  switch (kind) {
    case 'hand':
      return Promise.resolve(byHand(runtime, scope, asked));
    case 'alert':
      return Promise.resolve(fromAlert(runtime, scope, asked, ref ?? ''));
    case 'verdict':
      return fromVerdict(runtime, scope, asked, ref ?? '');
    default:
      return kind satisfies never;
  }
}

function byHand({ clock }: Runtime, scope: Scope, { by, title, startMs }: AskedIncident): NewIncident {
  if (title === null) throw new KnownError('bad_input', 'Say in a few words what happens.');
  return {
    ...{ scope, by, title, startMs: startMs ?? clock.wallMs(), deployId: null },
    ...{ origin: { kind: 'hand', ref: null }, said: 'Opened by hand' },
  };
}

function fromAlert(
  runtime: Runtime,
  scope: Scope,
  { by, title, startMs }: AskedIncident,
  alertId: string,
): NewIncident {
  const entries = runtime.alerts?.current(scope)?.entries ?? {};
  const entry = Object.hasOwn(entries, alertId) ? entries[alertId] : undefined;
  if (entry === undefined) throw new KnownError('not_found', 'That alert is not open any more.');
  return {
    ...{ scope, by, title: title ?? entry.title },
    startMs: startMs ?? entry.track.fired?.atMs ?? entry.track.sinceMs,
    origin: { kind: 'alert', ref: alertId },
    deployId: deployOfAlert(runtime, scope, entry)?.id ?? null,
    said: `Opened from the alert: ${entry.title}`,
  };
}

async function fromVerdict(
  runtime: Runtime,
  scope: Scope,
  { by, title, startMs }: AskedIncident,
  deployId: string,
): Promise<NewIncident> {
  const record = (await runtime.watches?.get(deployId)) ?? null;
  const deploy = record === null ? null : ((await runtime.deploys?.get(deployId)) ?? null);
  const isOwn = record?.app === scope.app && record.environment === scope.environment;
  if (record === null || deploy === null || !isOwn)
    throw new KnownError('not_found', 'There is no watch of that deploy here.');
  const state = record.override?.state ?? record.state;
  if (!isBadState(state))
    throw new KnownError(
      'bad_input',
      'The verdict of that deploy is not a bad one: open an incident by hand.',
    );
  const claims = deploy.claims.flatMap(({ id, text }): TitledClaim[] => {
    const verdict = record.claims[id];
    return verdict === undefined ? [] : [{ text, verdict }];
  });
  return {
    ...{ scope, by, deployId, startMs: startMs ?? record.originMs },
    title: title ?? verdictTitle(record.release, state, record.reason, claims),
    origin: { kind: 'verdict', ref: deployId },
    said: `Opened from the verdict of ${record.release}`,
  };
}
