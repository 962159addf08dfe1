import 'server-only';
import type { IncidentRow } from '@/lib/core/incidents/incident-line.ts';
import { incidentsSentence } from '@/lib/core/incidents/incident-sentence.ts';
import type { IncidentLine, IncidentsView } from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Runtime } from '../runtime.ts';
import { readMode } from './mode.ts';
import { chooseScope, readScopes, targetIdsOf } from './scope.ts';
import { readSources } from './sources.ts';
import { readSuspension } from './suspension.ts';

const REFRESH_MS = 15_000;
/** Years of incidents; older ones keep their page. */
const MOST_SHOWN = 500;

/** The list of incidents of one scope. */
export async function readIncidents(
  runtime: Runtime,
  asked: { app?: string | undefined; environment?: string | undefined },
): Promise<IncidentsView> {
  const nowMs = runtime.clock.wallMs();
  const scopes = readScopes(runtime);
  const scope = chooseScope(scopes, asked);
  const incidents = readIncidentLines(runtime, scope);
  return {
    ...(await readHeader(runtime, scope, nowMs)),
    scopes,
    sentence: incidentsSentence(incidents),
    incidents: incidents.slice(0, MOST_SHOWN),
    refreshMs: REFRESH_MS,
  };
}

/** Incidents of a scope, the one that began last first. From memory. */
export function readIncidentLines(
  runtime: Pick<Runtime, 'incidents' | 'deploys'>,
  scope: Scope,
): readonly IncidentLine[] {
  return (runtime.incidents?.rowsNow(scope) ?? []).map((row) => lineOf(runtime, scope, row));
}

function lineOf(
  runtime: Pick<Runtime, 'deploys'>,
  scope: Scope,
  { deployId, openedMs: _opened, origin: _origin, ...line }: IncidentRow,
): IncidentLine {
  return { ...line, release: releaseOf(runtime, scope, deployId) };
}

/** The release of a deploy of a scope; null without one, or where it left the list. From memory. */
export function releaseOf(
  { deploys }: Pick<Runtime, 'deploys'>,
  scope: Scope,
  deployId: string | null,
): string | null {
  if (deployId === null) return null;
  return deploys?.listNow(scope).find(({ id }) => id === deployId)?.release ?? null;
}

/** What every page says around its own content. */
export async function readHeader(
  runtime: Runtime,
  scope: Scope,
  nowMs: number,
): Promise<Pick<IncidentsView, 'asOfMs' | 'scope' | 'demo' | 'mode' | 'sources' | 'suspension'>> {
  const statuses = targetIdsOf(runtime, scope).flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  return {
    asOfMs: nowMs,
    scope,
    demo: runtime.config.mode === 'demo',
    mode: await readMode(runtime, statuses, nowMs),
    sources: readSources(runtime, statuses, nowMs),
    suspension: await readSuspension(runtime, scope, nowMs),
  };
}
