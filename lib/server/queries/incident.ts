import 'server-only';
import { entriesIn } from '@/lib/core/incidents/entries-in.ts';
import { isOpen } from '@/lib/core/incidents/incident-line.ts';
import { incidentSentence } from '@/lib/core/incidents/incident-sentence.ts';
import type { ClaimView } from '@/lib/core/model/claim.ts';
import type { Incident, IncidentView } from '@/lib/core/model/incident.ts';
import { timelineRange } from '../incidents/read-facts.ts';
import type { Runtime } from '../runtime.ts';
import { toWatchView } from '../watch/watch-view.ts';
import { readIncidentNumbers } from './incident-numbers.ts';
import { readHeader, readIncidentLines, releaseOf } from './incidents.ts';
import { readScopes } from './scope.ts';

const REFRESH_MS = 15_000;
const MOST_OTHERS = 50;

/** Everything that the page of one incident shows; null where there is none of that id. */
export async function readIncident(runtime: Runtime, { id }: { id: string }): Promise<IncidentView | null> {
  const incident = (await runtime.incidents?.get(id)) ?? null;
  if (incident === null) return null;
  const { app, environment, deployId } = incident;
  const scope = { app, environment };
  const nowMs = runtime.clock.wallMs();
  const entries = entriesIn(incident.entries, timelineRange(incident, nowMs));
  const numbers = await readIncidentNumbers(runtime, incident);
  return {
    ...(await readHeader(runtime, scope, nowMs)),
    scopes: readScopes(runtime),
    incident: { ...incident, entries },
    release: releaseOf(runtime, scope, deployId),
    deployHref: deployId === null ? null : `/deploys/${encodeURIComponent(deployId)}`,
    sentence: incidentSentence(incident),
    ...numbers,
    claims: await readClaims(runtime, incident),
    others: readIncidentLines(runtime, scope)
      .filter((line) => line.id !== id && isOpen(line))
      .slice(0, MOST_OTHERS),
    refreshMs: REFRESH_MS,
  };
}

async function readClaims(runtime: Runtime, { deployId }: Incident): Promise<readonly ClaimView[]> {
  if (deployId === null) return [];
  const record = (await runtime.watches?.get(deployId)) ?? null;
  const deploy = record === null ? null : ((await runtime.deploys?.get(deployId)) ?? null);
  return record === null || deploy === null ? [] : toWatchView(runtime, deploy, record).claims;
}
