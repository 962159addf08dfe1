import type { Metadata } from 'next';
import { IncidentsLive } from '@/components/live/incidents-live.tsx';
import { readScopeAddress } from '@/lib/client/scope-address.ts';
import { paramReader, type SearchParams } from '@/lib/client/search-params.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readIncidents } from '@/lib/server/queries/incidents.ts';
import { chooseScope, readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

export const metadata: Metadata = { title: 'Incidents' };

/** Incidents: what happened, in what order? What lasts comes first. */
export default async function IncidentsPage({
  searchParams,
}: Readonly<{ searchParams: Promise<SearchParams> }>) {
  await requireReader();
  const runtime = getRuntime();
  const scopes = readScopes(runtime);
  const read = paramReader(await searchParams);
  const { address } = readScopeAddress(read, scopes, chooseScope(scopes, {}));
  const view = await readIncidents(runtime, address.scope);
  return <IncidentsLive initial={view} />;
}
