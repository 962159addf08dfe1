import type { Metadata } from 'next';
import { AlertsLive } from '@/components/live/alerts-live.tsx';
import { readAlertsAddress } from '@/lib/client/alerts-address.ts';
import { paramReader, type SearchParams } from '@/lib/client/search-params.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readAlerts } from '@/lib/server/queries/alerts.ts';
import { chooseScope, readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

export const metadata: Metadata = { title: 'Alerts' };

/** Alerts: what needs a person now, what each rule looked at when it fired, and what happened since. */
export default async function AlertsPage({
  searchParams,
}: Readonly<{ searchParams: Promise<SearchParams> }>) {
  await requireReader();
  const runtime = getRuntime();
  const scopes = readScopes(runtime);
  const read = paramReader(await searchParams);
  const { address } = readAlertsAddress(read, scopes, chooseScope(scopes, {}));
  const view = await readAlerts(runtime, { ...address.scope, selected: address.selected });
  return <AlertsLive initial={view} initialAddress={address} />;
}
